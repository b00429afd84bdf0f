// SPDX-License-Identifier: Apache-2.0

package table

import (
	"fmt"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// requests shows what of the pending requests would break the policy.
func (b *block) requests() {
	_, bad := words.Requests(b.Run)
	b.denials(words.ShownRequests(b.Part, bad))
	if len(bad) > 0 {
		b.Say(
			screen.Dim,
			"",
			"ready texts to deny them: sheet Requests of a workbook, requests[].denial "+
				"in JSON",
			"",
		)
	}
}

// denials shows a line for each request that breaks the policy.
func (b *block) denials(bad []*audit.Result) {
	for i, r := range bad {
		if i == words.MostNames && len(bad) > words.MostNames+1 && b.Doc.View.Only == "" && !b.log() {
			b.Say(screen.None, "", fmt.Sprintf("and %d more", len(bad)-i), "")
			break
		}
		findings, _ := b.Doc.View.Choose(r)
		reason := view.Decisive(b.Run, view.Violates, findings)
		if reason == nil {
			continue
		}
		text := fmt.Sprintf("%s (%s, %s): ", words.ShortName(r.Token), words.OwnerLogin(r.Token),
			words.Waiting(r.Request, b.Run.AsOf))
		more := ""
		if n := view.Failures(findings); n > 1 {
			more = fmt.Sprintf(" +%d", n-1)
		}
		label := r.New.String()
		b.Say(screen.SeverityColor(label), label,
			b.reason(text, words.Why(reason), more, b.Width-screen.LabelWidth), "")
	}
}
