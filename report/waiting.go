// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// requests says what waits for approval, and shows what of it would break the policy.
func (b *block) requests() {
	text, bad := b.requestsText()
	if text == "" {
		return
	}
	sgr := sgrNone
	if len(bad) > 0 && b.run.Policy.FailOnRequests {
		sgr = sgrYellow
	}
	b.say(sgr, "REQUESTS", text, "")
	b.denials(b.shown(bad))
	if len(bad) > 0 {
		b.say(sgrDim, "", "ready texts to deny them: sheet Requests of a workbook, requests[].denial "+
			"in JSON", "")
	}
}

// requestRules counts the requests that fail what is asked of requests alone: "; 2 request-reason,
// 1 request-waiting". Where that breaks the policy, it counts there as well.
func (b *block) requestRules() string {
	var parts []string
	for i := range b.run.Rules {
		rule, n := b.run.Rules[i].Rule, 0
		if !rule.OfRequests {
			continue
		}
		for r := range b.run.Requests() {
			n += failuresOf(r, rule.ID)
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, rule.ID))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "; " + strings.Join(parts, ", ")
}

func failuresOf(r *audit.Result, rule string) (n int) {
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Status == audit.Fail && f.Rule.Rule.ID == rule {
			n++
		}
	}
	return n
}

// denials shows a line for each request that breaks the policy.
func (b *block) denials(bad []*audit.Result) {
	for i, r := range bad {
		if i == mostNames && len(bad) > mostNames+1 && b.doc.View.Only == "" {
			b.say(sgrNone, "", fmt.Sprintf("and %d more", len(bad)-i), "")
			break
		}
		findings, _ := b.doc.View.choose(r)
		reason := decisive(b.run, violates, findings)
		if reason == nil {
			continue
		}
		text := fmt.Sprintf("%s (%s, %s): ", shortName(r.Token), ownerLogin(r.Token),
			waiting(r.Request, b.run.AsOf))
		more := ""
		if n := failures(findings); n > 1 {
			more = fmt.Sprintf(" +%d", n-1)
		}
		room := b.width - labelled - len(more)
		label := r.New.String()
		b.say(colorOf(label), label, safe.Truncate(text+why(reason), room)+more, "")
	}
}
