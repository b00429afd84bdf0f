// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

// emptied opens a history for the checks of a property, each of which begins by emptying it: to
// make another one takes longer than most checks.
func emptied(t testing.TB) *Store {
	t.Helper()
	s := opened(t, filepath.Join(t.TempDir(), "pataudit.db"))
	if err := s.unsynced(); err != nil {
		t.Fatal(err)
	}
	return s
}

// unsynced lets a history wait for no disk, as long as it needs no more than one connection.
func (s *Store) unsynced() error {
	s.db.SetMaxOpenConns(1)
	_, err := s.db.Exec(`PRAGMA synchronous = OFF`)
	return err
}

// empty makes the history one that has just been made.
func (s *Store) empty(t *rapid.T) {
	t.Helper()
	err := s.write(context.Background(), "", func(ctx context.Context, tx *sql.Tx) error {
		statements := []string{`PRAGMA defer_foreign_keys = ON`}
		if err := each(ctx, tx, func(rows *sql.Rows) error {
			var table string
			err := rows.Scan(&table)
			statements = append(statements, "DELETE FROM "+table)
			return err
		}, `SELECT name FROM sqlite_schema WHERE type = 'table' AND
			(name LIKE 'pataudit%' AND name <> 'pataudit_schema' OR name = 'sqlite_sequence')`,
		); err != nil {
			return err
		}
		for _, statement := range append(statements, `UPDATE pataudit_schema SET last_run = 0`) {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
