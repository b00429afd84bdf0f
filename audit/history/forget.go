// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// forgotten stands where a person's login was.
const forgotten = "(forgotten)"

// Words are what a run keeps in words that others wrote, or that quote them.
type Words struct {
	Report, Snapshot *Document
	Incomplete       audit.Gaps // why it is not complete
	Coverage         []audit.Coverage
	Batch            string
	Criteria         *audit.Criteria // what it was judged by
}

// Forget takes a person out of everything, in one transaction: in the tables, the logins and the
// ids, and the names of the tokens; in the words of each run, whatever rewrite takes out of them.
// It returns how many runs were changed.
//
// The digests of the evidence stay: they are of what was judged, and no longer of what is kept. A
// person who owns tokens still is known again after the next run.
func (s *Store) Forget(
	ctx context.Context, logins []string, rewrite func(*Words) error,
) (n int, err error) {
	err = s.change(ctx, func(ctx context.Context, tx *sql.Tx) error {
		n = 0
		if err := forgetTokens(ctx, tx, logins); err != nil {
			return err
		}
		numbers, err := numbersOf(ctx, tx, `SELECT run FROM pataudit_documents ORDER BY run`)
		if err != nil {
			return err
		}
		for _, number := range numbers {
			changed, err := rewriteRun(ctx, tx, number, rewrite)
			if err != nil {
				return fmt.Errorf("run %d: %w", number, err)
			}
			if changed {
				n++
			}
		}
		_, err = tx.ExecContext(ctx, deleteUnusedTexts)
		return err
	})
	if err == nil {
		err = s.wipe(ctx)
	}
	if err != nil {
		return n, s.failed("forgetting", err)
	}
	return n, nil
}

// Words returns the words of a run, as [Store.Forget] hands them out.
func (s *Store) Words(ctx context.Context, number int64) (w *Words, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		w, err = readWords(ctx, tx, number)
		return err
	})
	return w, s.failed(fmt.Sprintf("run %d", number), err)
}

// Owners lists who owns the tokens that the tables know, in the order of their ids. One who was
// forgotten has the id 0.
func (s *Store) Owners(ctx context.Context) (owners []audit.Member, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := tablesIntact(ctx, tx, 0, intoTokens()); err != nil {
			return err
		}
		owners = nil
		return each(ctx, tx, func(rows *sql.Rows) error {
			var o audit.Member
			err := rows.Scan(&o.ID, (*text)(&o.Login))
			owners = append(owners, o)
			return err
		}, `SELECT DISTINCT owner_id, owner FROM pataudit_tokens ORDER BY owner_id, owner`)
	})
	return owners, s.failed("listing owners", err)
}

// forgetTokens takes a person out of the tokens: all that one of the logins, in any case, or the
// same id owns; and what the person was to the organizations.
func forgetTokens(ctx context.Context, tx *sql.Tx, logins []string) error {
	type owner struct {
		id    int64
		login text
	}
	owners := map[owner]bool{}
	if err := each(ctx, tx, func(rows *sql.Rows) error {
		var o owner
		err := rows.Scan(&o.id, &o.login)
		if slices.ContainsFunc(logins, func(login string) bool {
			return strings.EqualFold(string(o.login), login)
		}) {
			owners[o] = true
		}
		return err
	}, `SELECT DISTINCT owner_id, owner FROM pataudit_tokens`); err != nil {
		return err
	}
	for o := range owners {
		if _, err := tx.ExecContext(ctx, `DELETE FROM pataudit_roles WHERE person = $1`,
			o.id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			UPDATE pataudit_tokens SET owner = $1, owner_id = 0, name = $1
			WHERE owner = $2 OR owner_id = $3 AND owner_id <> 0`,
			forgotten, o.login, o.id); err != nil {
			return err
		}
	}
	return nil
}

func rewriteRun(
	ctx context.Context, tx *sql.Tx, number int64, rewrite func(*Words) error,
) (changed bool, err error) {
	before, err := readWords(ctx, tx, number)
	if err != nil {
		return false, err
	}
	after, err := before.Rewritten(rewrite)
	if err != nil || after == nil {
		return false, err
	}
	if after.Batch != before.Batch {
		if after.Batch, err = freeBatch(ctx, tx, number, after.Batch); err != nil {
			return false, err
		}
	}
	return true, writeWords(ctx, tx, number, after)
}

// Rewritten returns the words as rewrite makes them; nil if that changes nothing.
func (w *Words) Rewritten(rewrite func(*Words) error) (*Words, error) {
	after := &Words{
		Report: w.Report, Snapshot: w.Snapshot,
		Incomplete: slices.Clone(w.Incomplete), Coverage: slices.Clone(w.Coverage), Batch: w.Batch,
		Criteria: w.Criteria.Clone(),
	}
	if err := rewrite(after); err != nil || reflect.DeepEqual(w, after) {
		return nil, err
	}
	return after, nil
}

// readWords reads the words of a run. One that is not as it was saved is an error: writing it
// again would give it digests that agree.
func readWords(ctx context.Context, q querier, number int64) (*Words, error) {
	run, err := readRun(ctx, q, number)
	if err != nil {
		return nil, err
	}
	w := &Words{Incomplete: run.Incomplete, Coverage: run.Coverage, Batch: run.Batch}
	if w.Report, err = readReport(ctx, q, run); err != nil {
		return nil, err
	}
	if w.Snapshot, err = readSnapshot(ctx, q, run); err != nil {
		return nil, err
	}
	w.Criteria, err = readCriteria(ctx, q, run)
	return w, err
}

func writeWords(ctx context.Context, tx *sql.Tx, number int64, w *Words) error {
	if _, err := tx.ExecContext(ctx, `
		UPDATE pataudit_documents SET report = $2, snapshot = $3 WHERE run = $1`,
		number, w.Report.first(), w.Snapshot.first()); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		DELETE FROM pataudit_pieces WHERE run = $1 AND document IN ('report', 'snapshot')`,
		number); err != nil {
		return err
	}
	if err := errors.Join(putPieces(ctx, tx, number, "report", w.Report),
		putPieces(ctx, tx, number, "snapshot", w.Snapshot)); err != nil {
		return err
	}
	if err := putTexts(ctx, tx, w.Criteria); err != nil {
		return err
	}
	coverage := coverageRows(w.Coverage)
	_, err := tx.ExecContext(ctx, `
		UPDATE pataudit_runs SET incomplete = $2, coverage = $3, batch = $4, policy = $5,
			decisions = $6, baseline = $7, snapshot_digest = $8, report_digest = $9, rewritten = $10,
			registry = $11
		WHERE number = $1`,
		number, asJSON[audit.Gaps]{&w.Incomplete}, asJSON[[]coverageRow]{&coverage}, text(w.Batch),
		keyOf(w.Criteria.Policy), keyOf(w.Criteria.Decisions), keyOf(w.Criteria.Baseline),
		w.Snapshot.digest, w.Report.digest, true, keyOf(w.Criteria.Registry))
	if err != nil {
		return err
	}
	return putDigest(ctx, tx, number)
}

// freeBatch returns a batch a name that no other run of the same organization has.
func freeBatch(ctx context.Context, tx *sql.Tx, number int64, name string) (string, error) {
	var taken bool
	err := tx.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM pataudit_runs r JOIN pataudit_runs o
			ON o.organization = r.organization AND o.number <> r.number
			WHERE r.number = $1 AND o.batch = $2)`, number, text(name)).Scan(&taken)
	if taken {
		name = fmt.Sprintf("%s of run %d", name, number)
	}
	return name, err
}

func numbersOf(ctx context.Context, tx *sql.Tx, query string) (all []int64, err error) {
	err = each(ctx, tx, func(rows *sql.Rows) error {
		var number int64
		err := rows.Scan(&number)
		all = append(all, number)
		return err
	}, query)
	return all, err
}

// wipe takes what was deleted out of the pages of an SQLite file, where some of it stays between
// rows that were moved, and out of its log. A reader can keep it in the log for a while; then the
// error says so.
func (s *Store) wipe(ctx context.Context) error {
	if s.engine.wipe == "" {
		return nil
	}
	if err := s.untilThrough(ctx, func() error {
		_, err := s.db.ExecContext(ctx, "VACUUM")
		return err
	}); err != nil {
		return err
	}
	var busy, inLog, moved int
	err := s.untilThrough(ctx, func() error {
		return s.db.QueryRowContext(ctx, s.engine.wipe).Scan(&busy, &inLog, &moved)
	})
	if err == nil && busy != 0 {
		err = errors.New("done, but another run keeps the old text in the log file for now: " +
			"run it again")
	}
	return err
}
