// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"reflect"

	"github.com/complytime/pataudit/audit"
)

// Warnings returns what in a policy may not be meant, though it can be asked; and which of its
// decisions attest what it does not claim.
func Warnings(p *audit.Policy) (warnings []string) {
	table := audit.GitHubPermissions()
	for _, info := range p.Permissions {
		if _, known := table.Find(info.Group, info.Name); known {
			warnings = append(warnings, fmt.Sprintf("%s: %s:%s is known by now, as of %s, and this "+
				"judges it otherwise: remove it unless that is meant", keyPermissions, info.Group,
				info.Name, table.AsOf))
		}
	}
	for i := range p.Rules {
		warnings = append(warnings, warningsOf(&p.Rules[i], "")...)
	}
	for i := range p.Overrides {
		o := &p.Overrides[i]
		for k := range o.Rules {
			where, id := "override "+o.Name+": ", o.Rules[k].Rule.ID
			if len(o.Set[id]) == 0 {
				continue
			}
			if !o.When.Replaces() && findsNoMore(&o.Rules[k], &p.Rules[k]) {
				warnings = append(warnings, where+id+": "+changesNothing)
			}
			warnings = append(warnings, warningsOf(&o.Rules[k], where)...)
		}
	}
	for _, d := range p.Decisions {
		if d.Kind == audit.Attest && p.Claims.Of(d.Setting) == "" {
			warnings = append(warnings, fmt.Sprintf("a decision attests %s of %s, and the policy "+
				"claims nothing of it: reports do not tell of it", d.Setting, d.Organization))
		}
	}
	return warnings
}

const changesNothing = "changes nothing: it is no stricter than the policy, beside which it is " +
	"judged; to loosen the policy, name an owner or a token, and no name or permission"

// findsNoMore reports whether a rule as an override has it can find nothing that the policy does
// not find.
func findsNoMore(override, policy *audit.PolicyRule) bool {
	return override.Severity <= policy.Severity && reflect.DeepEqual(
		parametersOf(override.Checker).values(), parametersOf(policy.Checker).values())
}

// warningsOf returns what a checker says of its parameters that may not be meant.
func warningsOf(rule *audit.PolicyRule, where string) (warnings []string) {
	checker, ok := rule.Checker.(interface{ Warnings() []string })
	if !ok || !rule.Asked {
		return nil
	}
	for _, warning := range checker.Warnings() {
		warnings = append(warnings, where+rule.Rule.ID+": "+warning)
	}
	return warnings
}
