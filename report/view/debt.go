// SPDX-License-Identifier: Apache-2.0

package view

import (
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// withoutBaseline returns what would break the policy without the baseline, of a run whose tokens
// do not; "" if nothing would.
func withoutBaseline(run *audit.Run) string {
	if run.Debt == nil || run.Summary.Violating > 0 {
		return ""
	}
	tokens, requests := Sum(run.Summary.IndebtedBy), 0
	if run.Policy.FailOnRequests {
		for r := range run.Requests() {
			if r.Severity >= run.Policy.FailOn && r.New < run.Policy.FailOn {
				requests++
			}
		}
	}
	var carriers []string
	if tokens > 0 {
		carriers = append(carriers, safe.Plural(tokens, "token"))
	}
	if requests > 0 {
		carriers = append(carriers, safe.Plural(requests, "pending request"))
	}
	if len(carriers) == 0 {
		return ""
	}
	text := strings.Join(carriers, " and ") + " carry accepted debt"
	if tokens+requests == 1 {
		text = carriers[0] + " carries accepted debt"
	}
	if tokens > 0 {
		text += " (" + BySeverity(run.Summary.IndebtedBy[:], audit.Info) + ")"
	}
	return text + On(" until ", run.Debt.Until)
}
