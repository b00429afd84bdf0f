// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
)

// remembered are the options of a run at noon with the memory of one complete run, a month ago.
func remembered(past map[int64]*audit.Past) audit.Options {
	old := evidenceOf(func(e *audit.Evidence) { e.CollectedAt = noon.AddDate(0, -1, 0) })
	return audit.Options{AsOf: noon, Memory: &audit.Memory{
		Last:    audit.Evaluate(old, asked(wide), audit.Options{}),
		LastRun: 12, Earlier: true, Tokens: past,
		Trend: []audit.Point{{AsOf: old.CollectedAt, Tokens: 3}},
	}}
}

func writing(e *audit.Evidence) { e.Tokens[0].Permissions = right("write") }

// TestMemory holds what a run says of the time since the last complete one.
func TestMemory(t *testing.T) {
	run := audit.Evaluate(evidenceOf(func(e *audit.Evidence) {
		writing(e)
		e.Tokens[2].ID = 4
		e.Tokens[2].TokenID = 44
	}), asked(wide), remembered(nil))
	want := audit.Since{
		Outcome: audit.Clean,
		Run:     12, AsOf: noon.AddDate(0, -1, 0), New: 1, Gone: 1, Widened: 1, Opened: 1,
		GoneTokens: evidenceOf(nil).Tokens[2:3],
	}
	if run.Since == nil || !reflect.DeepEqual(*run.Since, want) {
		t.Errorf("got %+v, want %+v", run.Since, want)
	}
	results := slices.Collect(run.Results())
	if got := results[0].Gained; len(got) != 1 || results[1].Gained != nil {
		t.Errorf("gained %v and %v", got, results[1].Gained)
	}
	if len(run.Trend) != 1 || run.Point().Violating != 1 {
		t.Errorf("trend %v, %v", run.Trend, run.Point())
	}
	if run := audit.Evaluate(evidenceOf(writing), asked(wide), atNoon); run.Since != nil {
		t.Error("speaks of an earlier run without a memory")
	}
}

// TestOverdue holds from when a finding's term counts, and what has none.
func TestOverdue(t *testing.T) {
	day := func(n int) time.Time { return noon.AddDate(0, 0, -n) }
	past := func(first time.Time) map[int64]*audit.Past {
		return map[int64]*audit.Past{1: {Failing: map[string]time.Time{"wide": first}}}
	}
	terms := map[audit.Severity]int{audit.High: 30}
	accepted := []*audit.Decision{{
		Kind: audit.Waive, TokenID: 11, OwnerID: 5, Rule: "wide", Basis: []string{"write"},
		Severity: audit.High, On: day(1), Until: noon.AddDate(0, 1, 0),
	}}
	for name, test := range map[string]struct {
		past      map[int64]*audit.Past
		terms     map[audit.Severity]int
		decisions []*audit.Decision
		first     time.Time
		overdue   bool
	}{
		"new":              {nil, terms, nil, noon, false},
		"on the day":       {past(day(30)), terms, nil, day(30), false},
		"a day later":      {past(day(31)), terms, nil, day(31), true},
		"no term":          {past(day(999)), nil, nil, day(999), false},
		"another severity": {past(day(999)), map[audit.Severity]int{audit.Low: 1}, nil, day(999), false},
		"waived":           {past(day(31)), terms, accepted, day(31), false},
		"in days to come":  {past(day(-5)), terms, nil, noon, false},
		"another rule's":   {map[int64]*audit.Past{1: {}}, terms, nil, noon, false},
		"of another token": {map[int64]*audit.Past{2: past(day(99))[1]}, terms, nil, noon, false},
	} {
		t.Run(name, func(t *testing.T) {
			p, options := asked(wide), remembered(test.past)
			p.SLA, p.Decisions, p.FailOn = test.terms, test.decisions, audit.Critical
			run := audit.Evaluate(evidenceOf(writing), p, options)
			f := slices.Collect(run.Results())[0].Findings[0]
			if !f.FirstSeen.Equal(test.first) || f.Overdue != test.overdue {
				t.Errorf("first seen %v, overdue %v", f.FirstSeen, f.Overdue)
			}
			if (run.Summary.Overdue > 0) != test.overdue || run.Outcome() != audit.Clean {
				t.Errorf("%d overdue, %v", run.Summary.Overdue, run.Outcome())
			}
			options.FailOnOverdue = true
			outcome := audit.Evaluate(evidenceOf(writing), p, options).Outcome()
			if (outcome == audit.Violations) != test.overdue {
				t.Errorf("failing on what is overdue: %v", outcome)
			}
		})
	}
}

// TestRemembersTheToken holds that a token is known again under a new grant.
func TestRemembersTheToken(t *testing.T) {
	first := noon.AddDate(0, -3, 0)
	past := map[int64]*audit.Past{
		1: {TokenID: 11, FirstSeen: first, Failing: map[string]time.Time{"wide": first}},
	}
	run := audit.Evaluate(evidenceOf(func(e *audit.Evidence) {
		e.Tokens[0].ID, e.Tokens[0].Permissions = 101, right("write")
		e.Tokens = append(e.Tokens[1:], e.Tokens[0])
	}), asked(wide), remembered(past))
	results := slices.Collect(run.Results())
	if got := results[2]; got.Past == nil || !got.Findings[0].FirstSeen.Equal(first) ||
		len(got.Gained) != 1 {
		t.Errorf("under a new grant: %+v", got)
	}
}

// TestHistoryIsAsked holds that a rule that compares is asked with an earlier run only.
func TestHistoryIsAsked(t *testing.T) {
	rule := asking("compares", audit.Verdict{Status: audit.Pass}, audit.FactHistory)
	p := asked(wide, rule)
	if run := audit.Evaluate(evidenceOf(nil), p, atNoon); run.Rules[1].Asked {
		t.Error("asked without a memory")
	}
	run := audit.Evaluate(evidenceOf(nil), p, remembered(nil))
	if !run.Rules[1].Asked || run.Rules[1].Counts[audit.Pass] != 3 {
		t.Errorf("answers %v", run.Rules[1].Counts)
	}
	first := atNoon
	first.Memory = &audit.Memory{}
	if run = audit.Evaluate(evidenceOf(nil), p, first); run.Rules[1].Asked || run.Since != nil {
		t.Error("asked at the first run")
	}
}
