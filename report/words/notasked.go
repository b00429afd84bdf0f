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

var whyNotAsked = map[audit.WhyNotAsked]string{
	audit.RuleOff: "off in this policy", audit.NoHistory: "no history",
	audit.NoEarlierRun: "no earlier run", audit.NoAuditLog: "no audit log",
	audit.NoRegistry: "no registry of owners", audit.Skipped: "repository lists were not asked for",
}

// WhyNotAsked returns why the run did not ask a rule, in a few words; "" of one that was asked.
func WhyNotAsked(r *audit.RuleCount) string { return whyNotAsked[r.NotAsked] }

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
