// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"fmt"
	"testing"

	"github.com/complytime/pataudit/audit"
)

// TestBaseline: debt does not count; what is new, worse or overdue does.
func TestBaseline(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*audit.Debt)
		login  string
		want   audit.Outcome
		debt   string // accepted, left, worse, ended, waived, gone; "" for none
	}{
		{"as it was", func(*audit.Debt) {}, "ACME", audit.Clean, "1 1 0 0 0 0"},
		{"of any organization", func(*audit.Debt) {}, "", audit.Clean, "1 1 0 0 0 0"},
		{"of another", func(*audit.Debt) {}, "other", audit.Violations, ""},
		{
			"more", func(d *audit.Debt) { d.Basis = []string{"a"} }, "acme", audit.Violations,
			"1 0 1 0 0 0",
		},
		{
			"worse", func(d *audit.Debt) { d.Severity = audit.Low }, "acme", audit.Violations,
			"1 0 1 0 0 0",
		},
		{"past", func(d *audit.Debt) { d.Until = dayPast }, "acme", audit.Violations, "1 0 0 1 0 0"},
		{
			"past, and more", func(d *audit.Debt) { d.Until, d.Basis = dayPast, []string{"a"} }, "acme",
			audit.Violations, "1 0 1 0 0 0",
		},
		{"rule", func(d *audit.Debt) { d.Rule = "s" }, "acme", audit.Violations, "1 0 0 0 0 0"},
		{"token", func(d *audit.Debt) { d.ID = 2 }, "acme", audit.Violations, "1 0 0 0 0 1"},
		{
			"kind", func(d *audit.Debt) { d.Kind = audit.KindRequest }, "acme", audit.Violations,
			"1 0 0 0 0 1",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			debt := audit.Debt{
				Kind: audit.KindGrant, ID: 1, Rule: "r", Basis: []string{"a", "b"},
				Severity: audit.High, Until: thatDay,
			}
			test.change(&debt)
			policy := asked(asking("r", audit.Verdict{Status: audit.Fail, Basis: []string{"a", "b"}}, 0))
			policy.Baseline = &audit.Baseline{Organization: test.login, Debts: []audit.Debt{debt}}
			run := audit.Evaluate(seen(), policy, atNoon)
			if got := run.Outcome(); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
			got := ""
			if d := run.Debt; d != nil {
				got = fmt.Sprint(d.Accepted, d.Left, d.Worse, d.Ended, d.Waived, d.Gone)
				if d.Left > 0 && !d.Until.Equal(thatDay) {
					t.Errorf("until %s", d.Until)
				}
			}
			if got != test.debt {
				t.Errorf("debt %q, want %q", got, test.debt)
			}
			for result := range run.Results() {
				if f := result.Findings[0]; f.InBaseline != (test.want == audit.Clean) ||
					f.Status != audit.Fail || result.Severity != audit.High {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}

// TestDebtThatDoesNotFail: a finding that is waived, or not known any more, is not gone.
func TestDebtThatDoesNotFail(t *testing.T) {
	failing := audit.Verdict{Status: audit.Fail, Basis: []string{"a"}}
	waiver := &audit.Decision{
		TokenID: 11, OwnerID: 5, Kind: audit.Waive, Rule: "r", Severity: audit.Critical,
		Basis: []string{"a"}, Until: thatDay,
	}
	for _, test := range []struct {
		name    string
		verdict audit.Verdict
		waiver  *audit.Decision
		grant   int64
		list    audit.CoverageStatus
		want    string // left, worse, waived, gone, unseen
	}{
		{"waived", failing, waiver, 1, audit.Complete, "0 0 1 0 0"},
		{"passes", audit.Verdict{Status: audit.Pass}, nil, 1, audit.Complete, "0 0 0 1 0"},
		{
			"does not apply",
			audit.Verdict{Status: audit.NotApplicable},
			nil, 1, audit.Complete,
			"0 0 0 1 0",
		},
		{"cannot be judged", audit.Verdict{}, nil, 1, audit.Complete, "0 0 0 0 1"},
		{"not listed", failing, nil, 2, audit.Complete, "0 0 0 1 0"},
		{"in a list that is not whole", failing, nil, 2, audit.Partial, "0 0 0 0 1"},
	} {
		e := seen()
		for i := range e.Coverage {
			if e.Coverage[i].Source == audit.SourceTokens {
				e.Coverage[i].Status = test.list
			}
		}
		policy := asked(asking("r", test.verdict, 0))
		policy.Baseline = &audit.Baseline{Debts: []audit.Debt{{
			Kind: audit.KindGrant, ID: test.grant, Rule: "r", Basis: []string{"a"},
			Severity: audit.High, Until: thatDay,
		}}}
		if test.waiver != nil {
			policy.Decisions = []*audit.Decision{test.waiver}
		}
		d := audit.Evaluate(e, policy, atNoon).Debt
		if got := fmt.Sprint(d.Left, d.Worse, d.Waived, d.Gone, d.Unseen()); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// TestFailOnRequests: pending requests count only if the policy says so; no waiver is for them.
func TestFailOnRequests(t *testing.T) {
	ask := func(
		status audit.CoverageStatus, verdict audit.Verdict, change func(*audit.Policy, *audit.Options),
	) *audit.Run {
		e := seen()
		e.Tokens = []*audit.Token{{ID: 2, Known: ^audit.Facts(0)}}
		e.Requests = []*audit.Request{{Token: seen().Tokens[0]}}
		for i := range e.Coverage {
			if e.Coverage[i].Source == audit.SourceRequests {
				e.Coverage[i].Status = status
			}
		}
		rule := asking("r", verdict, 0)
		rule.Checker = checkerFunc(func(s *audit.Subject) audit.Verdict {
			if s.Request == nil {
				return audit.Verdict{Status: audit.Pass}
			}
			return verdict
		})
		policy := asked(rule)
		policy.Decisions = []*audit.Decision{{
			TokenID: 11, OwnerID: 5, Kind: audit.Waive, Rule: "r", Severity: audit.Critical,
			Basis: []string{"a"}, Until: thatDay,
		}}
		options := audit.Options{AsOf: noon, FailOnRequests: true}
		change(policy, &options)
		return audit.Evaluate(e, policy, options)
	}
	failing := audit.Verdict{Status: audit.Fail, Basis: []string{"a"}}
	for _, test := range []struct {
		name    string
		status  audit.CoverageStatus
		verdict audit.Verdict
		change  func(*audit.Policy, *audit.Options)
		want    audit.Outcome
	}{
		{"they fail", audit.Complete, failing, func(*audit.Policy, *audit.Options) {}, audit.Violations},
		{
			"they do not count", audit.Complete, failing,
			func(_ *audit.Policy, o *audit.Options) { o.FailOnRequests = false }, audit.Clean,
		},
		{"they are debt", audit.Complete, failing, func(p *audit.Policy, _ *audit.Options) {
			p.Baseline = &audit.Baseline{Debts: []audit.Debt{{
				Kind: audit.KindRequest, ID: 1, Rule: "r", Basis: []string{"a"},
				Severity: audit.High, Until: thatDay,
			}}}
		}, audit.Clean},
		{
			"they pass", audit.Complete,
			audit.Verdict{Status: audit.Pass},
			func(*audit.Policy, *audit.Options) {},
			audit.Clean,
		},
		{
			"they cannot be judged", audit.Complete,
			audit.Verdict{},
			func(*audit.Policy, *audit.Options) {},
			audit.Incomplete,
		},
		{
			"the list is refused", audit.Refused, failing, func(*audit.Policy, *audit.Options) {},
			audit.ViolationsIncomplete,
		},
		{
			"the list was not asked for", audit.NotAsked, failing, func(*audit.Policy, *audit.Options) {},
			audit.ViolationsIncomplete,
		},
	} {
		run := ask(test.status, test.verdict, test.change)
		if got := run.Outcome(); got != test.want {
			t.Errorf("%s: %s, want %s: %q", test.name, got, test.want, run.Incomplete)
		}
	}
}

// TestBaselineOf holds that an id tells whose debts they are, and the login where there is none.
func TestBaselineOf(t *testing.T) {
	for _, test := range []struct {
		login  string
		id     int64
		of     string
		ofID   int64
		want   bool
		reason string
	}{
		{"acme", 0, "ACME", 7, true, "the login alone"},
		{"acme", 7, "acme", 0, true, "an id that is not known"},
		{"acme", 7, "acme-inc", 7, true, "renamed"},
		{"acme", 7, "acme", 8, false, "the login is another's now"},
		{"acme", 0, "acme-inc", 7, false, "renamed, for all we know"},
		{"", 0, "acme", 7, true, "anybody's"},
	} {
		b := &audit.Baseline{Organization: test.login, OrganizationID: test.id}
		if got := b.Of(&audit.Organization{Login: test.of, ID: test.ofID}); got != test.want {
			t.Errorf("%s: %v", test.reason, got)
		}
	}
	if (*audit.Baseline)(nil).Of(&audit.Organization{Login: "acme"}) {
		t.Error("no baseline is somebody's")
	}
}
