// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"math"
	"slices"
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

// modelAsks are what the policies ask that take turns; the last one never does.
var modelAsks = []string{"some", "some", "more", "other", "never"}

// model is the naive judge of what the store remembers: it looks at all runs each time.
type model []modelRun

// modelRow is since when, and until when, a token fails the rule by a question.
type modelRow struct {
	asks            string
	first, closedOn int
	closed          bool
	opened          int // the day of the run that opened it
}

// rows folds the runs in the order of their saving.
func (m model) rows(token int64) (rows []*modelRow) {
	for i, run := range m {
		if !run.asked {
			continue
		}
		first := run.at
		if oldest, open := earliest(rows, run.at, ""); open && !m[:i].asksBefore(run.asks, run.at) {
			first = oldest
		}
		var own *modelRow
		for _, row := range rows {
			if row.asks == run.asks && !row.closed {
				own = row
			}
		}
		next, later := m[:i].asksNext(run.asks, run.at)
		status, listed := run.answers[token]
		over := listed && status == audit.Pass && run.complete
		switch standing := listed && status == audit.Fail; {
		case own == nil && later, over && own == nil:
		case own == nil && (standing || first < run.at):
			rows = append(rows, &modelRow{asks: run.asks, first: first, opened: run.at})
		case own != nil && (standing || first < run.at && !over) && (!later || own.first <= next):
			own.first = min(own.first, first)
		case own != nil && over && !later && max(own.first, own.opened) <= run.at:
			own.closed, own.closedOn = true, run.at
		}
		m[:i].noteOlder(rows, run)
	}
	return rows
}

// noteOlder moves back what a question that was first asked later found then, to what is open by a
// run's.
func (m model) noteOlder(rows []*modelRow, run modelRun) {
	own, open := earliest(slices.DeleteFunc(slices.Clone(rows), func(row *modelRow) bool {
		return row.closed
	}), math.MaxInt, run.asks)
	for _, row := range rows {
		if open && !row.closed && row.asks != run.asks && !m.asksBefore(row.asks, run.at+1) &&
			!m.asksBefore(row.asks, row.first) {
			row.first = min(row.first, own)
		}
	}
}

// earliest returns since when the oldest of the rows is open that was open before a day.
func earliest(rows []*modelRow, before int, asks string) (first int, open bool) {
	for _, row := range rows {
		if (asks == "" || row.asks == asks) && row.first < before &&
			(!row.closed || row.closedOn >= before) && (!open || row.first < first) {
			first, open = row.first, true
		}
	}
	return first, open
}

// since tells since when a token fails for who asks.
func (m model) since(token int64, asks string) (at int, open bool) {
	by := asks
	if !m.asksBefore(asks, math.MaxInt) {
		by = ""
	}
	return earliest(m.rows(token), math.MaxInt, by)
}

// asksBefore reports whether a run before a day asked the same.
func (m model) asksBefore(asks string, before int) bool {
	return slices.ContainsFunc(m, func(run modelRun) bool {
		return run.asked && run.asks == asks && run.at < before
	})
}

// asksNext returns when a complete run after a day first asked the same.
func (m model) asksNext(asks string, after int) (next int, later bool) {
	for _, run := range m {
		if run.complete && run.asked && run.asks == asks && run.at > after &&
			(!later || run.at < next) {
			next, later = run.at, true
		}
	}
	return next, later
}

// TestModel holds that what is remembered is what a naive judge of the same runs says.
func TestModel(t *testing.T) {
	t.Parallel()
	s := emptied(t)
	rapid.Check(t, func(t *rapid.T) {
		s.empty(t)
		days := rapid.SliceOfNDistinct(rapid.IntRange(0, 30), 2, 9, rapid.ID).Draw(t, "days")
		var m model
		for _, at := range days {
			m = append(m, modelRun{
				at: at, complete: rapid.IntRange(0, 3).Draw(t, "complete") > 0,
				asked: rapid.IntRange(0, 3).Draw(t, "asked") > 0,
				asks:  rapid.SampledFrom(modelAsks[:4]).Draw(t, "asks"),
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
	for _, asks := range modelAsks[1:] {
		memory := recalledBy(t, s, asks, time.Time{})
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
			at, open := m.since(id, asks)
			got := since(memory, id)
			if open != !got.IsZero() || open && !got.Equal(day(at)) {
				t.Fatalf("token %d, %s: open %v on day %d, got %v", id, asks, open, at, got)
			}
		}
	}
}

// TestNoRunIsItsOwnPast holds that what is remembered as of an instant is what was known before
// it: the run of that instant changes nothing about it, nor does any later one, whatever grants
// its tokens have.
func TestNoRunIsItsOwnPast(t *testing.T) {
	t.Parallel()
	s := emptied(t)
	rapid.Check(t, func(t *rapid.T) {
		s.empty(t)
		asks := rapid.SampledFrom(modelAsks[1:]).Draw(t, "recalled by who asks")
		as := func(at int) *audit.Memory { return recalledBy(t, s, asks, day(at)) }
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
	asks := rapid.SampledFrom(modelAsks[:4]).Draw(t, "asks")
	e.Digest += asks // or of two that ask on one day, the second would be the same run again
	entry := judged(e, rule("r", answers))
	entry.Criteria.Asks = map[string]string{"r": asks}
	return entry
}
