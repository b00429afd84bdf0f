// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
)

// TestOldPass holds that old evidence which finds nothing does not close what a later complete run
// of the same policy found; and that what another policy asked since does not hinder it.
func TestOldPass(t *testing.T) {
	for asks, want := range map[string]time.Time{"same": day(1), "other": {}} {
		s := opened(t, filepath.Join(t.TempDir(), "a.db"))
		run := func(on int, asks string, answer audit.Verdict) {
			e := judged(seen(day(on), token(1)), rule("r", says{1: answer}))
			e.Criteria.Asks = map[string]string{"r": asks}
			saved(t, s, e)
		}
		run(1, "same", fails)
		run(5, asks, fails)
		run(3, "same", passes)
		if got := since(recalledBy(t, s, "same", time.Time{}), 1); !got.Equal(want) {
			t.Errorf("%s: fails since %v, want %v", asks, got, want)
		}
	}
}

// TestOldPassPruned holds that old evidence closes nothing either, and no token is gone by it, if
// a later run was pruned: what that one told is not known any more.
func TestOldPassPruned(t *testing.T) {
	run := func(t *testing.T, s *Store, e *audit.Evidence, asks string, answer audit.Verdict) {
		entry := judged(e, rule("r", says{1: answer}))
		entry.Criteria.Asks = map[string]string{"r": asks}
		saved(t, s, entry)
	}
	for name, prune := range map[string]func(t *testing.T, s *Store){
		"old": func(t *testing.T, s *Store) {
			run(t, s, seen(day(6), token(1), token(2)), "other", fails)
			if n, err := s.Prune(context.Background(), day(6)); err != nil || n != 2 {
				t.Fatalf("%d, %v", n, err)
			}
		},
		"damaged": func(t *testing.T, s *Store) {
			s.exec(t, `UPDATE pataudit_runs SET collected_at = 0 WHERE number = 2`)
			if err := s.PruneDamaged(context.Background(), day(6), 2); err != nil {
				t.Fatal(err)
			}
		},
		"there again": func(t *testing.T, s *Store) {
			s.exec(t, `INSERT INTO pataudit_pruned (number, organization, as_of, collected_at,
				evidence_digest) VALUES (2, 1, 0, 0, '')`)
			if err := s.PruneDamaged(context.Background(), day(6), 2); err != nil {
				t.Fatal(err)
			}
		},
		"missing": func(t *testing.T, s *Store) {
			s.exec(t, `DELETE FROM pataudit_runs WHERE number = 2`)
			if err := s.PruneDamaged(context.Background(), day(6), 2); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, at string) {
				s := opened(t, at)
				run(t, s, seen(day(1), token(1), token(2)), "same", fails)
				run(t, s, seen(day(5), token(1), token(2)), "same", fails)
				prune(t, s)
				run(t, s, seen(day(3), token(1)), "same", passes)
				if got := since(recalledBy(t, s, "same", time.Time{}), 1); !got.Equal(day(1)) {
					t.Errorf("fails since %v", got)
				}
				life, err := s.Life(context.Background(), acme(), 2)
				if err != nil || !life.GoneAt.IsZero() {
					t.Errorf("%v: %+v", err, life)
				}
				run(t, s, seen(day(7), token(1)), "same", passes)
				if got := since(recalledBy(t, s, "same", time.Time{}), 1); !got.IsZero() {
					t.Errorf("fails since %v, after the newest run", got)
				}
			})
		})
	}
}

// TestInheritedLater holds that what a run from before the first that asked a question tells is
// the past of that one's findings, too, even if they are not the run's own.
func TestInheritedLater(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		s := opened(t, at)
		run := func(e *audit.Evidence, asks string, answer audit.Verdict) {
			entry := judged(e, rule("r", says{1: answer}))
			entry.Criteria.Asks = map[string]string{"r": asks}
			saved(t, s, entry)
		}
		run(partly(seen(day(7), token(1))), "new", fails)
		run(seen(day(2), token(1)), "old", fails)
		run(seen(day(3), token(1)), "new", unknown)
		if got := since(recalledBy(t, s, "new", time.Time{}), 1); !got.Equal(day(2)) {
			t.Errorf("fails since %v", got)
		}
	})
}

// TestOldFindsForOthers holds that what old evidence shows is the past of what another question
// found later, if that was new then: it would have gone on with it.
func TestOldFindsForOthers(t *testing.T) {
	for name, test := range map[string]struct {
		between audit.Verdict // by the old question
		since   time.Time
	}{
		"open": {fails, day(2)}, "over": {passes, day(5)},
	} {
		t.Run(name, func(t *testing.T) {
			s := opened(t, filepath.Join(t.TempDir(), "a.db"))
			run := func(on int, asks string, answer audit.Verdict) {
				entry := judged(seen(day(on), token(1)), rule("r", says{1: answer}))
				entry.Criteria.Asks = map[string]string{"r": asks}
				saved(t, s, entry)
			}
			run(5, "new", fails)
			run(3, "old", test.between)
			run(2, "old", fails)
			if got := since(recalledBy(t, s, "new", time.Time{}), 1); !got.Equal(test.since) {
				t.Errorf("fails since %v", got)
			}
		})
	}
}

// TestOldFindsForPruned holds the same if the run that found it was pruned: whether another one
// asked its question before is not known then.
func TestOldFindsForPruned(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "a.db"))
	run := func(e *audit.Evidence, asks string, answer audit.Verdict) {
		entry := judged(e, rule("r", says{1: answer}))
		entry.Criteria.Asks = map[string]string{"r": asks}
		saved(t, s, entry)
	}
	run(partly(seen(day(3), token(1))), "new", fails)
	if n, err := s.Prune(context.Background(), day(6)); err != nil || n != 1 {
		t.Fatalf("%d, %v", n, err)
	}
	run(seen(day(1), token(1)), "old", fails)
	run(seen(day(0), token(1)), "new", unknown)
	if got := since(recalledBy(t, s, "new", time.Time{}), 1); !got.Equal(day(1)) {
		t.Errorf("fails since %v", got)
	}
}

// TestOldRunEndsNothing holds that a token is not gone because an older run lacks it.
func TestOldRunEndsNothing(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "a.db"))
	saved(t, s, judged(seen(day(5), token(1)), rule("r", says{1: fails})))
	saved(t, s, judged(seen(day(1), token(2)), rule("r", nil)))
	if _, err := s.Prune(context.Background(), day(4)); err != nil { // what had gone is deleted
		t.Fatal(err)
	}
	if got := since(recalled(t, s, time.Time{}), 1); !got.Equal(day(5)) {
		t.Errorf("fails since %v", got)
	}
}
