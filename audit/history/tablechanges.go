// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// changedTables lists the tables in which rows are not those of their digest: rows of the
// organization with a number, or with 0 of all; and the organizations that are not as they were.
func changedTables(
	ctx context.Context, q querier, only int64, tables ...*target,
) (all []*changedTable, err error) {
	organizations, err := organizationRows(ctx, q)
	if err != nil {
		return nil, err
	}
	note := func(number int64, table string, sum rowsDigest) {
		o := organizations[number]
		if o == nil {
			o = &organizationRow{login: text(fmt.Sprintf("organization %d", number))}
		}
		if !o.has(table, sum) {
			all = append(all, &changedTable{string(o.login), table})
		}
	}
	numbers := slices.Sorted(maps.Keys(organizations))
	for _, number := range numbers { // by which rows are chosen
		note(number, organizationsTable, organizations[number].own)
	}
	condition, args := "", []any(nil)
	if only != 0 {
		condition, args, numbers = "WHERE organization = $1", []any{only}, []int64{only}
	}
	for _, table := range tables {
		sums, err := table.digests(ctx, q, condition, args...)
		if err != nil {
			return nil, err
		}
		for _, number := range numbers {
			note(number, table.table, sums[number])
			delete(sums, number)
		}
		for _, number := range slices.Sorted(maps.Keys(sums)) { // of none that is there
			note(number, table.table, sums[number])
		}
	}
	return all, nil
}

// changedTable is the error for a table whose rows of an organization are not as they were saved.
type changedTable struct{ organization, table string }

func (c *changedTable) Error() string {
	return fmt.Sprintf("what %s has of %s was %v: nothing is judged with it, nor pruned; "+
		"`pataudit history check` tells all, and the way out is a copy of the history from before",
		c.table, c.organization, ErrChanged)
}

func (c *changedTable) Unwrap() error { return ErrChanged }

// tablesIntact returns an error that names what changedTables lists; nil if that is nothing.
func tablesIntact(ctx context.Context, q querier, only int64, tables ...*target) error {
	changed, err := changedTables(ctx, q, only, tables...)
	all := []error{err}
	for _, c := range changed {
		all = append(all, c)
	}
	return errors.Join(all...)
}

// numberOf returns the number of the organization with an identity; 0 if there is none.
func numberOf(ctx context.Context, q querier, identity text) (number int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT number FROM pataudit_organizations WHERE identity = $1`,
		identity).Scan(&number)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return number, err
}

// identityIntact is tablesIntact for the organization with an identity. One that is not there has
// no rows.
func identityIntact(ctx context.Context, q querier, identity text, tables ...*target) error {
	number, err := numberOf(ctx, q, identity)
	if err == nil && number == 0 {
		tables = nil
	}
	return errors.Join(err, tablesIntact(ctx, q, number, tables...))
}

// change runs one transaction, which no other one that writes goes beside, and which changes what
// is remembered of any organization: only if all of that is as it was saved, and with new digests.
func (s *Store) change(
	ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error,
) error {
	return s.write(ctx, s.engine.alone, func(ctx context.Context, tx *sql.Tx) error {
		if err := tablesIntact(ctx, tx, 0, digestedTables()...); err != nil {
			return err
		}
		if err := do(ctx, tx); err != nil {
			return err
		}
		return digestTables(ctx, tx)
	})
}

// digestTables writes the digests of all organizations, of the rows as they are now.
func digestTables(ctx context.Context, tx *sql.Tx) error {
	organizations, err := organizationRows(ctx, tx)
	if err != nil {
		return err
	}
	for _, o := range organizations {
		o.digests = tableDigests{organizationsTable: o.own}
	}
	for _, table := range digestedTables() {
		sums, err := table.digests(ctx, tx, "")
		if err != nil {
			return err
		}
		for number, sum := range sums {
			if o := organizations[number]; o != nil {
				o.digests[table.table] = sum
			}
		}
	}
	for _, o := range organizations {
		if err := o.write(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}
