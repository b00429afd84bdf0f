// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"

	"github.com/complytime/pataudit/audit"
)

// Warnings says what in a policy may not be meant, though it can be asked.
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
			if len(o.Set[o.Rules[k].Rule.ID]) > 0 {
				warnings = append(warnings, warningsOf(&o.Rules[k], "override "+o.Name+": ")...)
			}
		}
	}
	return warnings
}

// warningsOf asks a checker what of its parameters may not be meant.
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
