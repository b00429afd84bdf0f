// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// reader opens a file as one that cannot be written; permissions would not bind root.
func reader(path string) (*Store, error) {
	s := &Store{at: &Location{name: path, path: path}, engine: sqliteEngine()}
	var err error
	if s.db, s.onlyRead, err = openToRead(path, os.ErrPermission); err != nil {
		return nil, err
	}
	if err := s.migrate(context.Background(), false); err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	return s, nil
}

// beside lists the files of a folder.
func beside(t testing.TB, path string) string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return strings.Join(names, " ")
}

// TestOnlyRead holds that a file that cannot be written is read as it is, that nothing is left
// beside it, and that nothing is written.
func TestOnlyRead(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "h.db")
	s := opened(t, path)
	saved(t, s, judged(seen(day(1), token(1)), rule("r", says{1: fails})))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := reader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got := since(recalled(t, r, time.Time{}), 1); !got.Equal(day(1)) {
		t.Errorf("fails since %v", got)
	}
	if problems, err := r.Check(ctx, true); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
	if got := beside(t, path); got != "h.db" {
		t.Errorf("there is %s", got)
	}
	_, _, saving := r.Save(ctx, present, judged(seen(day(2), token(1)), rule("r", nil)))
	_, pruning := r.Prune(ctx, day(9))
	for _, err := range []error{saving, pruning} {
		want := "it can only be read (permission denied): whoever changes it needs to write the file " +
			"and its folder"
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v", err)
		}
	}
	w := opened(t, path)
	saved(t, w, judged(seen(day(2), token(1)), rule("r", nil)))
	if _, err := r.Runs(ctx, Query{}); !errors.Is(err, errWritten) {
		t.Errorf("got %v", err)
	}
	if beyond, err := reader(path); err != nil { // it has the log to look at now
		t.Error(err)
	} else if runs, err := beyond.Runs(ctx, Query{}); err != nil || len(runs) != 2 {
		t.Errorf("%d runs, %v", len(runs), err)
	} else if err := beyond.Close(); err != nil {
		t.Error(err)
	}
}

// TestLeftBehind holds that a copy whose last runs are in the log beside it is not shown without
// them.
func TestLeftBehind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	s := opened(t, path)
	saved(t, s, judged(seen(day(1), token(1)), rule("r", nil)))
	copied := filepath.Join(t.TempDir(), "copy.db")
	copyFile(t, path, copied)
	copyFile(t, path+"-wal", copied+"-wal")
	_, err := reader(copied)
	if want := "what was written last is in " + copied + "-wal"; err == nil ||
		!strings.Contains(err.Error(), want) {
		t.Errorf("got %v", err)
	}
	if got := beside(t, copied); got != "copy.db copy.db-wal" {
		t.Errorf("there is %s", got)
	}
	copyFile(t, path+"-shm", copied+"-shm")
	r, err := reader(copied)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if runs, err := r.Runs(context.Background(), Query{}); err != nil || len(runs) != 1 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
}

// TestOnlyReadNeverLies lets somebody write while others read who cannot: each is shown all that
// was saved by then, or told that it cannot be. While nobody writes, it is shown.
func TestOnlyReadNeverLies(t *testing.T) {
	t.Parallel()
	made := filepath.Join(t.TempDir(), "made.db")
	if err := opened(t, made).Close(); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		folder, err := os.MkdirTemp("", "pataudit-read-")
		if err != nil {
			r.Fatal(err)
		}
		defer os.RemoveAll(folder)
		path, ctx, n := filepath.Join(folder, "h.db"), context.Background(), 0
		copyFile(r, made, path)
		var writer, reads *Store
		quiet := true // nobody wrote since the reader opened it
		r.Repeat(map[string]func(*rapid.T){
			"save": func(r *rapid.T) {
				if writer == nil {
					if writer, err = Open(ctx, located(t, path)); err != nil {
						r.Fatal(err)
					}
					if err := writer.unsynced(); err != nil {
						r.Fatal(err)
					}
				}
				_, again, err := writer.Save(ctx, present, judged(seen(day(n), token(1)), rule("r", nil)))
				if err != nil || again {
					r.Fatal(again, err)
				}
				n++
				quiet = false
			},
			"end of writing": func(r *rapid.T) {
				if writer == nil {
					r.Skip()
				}
				if err := writer.Close(); err != nil {
					r.Fatal(err)
				}
				writer, quiet = nil, false
			},
			"begin to read": func(r *rapid.T) {
				if reads != nil {
					r.Skip()
				}
				if reads, err = reader(path); err != nil {
					r.Fatalf("nothing keeps it from being read: %v", err)
				}
				quiet = true
			},
			"read": func(r *rapid.T) {
				if reads == nil {
					r.Skip()
				}
				runs, err := reads.Runs(ctx, Query{})
				switch {
				case err == nil && len(runs) != n:
					r.Fatalf("%d runs, and %d were saved", len(runs), n)
				case err != nil && quiet:
					r.Fatal(err)
				}
			},
			"end of reading": func(r *rapid.T) {
				if reads == nil {
					r.Skip()
				}
				if err := reads.Close(); err != nil {
					r.Fatal(err)
				}
				reads = nil
			},
		})
		for _, s := range []*Store{writer, reads} {
			if s != nil {
				if err := s.Close(); err != nil {
					r.Fatal(err)
				}
			}
		}
	})
}

func copyFile(t rapid.TB, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
