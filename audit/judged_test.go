// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"reflect"
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
// the answers; and once again, however often, only for those that tell nothing.
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
		{Kind: audit.KindGrant, ID: 1, Rule: "fails"},
		{Kind: audit.KindRequest, ID: 2, Rule: "fails"},
		{Kind: audit.KindGrant, ID: 1, Rule: "passes"},
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
		r.All()
		if all := r.All(); len(all) != 2 || all[0].Status != audit.Pass || n.Load() != 3 ||
			!reflect.DeepEqual(all[1], r.Findings[0]) {
			t.Errorf("all are %+v, asked %d times", all, n.Load())
		}
	}
}

// narrow fails what reaches every repository.
type narrow struct{}

func (narrow) Check(s *audit.Subject) audit.Verdict {
	if s.Token.Selection == audit.SelectAll {
		return audit.Verdict{Status: audit.Fail}
	}
	return audit.Verdict{Status: audit.Pass}
}

// TestManyProposals holds that of many tokens the successors are not kept, and found again; of few
// they are kept.
func TestManyProposals(t *testing.T) {
	for _, many := range []int{20_000, 20_001} {
		e := seen()
		e.Tokens = nil
		for i := range int64(many) {
			e.Tokens = append(e.Tokens, &audit.Token{
				ID: i + 1, Selection: audit.SelectAll, Known: ^audit.Facts(0),
			})
		}
		rule := asking("wide", audit.Verdict{}, 0)
		rule.Checker = narrow{}
		run := audit.Evaluate(e, asked(rule), atNoon)
		for r := range run.Results() {
			first, again := r.Successors(), r.Successors()
			if len(first) != 1 || !reflect.DeepEqual(first, again) {
				t.Fatalf("of %d: proposed %+v, then %+v", many, first, again)
			}
			if kept := first[0] == again[0]; kept != (many <= 20_000) {
				t.Errorf("of %d: kept is %t", many, kept)
			}
			break
		}
	}
}
