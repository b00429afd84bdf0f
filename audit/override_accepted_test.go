// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
)

// TestUnknownAccepted: while it is not known whether an override applies, a failure is accepted
// only as the graver reading has it, and not if another rule fails in the other reading. One that
// a name adds to what cannot be judged is not accepted, either.
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
			verdicts{fails(audit.Medium), pass, pass},
			verdicts{pass, fails(audit.High), pass},
			nil, "fail medium [a], indeterminate, pass",
		},
		{
			"another rule each, and the milder is accepted",
			verdicts{fails(audit.Medium), pass, pass},
			verdicts{pass, fails(audit.High), pass},
			map[string]audit.Severity{"x": audit.Medium},
			"indeterminate, indeterminate, pass",
		},
		{
			"another rule each, and what fails in both is accepted",
			verdicts{fails(audit.Medium), pass, fails(audit.High)},
			verdicts{pass, fails(audit.High), fails(audit.High)},
			map[string]audit.Severity{"z": audit.High},
			"fail medium [a], indeterminate, waived high [a]",
		},
		{
			"another severity each",
			verdicts{fails(audit.Low), fails(audit.High), pass},
			verdicts{fails(audit.High), fails(audit.Low), pass},
			nil, "fail low [a], fail high [a], pass",
		},
		{
			"named, and cannot be judged without the name",
			verdicts{{}, pass, pass},
			verdicts{fails(audit.High), pass, pass},
			map[string]audit.Severity{"x": audit.High},
			"indeterminate, pass by o, pass by o",
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
				When: audit.Condition{Permissions: []string{"contents:write"}},
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
			for _, f := range findingsOf(without(audit.FactPermissions), policy) {
				got = append(got, answer(f))
			}
			if got := strings.Join(got, ", "); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}
