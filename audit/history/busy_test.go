// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// heldAlone keeps everybody else out of an SQLite file, for longer than a connection waits, as a
// process does that makes it.
func heldAlone(t *testing.T, file string) {
	t.Helper()
	ctx := context.Background()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	other, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`PRAGMA locking_mode = EXCLUSIVE`, `BEGIN EXCLUSIVE`, `CREATE TABLE held (x INTEGER)`,
	} {
		if _, err := other.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	released := make(chan struct{})
	time.AfterFunc(1200*time.Millisecond, func() {
		defer close(released)
		if _, err := other.ExecContext(ctx, `ROLLBACK`); err != nil {
			t.Error(err)
		}
		other.Close()
		db.Close()
	})
	t.Cleanup(func() { <-released })
}

// TestReadsWait holds that whoever reads, too, waits for a process that has the file for itself.
func TestReadsWait(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, ask := range map[string]func(s *Store) error{
		"opening": func(s *Store) error {
			again, err := OpenExisting(ctx, s.at)
			if err == nil {
				err = again.Close()
			}
			return err
		},
		"a row": func(s *Store) error {
			_, err := s.Report(ctx, 1)
			return err
		},
		"rows": func(s *Store) error {
			_, err := s.Runs(ctx, Query{})
			return err
		},
		"a transaction": func(s *Store) error {
			_, err := s.Recall(ctx, acme(), nil, 0, time.Time{})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "history.db")
			s := opened(t, file)
			saved(t, s, judged(seen(day(1), token(1)), rule("r", nil)))
			s.db.SetMaxIdleConns(0) // each question opens a connection
			heldAlone(t, file)
			if err := ask(s); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestOpenedAtOnce holds that none of many that open a new file is turned away while another one
// makes it.
func TestOpenedAtOnce(t *testing.T) {
	t.Parallel()
	rounds := 100
	if testing.Short() {
		rounds = 10
	}
	folder := t.TempDir()
	for round := range rounds {
		at := located(t, filepath.Join(folder, fmt.Sprintf("%d.db", round)))
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				s, err := Open(context.Background(), at)
				if err != nil {
					t.Error(err)
					return
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
	}
}
