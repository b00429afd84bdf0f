// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"sync/atomic"
	"testing"

	"github.com/complytime/pataudit/audit"
)

// counting is a checker that counts how often it is asked.
type counting struct {
	verdict audit.Verdict
	asked   *atomic.Int64
}

func (c counting) Check(*audit.Subject) audit.Verdict {
	c.asked.Add(1)
	return c.verdict
}

// TestJudgedOnce holds that a rule is asked once of each token and request, whatever is made of
// the answers; and again only for those that tell nothing.
func TestJudgedOnce(t *testing.T) {
	var n atomic.Int64
	fail := asking("fails", audit.Verdict{}, 0)
	fail.Checker = counting{audit.Verdict{Status: audit.Fail, Basis: []string{"a"}}, &n}
	pass := asking("passes", audit.Verdict{Status: audit.Pass}, 0)
	e := seen()
	e.Requests = []*audit.Request{{Token: &audit.Token{ID: 2, Known: ^audit.Facts(0)}}}
	last := audit.Evaluate(e, asked(pass, fail), atNoon)
	n.Store(0)

	p := asked(pass, fail)
	p.Decisions = []*audit.Decision{
		{TokenID: 11, OwnerID: 5, Kind: audit.Waive, Rule: "fails", Until: noon},
	}
	p.Baseline = &audit.Baseline{Debts: []audit.Debt{
		{Kind: audit.KindToken, GrantID: 1, Rule: "fails"},
		{Kind: audit.KindRequest, GrantID: 2, Rule: "fails"},
		{Kind: audit.KindToken, GrantID: 1, Rule: "passes"},
	}}
	run := audit.Evaluate(e, p, audit.Options{AsOf: noon, Memory: &audit.Memory{Last: last}})
	for range 2 {
		for r := range run.Results() {
			if len(r.Findings) != 1 || r.Findings[0].Rule.Rule.ID != "fails" {
				t.Errorf("keeps %+v", r.Findings)
			}
		}
		for r := range run.Requests() {
			if len(r.Findings) != 1 {
				t.Errorf("keeps %+v", r.Findings)
			}
		}
	}
	if audit.Diff(run, run); n.Load() != 2 {
		t.Errorf("asked %d times of two", n.Load())
	}
	if run.Debt.Worse != 2 || run.Debt.Gone != 1 {
		t.Errorf("%+v", run.Debt)
	}
	for r := range run.Results() {
		if all := r.All(); len(all) != 2 || all[0].Status != audit.Pass || n.Load() != 3 {
			t.Errorf("all are %+v, asked %d times", all, n.Load())
		}
	}
}
