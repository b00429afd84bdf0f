// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// TestPruneAhead holds that a run of a time to come can be taken back, with all that it told, and
// no other one.
func TestPruneAhead(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		ctx, s := context.Background(), opened(t, at)
		ahead := seen(present.AddDate(1, 0, 0), token(2))
		ahead.Organization.Login = "Ahead"
		saved(t, s, judged(seen(day(1), token(1)), rule("r", says{1: fails})))
		e := judged(ahead, rule("r", says{2: fails}))
		if _, _, err := s.Save(ctx, ahead.CollectedAt, e); err != nil { // by a clock that is wrong
			t.Fatal(err)
		}
		saved(t, s, judged(seen(day(3), token(1)), rule("r", nil)))
		for number, want := range map[int64]string{
			1: "it is of 2026-11-23T12:00:00Z, no day to come", 9: "there is none",
		} {
			if err := s.PruneAhead(ctx, present, number); err == nil ||
				!strings.Contains(err.Error(), want) {
				t.Errorf("run %d: got %v", number, err)
			}
		}
		if err := s.PruneAhead(ctx, present, 2); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Run(ctx, 2); !errors.Is(err, ErrNotFound) {
			t.Errorf("run 2 is there: %v", err)
		}
		m := recalled(t, s, time.Time{})
		if m.LastRun != 3 || m.Tokens[2] != nil || !since(m, 1).Equal(day(1)) {
			t.Errorf("%+v", m)
		}
		if life, err := s.Life(ctx, acme(), 1); err != nil || !life.GoneAt.IsZero() {
			t.Errorf("%v: %+v", err, life)
		}
		if runs, err := s.Runs(ctx, Query{Organization: "ahead"}); err != nil || len(runs) != 0 {
			t.Errorf("%v: %d runs under the name that it told", err, len(runs))
		}
		saved(t, s, judged(seen(day(4), token(1)), rule("r", nil)))
		if got := since(recalled(t, s, time.Time{}), 1); !got.IsZero() {
			t.Errorf("not closed any more: %v", got)
		}
	})
}

// TestPruneAheadCompared holds that a run with which another one compares is kept.
func TestPruneAheadCompared(t *testing.T) {
	ctx, s := context.Background(), opened(t, filepath.Join(t.TempDir(), "a.db"))
	wrong := present.AddDate(2, 0, 0)
	for n := range 2 {
		e := judged(seen(present.AddDate(1, 0, n), token(1)), rule("r", nil))
		e.Memory = &audit.Memory{LastRun: int64(n)}
		if _, _, err := s.Save(ctx, wrong, e); err != nil {
			t.Fatal(err)
		}
	}
	err := s.PruneAhead(ctx, present, 1)
	if err == nil ||
		!strings.Contains(err.Error(), "run 2 compares with it: that one goes first") {
		t.Errorf("got %v", err)
	}
	for _, number := range []int64{2, 1} {
		if err := s.PruneAhead(ctx, present, number); err != nil {
			t.Error(err)
		}
	}
}

// TestPruneAheadChanged holds that nothing is taken back by what a run that was changed says: who
// asked what is told by all of them.
func TestPruneAheadChanged(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		ctx, s := context.Background(), opened(t, at)
		for _, at := range []time.Time{day(1), present.AddDate(1, 0, 0)} {
			e := judged(seen(at, token(1)), rule("r", says{1: fails}))
			if _, _, err := s.Save(ctx, at, e); err != nil {
				t.Fatal(err)
			}
		}
		s.exec(t, `UPDATE pataudit_runs SET asked = '{}' WHERE number = 1`)
		if err := s.PruneAhead(ctx, present, 2); !errors.Is(err, ErrChanged) {
			t.Errorf("got %v", err)
		}
	})
}

// TestPruneAheadPruned holds that what a run that was pruned found stands, even if the run from a
// time to come had opened it before, and no other one asked for it.
func TestPruneAheadPruned(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		ctx, s := context.Background(), opened(t, at)
		for _, at := range []time.Time{present.AddDate(1, 0, 0), day(5)} {
			e := judged(seen(at, token(1)), rule("r", says{1: fails}))
			if _, _, err := s.Save(ctx, at, e); err != nil {
				t.Fatal(err)
			}
		}
		if n, err := s.Prune(ctx, day(6)); err != nil || n != 1 {
			t.Fatalf("%d, %v", n, err)
		}
		if err := s.PruneAhead(ctx, present, 1); err != nil {
			t.Fatal(err)
		}
		if got := since(recalled(t, s, time.Time{}), 1); !got.Equal(day(5)) {
			t.Errorf("fails since %v", got)
		}
	})
}

// TestPruneAheadOlder holds that what was found while a run from a time to come was there makes
// what that one had closed no younger, whichever was there first.
func TestPruneAheadOlder(t *testing.T) {
	for _, added := range []time.Time{day(2), present} { // on its day, and later
		checkPruneAheadOlder(t, added)
	}
}

func checkPruneAheadOlder(t *testing.T, added time.Time) {
	t.Helper()
	ctx, s := context.Background(), opened(t, filepath.Join(t.TempDir(), "a.db"))
	for _, run := range []struct {
		at, saved time.Time
		answers   says
	}{
		{day(3), day(3), says{1: fails}},
		{present.AddDate(1, 0, 0), present.AddDate(1, 0, 0), nil},
		{day(2), added, says{1: fails}},
	} {
		if _, _, err := s.Save(ctx, run.saved, judged(seen(run.at, token(1)),
			rule("r", run.answers))); err != nil {
			t.Fatal(err)
		}
	}
	after := present.AddDate(2, 0, 0) // if nobody saw it
	if got := since(recalled(t, s, after), 1); added.Equal(day(2)) && !got.Equal(day(2)) {
		t.Errorf("fails since %v after its day", got)
	}
	if err := s.PruneAhead(ctx, present, 2); err != nil {
		t.Fatal(err)
	}
	if got := since(recalled(t, s, time.Time{}), 1); !got.Equal(day(2)) {
		t.Errorf("fails since %v", got)
	}
}

// TestClosedAhead holds that what a run from a time to come closed, and another one finds since,
// stands since it did when that time has come, even if nobody took the run back.
func TestClosedAhead(t *testing.T) {
	ctx, s := context.Background(), opened(t, filepath.Join(t.TempDir(), "a.db"))
	for _, run := range []struct {
		at      time.Time
		answers says
	}{
		{day(3), says{1: fails}}, {present.AddDate(1, 0, 0), nil}, {day(5), says{1: fails}},
	} {
		if _, _, err := s.Save(ctx, run.at, judged(seen(run.at, token(1)),
			rule("r", run.answers))); err != nil {
			t.Fatal(err)
		}
	}
	if got := since(recalled(t, s, present.AddDate(2, 0, 0)), 1); !got.Equal(day(3)) {
		t.Errorf("fails since %v", got)
	}
}

// TestPassedOnAhead holds that what old evidence shows is the past of what a run from a time to
// come closed, too: it was not over.
func TestPassedOnAhead(t *testing.T) {
	ctx, s := context.Background(), opened(t, filepath.Join(t.TempDir(), "a.db"))
	for _, run := range []struct {
		at      time.Time
		asks    string
		answers says
	}{
		{day(3), "new", says{1: fails}},
		{present.AddDate(1, 0, 0), "new", nil},
		{day(1), "old", says{1: fails}},
	} {
		e := judged(seen(run.at, token(1)), rule("r", run.answers))
		e.Criteria.Asks = map[string]string{"r": run.asks}
		if _, _, err := s.Save(ctx, run.at, e); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.PruneAhead(ctx, present, 2); err != nil {
		t.Fatal(err)
	}
	if got := since(recalledBy(t, s, "new", time.Time{}), 1); !got.Equal(day(1)) {
		t.Errorf("fails since %v", got)
	}
}

// TestTakenBack holds that after runs of a time to come were taken back, a history remembers what
// one does that never had them.
func TestTakenBack(t *testing.T) {
	t.Parallel()
	ctx, with, without := context.Background(), emptied(t), emptied(t)
	rapid.Check(t, func(t *rapid.T) {
		with.empty(t)
		without.empty(t)
		run := func(at time.Time, into ...*Store) int64 {
			var tokens []*audit.Token
			answers := says{}
			for id := range int64(3) {
				if rapid.IntRange(0, 3).Draw(t, "listed") == 0 {
					continue
				}
				one := token(id + 1)
				if rapid.Bool().Draw(t, "all") {
					one.Selection, one.Repositories = audit.SelectAll, nil
				}
				answers[one.ID] = rapid.SampledFrom([]audit.Verdict{fails, passes, unknown}).
					Draw(t, "r")
				tokens = append(tokens, one)
			}
			e := seen(at, tokens...)
			if rapid.IntRange(0, 3).Draw(t, "complete") == 0 {
				partly(e)
			}
			asks := rapid.SampledFrom(modelAsks[:4]).Draw(t, "asks")
			var number int64
			for _, s := range into {
				entry := judged(e, rule("r", answers))
				entry.Criteria.Asks = map[string]string{"r": asks}
				var err error
				number, _, err = s.Save(ctx, at, entry)
				if err != nil {
					t.Fatal(err)
				}
			}
			return number
		}
		days := rapid.Permutation([]int{0, 1, 2, 3, 4, 5, 6, 7}).Draw(t, "days")
		slices.Sort(days[:4])
		for _, on := range days[:rapid.IntRange(1, 4).Draw(t, "runs")] {
			run(day(on), with, without)
		}
		var numbers []int64
		for n := range rapid.IntRange(1, 2).Draw(t, "ahead") {
			numbers = append(numbers, run(present.AddDate(1, 0, n), with))
		}
		between := rapid.IntRange(0, 2).Draw(t, "runs until somebody saw it")
		for _, on := range days[4 : 4+between] {
			run(day(on), with, without)
		}
		for _, number := range rapid.Permutation(numbers).Draw(t, "in any order") {
			if err := with.PruneAhead(ctx, present, number); err != nil {
				t.Fatal(err)
			}
		}
		asks := rapid.SampledFrom(modelAsks[1:]).Draw(t, "recalled by who asks")
		remembers := func(s *Store) *audit.Memory {
			m := recalledBy(t, s, asks, time.Time{})
			m.LastRun, m.SeenBy = 0, 0 // numbers that were taken are not given again
			for _, past := range m.Tokens {
				past.Expiries = nil // a stretch ends when another one may have begun
			}
			return m
		}
		same := func() {
			want, got := remembers(without), remembers(with)
			if between > 0 { // what ended then may stand on, and nothing is younger
				noneYounger(t, want, got)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatal(diff)
			}
		}
		same()
		run(day(9), with, without) // and goes on as that
		same()
	})
}

// noneYounger holds that whatever fails by one memory does so by another, since no later; then it
// takes the findings out of both.
func noneYounger(t *rapid.T, want, got *audit.Memory) {
	for id, past := range want.Tokens {
		if first := since(got, id); !since(want, id).IsZero() &&
			(first.IsZero() || first.After(since(want, id))) {
			t.Fatalf("token %d fails since %v, want %v", id, first, since(want, id))
		}
		past.Failing = nil
	}
	for _, past := range got.Tokens {
		past.Failing = nil
	}
}
