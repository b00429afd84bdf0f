// SPDX-License-Identifier: Apache-2.0

package history

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"

	"github.com/complytime/pataudit/audit"
)

// organizationsTable is the table of organizations, with the digests of their rows in other
// tables.
const organizationsTable = "pataudit_organizations"

// organizationRow is an organization with the digests of what is remembered of it.
type organizationRow struct {
	number  int64
	login   text
	own     rowsDigest // of the row, as it is
	digests tableDigests
	err     error // they cannot be read
}

// organizationColumns are those of the row that its digest is of, and that.
const organizationColumns = `number, login, table_digests, login, identity, host, id, folded`

func (o *organizationRow) scan(scan func(...any) error) error {
	var row rowBytes
	var login, digests string
	if err := scan(&o.number, &login, &digests, &row, &row, &row, &row, &row); err != nil {
		return err
	}
	o.own, o.digests = row.digest(), tableDigests{}
	o.err = errors.Join(o.login.Scan(login), asJSON[tableDigests]{&o.digests}.Scan(digests))
	return nil
}

// digestOfRow returns the digest of a row that is to be written.
func digestOfRow(columns []any) (rowsDigest, error) {
	var row rowBytes
	for _, column := range columns {
		if valuer, is := column.(driver.Valuer); is {
			stored, err := valuer.Value()
			if err != nil {
				return rowsDigest{}, err
			}
			column = stored
		}
		_ = row.Scan(column) // it takes all
	}
	return row.digest(), nil
}

// lockAll finds or enters the organizations of runs. Their rows are locked from here on: two that
// save the same organization come one after the other. They are locked in the same order by all,
// so that of two that save several, none waits for one that waits for it.
func lockAll(
	ctx context.Context, tx *sql.Tx, runs []*Prepared,
) (organizations []*organizationRow, err error) {
	order := make([]int, len(runs))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Compare(identity(runs[a].entry.Run.Organization),
			identity(runs[b].entry.Run.Organization))
	})
	organizations = make([]*organizationRow, len(runs))
	byIdentity := map[text]*organizationRow{} // several runs may be of one
	for _, i := range order {
		o := runs[i].entry.Run.Organization
		row := byIdentity[identity(o)]
		if row == nil {
			if row, err = enter(ctx, tx, o); err != nil {
				return nil, err
			}
			byIdentity[identity(o)] = row
		}
		organizations[i] = row
	}
	return organizations, nil
}

// enter finds an organization, or enters it. Its row is locked until the transaction ends.
func enter(
	ctx context.Context, tx *sql.Tx, o *audit.Organization,
) (*organizationRow, error) {
	columns := []any{text(o.Login), identity(o), folded(o.Host), o.ID, folded(o.Login)}
	own, err := digestOfRow(columns)
	if err != nil {
		return nil, err
	}
	row, digests := &organizationRow{}, tableDigests{organizationsTable: own}
	if err := row.scan(tx.QueryRowContext(ctx, `
		INSERT INTO pataudit_organizations (login, identity, host, id, folded, table_digests)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (identity) DO UPDATE SET identity = excluded.identity
		RETURNING `+organizationColumns,
		append(columns, asJSON[tableDigests]{&digests})...).Scan); err != nil {
		return nil, err
	}
	if !row.has(organizationsTable, row.own) {
		return nil, &changedTable{o.Login, organizationsTable}
	}
	return row, nil
}

// rename calls the organization by another login.
func (o *organizationRow) rename(ctx context.Context, tx *sql.Tx, login string) error {
	renamed := &organizationRow{}
	err := renamed.scan(tx.QueryRowContext(ctx, `
		UPDATE pataudit_organizations SET login = $2, folded = $3 WHERE number = $1
		RETURNING `+organizationColumns, o.number, text(login), folded(login)).Scan)
	o.digests[organizationsTable] = renamed.own
	return err
}

// has reports whether the organization's rows in a table are those of their digest, by their sum.
func (o *organizationRow) has(table string, sum rowsDigest) bool {
	return o.err == nil && o.digests[table] == sum
}

// organizationRows reads all organizations, by their numbers.
func organizationRows(ctx context.Context, q querier) (map[int64]*organizationRow, error) {
	all := map[int64]*organizationRow{}
	err := each(ctx, q, func(rows *sql.Rows) error {
		o := &organizationRow{}
		err := o.scan(rows.Scan)
		all[o.number] = o
		return err
	}, "SELECT "+organizationColumns+" FROM "+organizationsTable)
	return all, err
}

// write writes the digests.
func (o *organizationRow) write(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE pataudit_organizations SET table_digests = $2
		WHERE number = $1`, o.number, asJSON[tableDigests]{&o.digests})
	return err
}
