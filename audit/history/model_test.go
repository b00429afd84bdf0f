// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// modelRun is a run of the property test: the answer of the rule "r" by token.
type modelRun struct {
	at       int
	complete bool
	asked    bool
	asks     string // what the policy asks by the rule
	answers  map[int64]audit.Status
}

// model is the naive judge of what the store remembers: it looks at all runs each time.
type model []modelRun

// since folds the runs in the order of their saving.
func (m model) since(token int64) (at int, open bool) {
	newest, whole := -1, -1
	stood := "" // what was asked when it last did
	for i, run := range m {
		status, listed := run.answers[token]
		standing := listed && run.asked && status == audit.Fail
		closes := run.complete && run.at >= whole
		switch {
		case standing && run.at >= newest:
			if stood = run.asks; !open {
				at, open = run.at, true
			}
		case standing && !open && !m[:i].asksBetween(run.asks, run.at, math.MaxInt):
			at, open, stood = run.at, true, run.asks
		case standing && open && run.at < at && !m[:i].asksBetween(run.asks, run.at, at):
			at = run.at
		case open && !standing && listed && closes && run.asked && run.asks == stood &&
			run.at >= at && status != audit.Indeterminate:
			open = false
		}
		newest = max(newest, run.at)
		if run.complete {
			whole = max(whole, run.at)
		}
	}
	return at, open
}

// asksBetween reports whether a complete run asked the same after one day and before another.
func (m model) asksBetween(asks string, after, before int) bool {
	for _, run := range m {
		if run.complete && run.asked && run.asks == asks && run.at > after && run.at < before {
			return true
		}
	}
	return false
}

// TestModel holds that what is remembered is what a naive judge of the same runs says.
func TestModel(t *testing.T) {
	folder, n := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		location, err := Parse(filepath.Join(folder, fmt.Sprintf("%d.db", n)))
		if err != nil {
			t.Fatal(err)
		}
		s, err := Open(context.Background(), location)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		days := rapid.SliceOfNDistinct(rapid.IntRange(0, 30), 2, 9, rapid.ID).Draw(t, "days")
		var m model
		for _, at := range days {
			m = append(m, modelRun{
				at: at, complete: rapid.IntRange(0, 3).Draw(t, "complete") > 0,
				asked: rapid.IntRange(0, 3).Draw(t, "asked") > 0,
				asks:  rapid.SampledFrom([]string{"", "", "more"}).Draw(t, "asks"),
				answers: rapid.MapOfN(rapid.Int64Range(1, 3), rapid.SampledFrom([]audit.Status{
					audit.Fail, audit.Fail, audit.Pass, audit.Indeterminate,
				}), 0, 3).Draw(t, "answers"),
			})
			if _, _, err := s.Save(context.Background(), present, m[len(m)-1].entry()); err != nil {
				t.Fatal(err)
			}
			m.check(t, s)
		}
	})
}

func (r modelRun) entry() *Entry {
	answers, tokens := says{}, []*audit.Token(nil)
	for id := range int64(4) {
		if status, listed := r.answers[id]; listed {
			answers[id] = audit.Verdict{Status: status}
			tokens = append(tokens, token(id))
		}
	}
	e := seen(day(r.at), tokens...)
	if !r.complete {
		partly(e)
	}
	asked := rule("r", answers)
	asked.Asked = r.asked
	entry := judged(e, asked)
	entry.Criteria.Asks = map[string]string{"r": r.asks}
	return entry
}

func (m model) check(t *rapid.T, s *Store) {
	memory, err := s.Recall(context.Background(), acme(), 0, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for id := range int64(4) {
		first := -1
		for _, run := range m {
			if _, listed := run.answers[id]; listed && (first < 0 || run.at < first) {
				first = run.at
			}
		}
		past := memory.Tokens[id]
		if (past != nil) != (first >= 0) || past != nil && !past.FirstSeen.Equal(day(first)) {
			t.Fatalf("token %d: first seen on day %d: %+v", id, first, past)
		}
		at, open := m.since(id)
		got := since(memory, id)
		if open != !got.IsZero() || open && !got.Equal(day(at)) {
			t.Fatalf("token %d: open %v on day %d, got %v", id, open, at, got)
		}
	}
}

// TestNoRunIsItsOwnPast holds that what is remembered as of an instant is what was known before
// it: the run of that instant changes nothing about it, nor does any later one, whatever grants
// its tokens have.
func TestNoRunIsItsOwnPast(t *testing.T) {
	folder, n := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		location, err := Parse(filepath.Join(folder, fmt.Sprintf("%d.db", n)))
		if err != nil {
			t.Fatal(err)
		}
		s, err := Open(context.Background(), location)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		as := func(at int) *audit.Memory {
			memory, err := s.Recall(context.Background(), acme(), 0, day(at))
			if err != nil {
				t.Fatal(err)
			}
			return memory
		}
		known := map[int]*audit.Memory{} // by the day of a run
		for range rapid.IntRange(2, 8).Draw(t, "runs") {
			at := rapid.IntRange(0, 12).Draw(t, "day")
			before := as(at)
			if _, _, err := s.Save(context.Background(), present, drawnRun(t, at)); err != nil {
				t.Fatal(err)
			}
			for day := range known {
				if day > at {
					delete(known, day) // the run tells of it
				}
			}
			known[at] = before
			for day, memory := range known {
				if diff := cmp.Diff(memory, as(day)); diff != "" {
					t.Fatalf("as of day %d, after a run of day %d:\n%s", day, at, diff)
				}
			}
		}
	})
}

// drawnRun draws a run of a few tokens, each under one of two grants.
func drawnRun(t *rapid.T, at int) *Entry {
	answers, tokens := says{}, []*audit.Token(nil)
	for id := range int64(3) {
		grant := token(id + 1 + 10*rapid.Int64Range(0, 1).Draw(t, "grant"))
		grant.TokenID = []int64{71, 72, 0}[id] // the third one's is not told
		grant.ExpiresAt = rapid.SampledFrom([]time.Time{day(30), day(60), {}}).Draw(t, "expires")
		if grant.Expired = rapid.IntRange(0, 4).Draw(t, "expired") == 0; grant.Expired {
			grant.ExpiresAt = time.Time{}
		}
		answers[grant.ID] = audit.Verdict{Status: rapid.SampledFrom([]audit.Status{
			audit.Fail, audit.Fail, audit.Pass, audit.Indeterminate,
		}).Draw(t, "answer")}
		if rapid.IntRange(0, 3).Draw(t, "listed") > 0 {
			tokens = append(tokens, grant)
		}
	}
	e := seen(day(at), tokens...)
	if rapid.IntRange(0, 3).Draw(t, "complete") == 0 {
		partly(e)
	}
	return judged(e, rule("r", answers))
}
