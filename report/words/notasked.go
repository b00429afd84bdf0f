// SPDX-License-Identifier: Apache-2.0

package words

import (
	"slices"
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

// WhyNotAsked says why the run did not ask a rule, in a few words; "" if the rule is one that this
// version does not know.
func WhyNotAsked(run *audit.Run, r *audit.PolicyRule) string {
	needs := r.Rule.Needs
	switch {
	case needs == ^audit.Facts(0):
		return ""
	case needs.Has(audit.FactHistory) && run.Since == nil && run.Trend == nil:
		return "no history"
	case needs.Has(audit.FactHistory) && run.Since == nil:
		return "no earlier run"
	case needs.Has(audit.FactApproval) &&
		audit.CoverageOf(run.Coverage, audit.SourceAuditLog).Status == audit.NotAsked:
		return "no audit log"
	case slices.Contains(run.Skipped(), r.Rule.ID):
		return "repository lists were not asked for"
	}
	return "off in this policy"
}

// NotAsked lists the rules that were not asked, with the reason of each: "widened (no
// history); unreviewed-token (off in this policy)".
func NotAsked(run *audit.Run) string {
	var reasons []string
	rules := map[string][]string{}
	for i := range run.Rules {
		if r := &run.Rules[i].PolicyRule; !r.Asked {
			why := WhyNotAsked(run, r)
			if rules[why] == nil {
				reasons = append(reasons, why)
			}
			rules[why] = append(rules[why], r.Rule.ID)
		}
	}
	for i, why := range reasons {
		reasons[i] = strings.Join(rules[why], ", ")
		if why != "" {
			reasons[i] += " (" + why + ")"
		}
	}
	return strings.Join(reasons, "; ")
}
