// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// TestTurns holds that policies which take turns in one history reset no clock of each other:
// since when a policy is told that a finding stands is never later than in a history that has only
// its own runs.
func TestTurns(t *testing.T) {
	t.Parallel()
	shared, own := emptied(t), map[string]*Store{}
	for _, asks := range modelAsks[1:4] {
		own[asks] = emptied(t)
	}
	rapid.Check(t, func(t *rapid.T) {
		shared.empty(t)
		for _, s := range own {
			s.empty(t)
		}
		for range rapid.IntRange(2, 9).Draw(t, "runs") {
			at := rapid.IntRange(0, 12).Draw(t, "day")
			entry := drawnRun(t, at)
			asks := entry.Criteria.Asks["r"]
			told, alone := recalledBy(t, shared, asks, day(at)), recalledBy(t, own[asks], asks, day(at))
			for id := range alone.Tokens {
				want, got := since(alone, id), since(told, id)
				if !want.IsZero() && (got.IsZero() || got.After(want)) {
					t.Fatalf("day %d, %s: grant %d fails since %v, alone since %v", at, asks, id, got,
						want)
				}
			}
			for _, s := range []*Store{shared, own[asks]} {
				if _, _, err := s.Save(context.Background(), present, entry); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

// TestOlderRunDoesNotClose holds that a complete run of older evidence does not close what a run
// of later evidence found, though that one was incomplete and went on with an older clock.
func TestOlderRunDoesNotClose(t *testing.T) {
	t.Parallel()
	s := emptied(t)
	fails, passes := map[int64]audit.Status{1: audit.Fail}, map[int64]audit.Status{1: audit.Pass}
	for _, run := range []modelRun{
		{at: 1, complete: true, asked: true, asks: "more", answers: fails},
		{at: 5, asked: true, asks: "some", answers: fails},
		{at: 3, complete: true, asked: true, asks: "some", answers: passes},
	} {
		if _, _, err := s.Save(context.Background(), present, run.entry()); err != nil {
			t.Fatal(err)
		}
	}
	if got := since(recalledBy(t, s, "some", day(6)), 1); !got.Equal(day(1)) {
		t.Errorf("the finding stands since %v, want since %v", got, day(1))
	}
}
