// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Every reading checks the store against itself: the columns of a run against their digest; the
// verdict, the figures and the dates in them against the head of the run's report; each document
// and text against its digest. That finds an edit. It does not prove who wrote the store: whoever
// can write it can write all of its digests, too.

// ErrChanged is wrapped by what says that a run is not as it was saved.
var ErrChanged = errors.New("changed after it was saved")

// Intact returns an error that names the runs which are not as they were saved, and what of them;
// nil if there is none.
func Intact(runs []Run) error {
	var all []error
	for i := range runs {
		if err := runs[i].intact(); err != nil {
			all = append(all, fmt.Errorf("run %d: %w", runs[i].Number, err))
		}
	}
	return errors.Join(all...)
}

func (r *Run) intact() error {
	if len(r.Changed) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrChanged, strings.Join(r.Changed, "; "))
}

// putDigest notes the digest of a run's row, as the row is now.
func putDigest(ctx context.Context, tx *sql.Tx, number int64) error {
	row := newReading()
	if err := tx.QueryRowContext(ctx, `SELECT `+digested+` FROM pataudit_runs r
		JOIN pataudit_organizations o ON o.number = r.organization
		WHERE r.number = $1`, number).Scan(row.columns(&Run{})...); err != nil {
		return err
	}
	if len(row.changed) > 0 {
		return errors.New(strings.Join(row.changed, "; "))
	}
	_, err := tx.ExecContext(ctx, `UPDATE pataudit_runs SET row_digest = $2 WHERE number = $1`,
		number, row.digest())
	return err
}

// Problem is something in the store that is not as it was saved.
type Problem struct {
	// Organization is the login of that of which something beside its runs was changed; "" if it
	// is a run.
	Organization string

	Run  int64  // its number
	Last int64  // of several that are missing one after the other; 0: it is one
	What string // what is wrong with it; "" if it is missing
}

// Missing reports whether the run is not there, and was not pruned.
func (p *Problem) Missing() bool { return p.What == "" }

// Check looks for what is not as it was saved in the columns of all runs and organizations, and,
// if told, in the documents of the runs, what they were judged by, and the tables beside them; and
// for runs that are missing: they were saved, are not there, and were not pruned.
func (s *Store) Check(ctx context.Context, documents bool) (all []Problem, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if all, err = missing(ctx, tx); err != nil {
			return err
		}
		tables := digestedTables()
		if !documents {
			tables = nil // what audits recall is looked at then
		}
		changed, err := changedTables(ctx, tx, 0, tables...)
		if err != nil {
			return err
		}
		for _, c := range changed {
			all = append(all, Problem{
				Organization: c.organization,
				What:         "its rows in " + c.table + " are not those of their digest",
			})
		}
		if !documents {
			return each(ctx, tx, func(rows *sql.Rows) error {
				run, err := scanRun(rows)
				all = append(all, problemsOf(&run)...)
				return err
			}, runsWith("NULL")+"ORDER BY r.number")
		}
		numbers, err := numbersOf(ctx, tx, `SELECT number FROM pataudit_runs ORDER BY number`)
		if err != nil {
			return err
		}
		for _, number := range numbers {
			problems, err := checkRun(ctx, tx, number)
			if err != nil {
				return err
			}
			all = append(all, problems...)
		}
		return nil
	})
	return all, s.failed("checking", err)
}

func problemsOf(run *Run) (all []Problem) {
	for _, what := range run.Changed {
		all = append(all, Problem{Run: run.Number, What: what})
	}
	return all
}

// checkRun lists what of a run and its documents is not as it was saved.
func checkRun(ctx context.Context, q querier, number int64) ([]Problem, error) {
	runs, err := readRuns(ctx, q, `WHERE r.number = $1`, number)
	if err != nil || len(runs) == 0 {
		return nil, err
	}
	run := &runs[0]
	if len(run.Changed) > 0 {
		return problemsOf(run), nil // by columns that are changed nothing else is to be read
	}
	for _, read := range []func() error{
		func() error { _, err := readReport(ctx, q, run); return err },
		func() error { _, err := readSnapshot(ctx, q, run); return err },
		func() error { _, err := readMemory(ctx, q, run); return err },
		func() error { _, err := readCriteria(ctx, q, run); return err },
	} {
		err := read()
		switch {
		case errors.Is(err, ErrChanged), errors.Is(err, ErrNotFound):
			run.Changed = append(run.Changed, err.Error())
		case err != nil:
			return nil, err
		}
	}
	return problemsOf(run), nil
}

// Missing lists the runs that were saved, are not there, and were not pruned.
func (s *Store) Missing(ctx context.Context) (all []Problem, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if all, err = missing(ctx, tx); err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(p Problem) bool { return !p.Missing() })
		return nil
	})
	return all, s.failed("looking for runs that are missing", err)
}

// missing lists the numbers that were given to runs which are neither there nor pruned, and those
// of runs that are there and should not be.
func missing(ctx context.Context, q querier) (all []Problem, err error) {
	before, last := int64(0), int64(0)
	note := func(until int64) {
		switch {
		case before+2 == until:
			all = append(all, Problem{Run: before + 1})
		case before+2 < until:
			all = append(all, Problem{Run: before + 1, Last: until - 1})
		}
		before = max(before, until)
	}
	if err := each(ctx, q, func(rows *sql.Rows) error {
		var number int64
		err := rows.Scan(&number)
		note(number)
		return err
	}, `SELECT number FROM pataudit_runs UNION SELECT number FROM pataudit_pruned
		ORDER BY number`); err != nil {
		return nil, err
	}
	if err := q.QueryRowContext(ctx, `SELECT last_run FROM pataudit_schema`).Scan(&last); err != nil {
		return nil, err
	}
	if before > last {
		all = append(all, Problem{
			Run: before, What: fmt.Sprintf("the last run that was saved is run %d", last),
		})
	}
	note(last + 1)
	err = each(ctx, q, func(rows *sql.Rows) error {
		again := Problem{What: "it was pruned, and is there again"}
		err := rows.Scan(&again.Run)
		all = append(all, again)
		return err
	}, `SELECT number FROM pataudit_runs WHERE number IN (SELECT number FROM pataudit_pruned)
		ORDER BY number`)
	return all, err
}
