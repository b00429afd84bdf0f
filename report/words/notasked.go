// SPDX-License-Identifier: Apache-2.0

package words

import (
	"strings"

	"github.com/complytime/pataudit/audit"
)

// What a run did not ask, and why.

// notAsked lists the rules that the run knows and did not ask.
func notAsked(run *audit.Run) []string {
	var ids []string
	for i := range run.Rules {
		if !run.Rules[i].Asked {
			ids = append(ids, run.Rules[i].Rule.ID)
		}
	}
	return ids
}

// WhyNotAsked returns why the run did not ask a rule, in a few words; "" of one that was asked.
func WhyNotAsked(r *audit.RuleCount) string {
	switch r.NotAsked {
	case audit.RuleOff:
		return "off in this policy"
	case audit.NoHistory:
		return "no history"
	case audit.NoEarlierRun:
		return "no earlier run"
	case audit.NoAuditLog:
		return "no audit log"
	case audit.NoRegistry:
		return "no registry of owners"
	case audit.Skipped:
		return "repository lists were not asked for"
	}
	return ""
}

// NotAsked lists the rules that were not asked, with the reason of each: "widened (no
// history); unreviewed-token (off in this policy)".
func NotAsked(run *audit.Run) string {
	var reasons []string
	rules := map[string][]string{}
	for i := range run.Rules {
		if r := &run.Rules[i]; !r.Asked {
			why := WhyNotAsked(r)
			if rules[why] == nil {
				reasons = append(reasons, why)
			}
			rules[why] = append(rules[why], r.Rule.ID)
		}
	}
	for i, why := range reasons {
		reasons[i] = strings.Join(rules[why], ", ") + " (" + why + ")"
	}
	return strings.Join(reasons, "; ")
}
