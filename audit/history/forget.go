// SPDX-License-Identifier: Apache-2.0

package history

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// forgotten stands where a person's login was.
const forgotten = "(forgotten)"

// Forget takes a person out of everything, in one transaction: in the tables, the login and the
// id, and the names of the tokens; in the documents, whatever rewrite takes out. Each run's are
// handed to it, and stay as they are if it gives them back so. It tells how many runs were
// changed.
//
// The digests of the evidence stay: they tell what was judged, and no longer what is kept. A
// person who owns tokens still is known again after the next run.
func (s *Store) Forget(
	ctx context.Context, login string,
	rewrite func(report, snapshot []byte) (newReport, newSnapshot []byte, err error),
) (n int, err error) {
	err = s.write(ctx, s.engine.alone, func(ctx context.Context, tx *sql.Tx) error {
		n = 0
		if err := forgetTokens(ctx, tx, login); err != nil {
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
		return nil
	})
	if err == nil {
		err = s.wipe(ctx)
	}
	if err != nil {
		return n, s.failed("forgetting", err)
	}
	return n, nil
}

// forgetTokens takes a person out of the tokens: all that a login, in any case, or the same id
// owns.
func forgetTokens(ctx context.Context, tx *sql.Tx, login string) error {
	type owner struct {
		id    int64
		login text
	}
	owners := map[owner]bool{}
	if err := each(ctx, tx, func(rows *sql.Rows) error {
		var o owner
		err := rows.Scan(&o.id, &o.login)
		if strings.EqualFold(string(o.login), login) {
			owners[o] = true
		}
		return err
	}, `SELECT DISTINCT owner_id, owner FROM pataudit_tokens`); err != nil {
		return err
	}
	for o := range owners {
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
	ctx context.Context, tx *sql.Tx, number int64,
	rewrite func(report, snapshot []byte) (newReport, newSnapshot []byte, err error),
) (changed bool, err error) {
	var zippedReport, zippedSnapshot []byte
	if err := tx.QueryRowContext(ctx, `
		SELECT report, snapshot FROM pataudit_documents WHERE run = $1`, number,
	).Scan(&zippedReport, &zippedSnapshot); err != nil {
		return false, err
	}
	report, err := expanded(zippedReport)
	if err != nil {
		return false, err
	}
	snapshot, err := expanded(zippedSnapshot)
	if err != nil {
		return false, err
	}
	newReport, newSnapshot, err := rewrite(bytes.Clone(report), bytes.Clone(snapshot))
	if err != nil || bytes.Equal(report, newReport) && bytes.Equal(snapshot, newSnapshot) {
		return false, err
	}
	if zippedReport, err = compressed(newReport); err != nil {
		return false, err
	}
	if zippedSnapshot, err = compressed(newSnapshot); err != nil {
		return false, err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE pataudit_documents SET report = $2, snapshot = $3 WHERE run = $1`,
		number, zippedReport, zippedSnapshot)
	return true, err
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

// wipe takes what was deleted out of the SQLite log, too. A reader can keep it there for a while;
// then the error says so.
func (s *Store) wipe(ctx context.Context) error {
	if s.engine.wipe == "" {
		return nil
	}
	var busy, inLog, moved int
	err := s.db.QueryRowContext(ctx, s.engine.wipe).Scan(&busy, &inLog, &moved)
	if err == nil && busy != 0 {
		err = errors.New("done, but another run keeps the old text in the log file for now: " +
			"run it again")
	}
	return err
}
