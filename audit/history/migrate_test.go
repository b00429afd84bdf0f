// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMigrate holds that a history of an earlier schema is brought up to date with all that is in
// it, by many at once. Nothing was released, so the later step is the test's own.
func TestMigrate(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		ctx, s := context.Background(), opened(t, at)
		saved(t, s, judged(seen(day(1), token(1)), rule("r", says{1: fails})))
		steps, err := s.engine.steps()
		if err != nil {
			t.Fatal(err)
		}
		later := append(steps, `ALTER TABLE pataudit_runs ADD COLUMN later TEXT NOT NULL DEFAULT 'new'`)
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				if err := s.migrateTo(ctx, later, true); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		var text string
		if err := s.db.QueryRow(`SELECT later FROM pataudit_runs`).Scan(&text); err != nil ||
			text != "new" {
			t.Errorf("%v: %q", err, text)
		}
		if version, err := s.version(ctx, s.db); err != nil || version != len(later) {
			t.Errorf("%v: version %d", err, version)
		}
		if got := since(recalled(t, s, time.Time{}), 1); !got.Equal(day(1)) {
			t.Errorf("fails since %v", got)
		}
	})
}

// TestMadeOnce holds that many that open a history that is not there yet make it once.
func TestMadeOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				s, err := Open(context.Background(), located(t, at))
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
		saved(t, opened(t, at), judged(seen(day(1), token(1)), rule("r", nil)))
	})
}

// TestNewer holds that a history of a schema that we do not know is left alone.
func TestNewer(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		s := opened(t, at)
		s.exec(t, `UPDATE pataudit_schema SET version = 99`)
		for _, open := range []func(context.Context, *Location) (*Store, error){Open, OpenExisting} {
			_, err := open(context.Background(), located(t, at))
			want := "was written by a newer pataudit (schema 99; this one knows 1): update"
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v", err)
			}
		}
	})
}

// TestNothingYet holds that reading makes no tables.
func TestNothingYet(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		if strings.HasPrefix(at, "postgres") {
			if _, err := OpenExisting(context.Background(), located(t, at)); !errors.Is(err,
				fs.ErrNotExist) {
				t.Errorf("got %v", err)
			}
		}
		s := opened(t, at)
		var rows sql.NullInt64
		if err := s.db.QueryRow(`SELECT max(number) FROM pataudit_runs`).Scan(&rows); err != nil {
			t.Error(err)
		}
	})
}

// TestSteps holds that both engines have the same steps, in order.
func TestSteps(t *testing.T) {
	lite, err := fs.Glob(migrations, "migrations/sqlite/*")
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range lite {
		other := strings.Replace(name, "sqlite", "postgres", 1)
		if _, err := fs.Stat(migrations, other); err != nil ||
			!strings.HasSuffix(name, "/00"+string(rune('1'+i))+".sql") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
