// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
)

// TestUnknownAccepted: while it is not known whether an override applies, a failure is accepted
// only as the worst reading has it. One beside what cannot be judged is accepted by nothing.
func TestUnknownAccepted(t *testing.T) {
	fails := func(severity audit.Severity) audit.Verdict {
		return audit.Verdict{Status: audit.Fail, Severity: severity, Basis: []string{"a"}}
	}
	pass := audit.Verdict{Status: audit.Pass}
	type verdicts [3]audit.Verdict
	for _, test := range []struct {
		name             string
		policy, override verdicts
		accepted         map[string]audit.Severity
		want             string
	}{
		{
			"at the milder severity",
			verdicts{fails(audit.High), pass, pass},
			verdicts{fails(audit.Low), pass, pass},
			map[string]audit.Severity{"x": audit.Low},
			"fail low [a] by o, pass, pass",
		},
		{
			"at the graver severity",
			verdicts{fails(audit.High), pass, pass},
			verdicts{fails(audit.Low), pass, pass},
			map[string]audit.Severity{"x": audit.High},
			"waived low [a] by o, pass, pass",
		},
		{
			"another rule each",
			verdicts{fails(audit.Medium), pass, fails(audit.High)},
			verdicts{pass, fails(audit.High), fails(audit.High)},
			map[string]audit.Severity{"x": audit.High, "z": audit.High},
			"indeterminate, indeterminate, waived high [a]",
		},
		{
			"another severity each",
			verdicts{fails(audit.Low), fails(audit.High), pass},
			verdicts{fails(audit.High), fails(audit.Low), pass},
			nil, "fail low [a], fail low [a] by o, pass",
		},
		{
			"named, and cannot be judged without the name",
			verdicts{{}, pass, pass},
			verdicts{fails(audit.High), pass, pass},
			map[string]audit.Severity{"x": audit.High},
			"fail high [a] by o, pass, pass",
		},
		{
			"named, and cannot be judged by the name",
			verdicts{fails(audit.High), pass, pass},
			verdicts{{}, pass, pass},
			map[string]audit.Severity{"x": audit.High},
			"fail high [a], pass, pass",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			rules := func(v verdicts) []audit.PolicyRule {
				return []audit.PolicyRule{
					asking("x", v[0], 0), asking("y", v[1], 0), asking("z", v[2], 0),
				}
			}
			policy := asked(rules(test.policy)...)
			policy.Overrides = []audit.Override{{
				Name: "o", Rules: rules(test.override),
				When: audit.Condition{Tokens: []int64{11}, Repositories: []string{"*"}},
			}}
			if strings.HasPrefix(test.name, "named") {
				policy.Overrides[0].When = audit.Condition{Names: []string{"release-*"}}
			}
			for rule, severity := range test.accepted {
				policy.Decisions = append(policy.Decisions, &audit.Decision{
					TokenID: 11, OwnerID: 5, Kind: audit.Waive, Rule: rule, Basis: []string{"a"},
					Severity: severity, Until: thatDay,
				})
			}
			var got []string
			for _, f := range findingsOf(without(audit.FactRepositories), policy) {
				got = append(got, answer(f))
			}
			if got := strings.Join(got, ", "); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// TestPerhapsViolates: a token that perhaps violates the policy by more than is certain is not
// clean, unless somebody accepted that.
func TestPerhapsViolates(t *testing.T) {
	fails := func(severity audit.Severity) []audit.PolicyRule {
		return []audit.PolicyRule{asking("x", audit.Verdict{
			Status: audit.Fail, Severity: severity, Basis: []string{"a"},
		}, 0)}
	}
	policy := asked(fails(audit.Low)...)
	policy.Overrides = []audit.Override{{
		Name: "o", Rules: fails(audit.High),
		When: audit.Condition{Repositories: []string{"infra-*"}},
	}}
	e := without(audit.FactRepositories)
	run := audit.Evaluate(e, policy, atNoon)
	if run.Outcome() != audit.Incomplete || !hasGap(run.Incomplete, audit.GapOverrides) {
		t.Errorf("%v, %q", run.Outcome(), run.Incomplete)
	}
	const message = "; perhaps high, for it is not known whether the override o applies"
	if got := findingsOf(e, policy)[0].Message; got != message {
		t.Errorf("%q", got)
	}
	for severity, want := range map[audit.Severity]audit.Outcome{
		audit.Low: audit.Incomplete, audit.High: audit.Clean,
	} {
		policy.Decisions = []*audit.Decision{{
			TokenID: 11, OwnerID: 5, Kind: audit.Waive, Rule: "x", Basis: []string{"a"},
			Severity: severity, Until: thatDay,
		}}
		if got := audit.Evaluate(e, policy, atNoon).Outcome(); got != want {
			t.Errorf("accepted at %s: %v", severity, got)
		}
	}
	policy.Decisions = nil
	e.Requests = []*audit.Request{{Token: e.Tokens[0]}}
	options := atNoon
	policy.FailOn, options.FailOnRequests = audit.High, true
	if run := audit.Evaluate(e, policy, options); len(run.Incomplete) != 2 {
		t.Errorf("requests: %q", run.Incomplete)
	}
}

// TestUnknownReach: an override that may loosen where the token reaches nothing else is not known
// to, if it is not known what the token reaches.
func TestUnknownReach(t *testing.T) {
	fails := audit.Verdict{Status: audit.Fail, Basis: []string{"a"}}
	policy := asked(asking("r", fails, 0))
	policy.Overrides = []audit.Override{{
		Name: "docs of the bot", Rules: []audit.PolicyRule{asking("r", audit.Verdict{
			Status: audit.Pass,
		}, 0)},
		When: audit.Condition{Owners: accounts(5), Repositories: []string{"*"}},
	}}
	set := func(selection audit.Selection, repositories ...*audit.Repository) *audit.Evidence {
		e := reaching()
		e.Tokens[0].Selection, e.Tokens[0].Repositories = selection, repositories
		return e
	}
	for name, test := range map[string]struct {
		e    *audit.Evidence
		want string
	}{
		"a subset":         {reaching(), "pass by docs of the bot"},
		"an empty subset":  {set(audit.SelectSubset), "fail high [a]"},
		"all":              {set(audit.SelectAll), "fail high [a]"},
		"none":             {set(audit.SelectNone), "fail high [a]"},
		"unknown":          {without(audit.FactSelection), "indeterminate"},
		"an unknown list":  {without(audit.FactRepositories), "indeterminate"},
		"an unknown owner": {without(audit.FactOwner), "indeterminate"},
	} {
		f := findingsOf(test.e, policy)[0]
		if got := answer(f); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
		const doubt = "cannot be judged: it is not known whether the override docs of the bot applies"
		if f.Status == audit.Indeterminate && (f.Message != doubt || f.Missing == 0) {
			t.Errorf("%s: %q, missing %s", name, f.Message, f.Missing)
		}
	}
}

// TestContestedOverride: of several active grants that claim one token, an override of that token
// loosens none.
func TestContestedOverride(t *testing.T) {
	policy := asked(asking("r", audit.Verdict{Status: audit.Fail, Basis: []string{"a"}}, 0))
	policy.Overrides = []audit.Override{{
		Name: "o", When: audit.Condition{Tokens: []int64{11}},
		Rules: []audit.PolicyRule{asking("r", audit.Verdict{Status: audit.Pass}, 0)},
	}}
	e := reaching()
	another := *e.Tokens[0]
	another.ID = 2
	e.Tokens = append(e.Tokens, &another)
	for result := range audit.Evaluate(e, policy, atNoon).Results() {
		if got := answer(result.All()[0]); got != "indeterminate" {
			t.Errorf("grant %d: %s", result.Token.ID, got)
		}
	}
}
