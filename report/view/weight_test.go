// SPDX-License-Identifier: Apache-2.0

package view_test

import (
	"slices"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// TestTally: a failure that a restored run does not hold is a violation.
func TestTally(t *testing.T) {
	run := reporttest.Lasting(func(p *audit.Policy) { p.FailOn = audit.High }).Runs[0]
	for extra, want := range []int{0, 1, 2} {
		for i := range run.Rules {
			if run.Rules[i].Rule.ID == "long-expiration" {
				run.Rules[i].Counts[audit.Fail] = 1 + extra
			}
		}
		c := view.Tally(run)["long-expiration"]
		if c[view.WeightViolation] != want || c[view.WeightBelow] != 1 {
			t.Errorf("%d more: %s", extra, c)
		}
	}
}

// TestReason: of a token that is open the reason is what could not be judged, and of no other.
func TestReason(t *testing.T) {
	seen := map[bool]int{}
	for name, d := range reporttest.Documents() {
		for _, run := range d.Runs {
			for r := range view.Both(run) {
				s := view.Stand(run, r)
				got := view.Reason(run, s, r.Findings)
				if unjudged := got != nil && view.Unjudged(got); unjudged != (s == view.Open) {
					t.Errorf("%s: token %d stands as %d, its reason is %v", name, r.Token.ID, s, got)
				}
				seen[s == view.Open]++
			}
		}
	}
	run := reporttest.Document(reporttest.Empty()).Runs[0]
	rule := &audit.PolicyRule{Required: true, Rule: &audit.Rule{ID: "r"}}
	open := &audit.Finding{Rule: rule, Status: audit.Indeterminate}
	fails := &audit.Finding{Rule: rule, Status: audit.Fail, Severity: audit.High}
	if view.Reason(run, view.Violates, []*audit.Finding{open, fails}) != fails ||
		view.Reason(run, view.Open, []*audit.Finding{fails, open}) != open {
		t.Error("the reason of a token that violates, or of one that is open, is another's")
	}
	if seen[true] == 0 || seen[false] == 0 {
		t.Errorf("seen: %v", seen)
	}
}

// TestDecidingKinds: what can be decided of a token has its lines, in their order, and each rule
// whose finding can be accepted is named once.
func TestDecidingKinds(t *testing.T) {
	run := reporttest.Document(reporttest.Violating()).Runs[0]
	deciding := view.NewDeciding(run, "pataudit", nil, nil)
	waivers := map[int]int{}
	for r := range run.Results() {
		var acceptable []string
		for _, f := range r.Findings {
			if _, may := deciding.Waive(r, f); may {
				acceptable = append(acceptable, f.Rule.Rule.ID)
			}
		}
		waivers[len(acceptable)]++
		kinds, rules := deciding.Kinds(r, r.Findings)
		lines, others := deciding.Lines(r, r.Findings)
		if !slices.Equal(rules, acceptable) ||
			slices.Contains(kinds, audit.Waive) != (len(acceptable) > 0) ||
			len(others) != max(0, len(acceptable)-1) || len(lines) != len(kinds) {
			t.Errorf("token %d: %v %v, lines %v and %v", r.Token.ID, kinds, rules, lines, others)
		}
		for i, line := range lines {
			if line.Words[3] != kinds[i] || line.For == "" {
				t.Errorf("token %d: %v is the line of %s", r.Token.ID, line, kinds[i])
			}
		}
	}
	if waivers[0] == 0 || waivers[1] == 0 || waivers[2] == 0 {
		t.Errorf("tokens by findings that can be accepted: %v", waivers)
	}
}
