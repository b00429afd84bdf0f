// SPDX-License-Identifier: Apache-2.0

package report

import (
	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// signatures are room for the people who answer for the review.
func (p *pen) signatures() {
	p.head(rightHalf, "Sign-off", "Name", "", "", "Date", "Signature")
	for _, role := range []string{"Prepared", "Reviewed", "Approved"} {
		p.next()
		p.try(p.book.f.SetRowHeight(summarySheet, p.row, 24))
		p.cells(rightHalf, role)
		p.across(rightHalf+1, rightHalf+3, p.style.sign, "")
		p.across(rightHalf+4, rightHalf+4, p.style.sign, "")
		p.across(lastPlace, lastPlace, p.style.sign, "")
	}
}

// origin names the policy, the evidence and the program: what the page rests on.
func (p *pen) origin(run *audit.Run, d *view.Document) {
	p.next()
	p.across(1, lastPlace, p.style.header, "Policy and run")
	row := func(label, text string) {
		p.next()
		p.cells(1, label)
		p.across(2, lastPlace, p.style.remark, text)
		p.high(text, 125, summaryRow)
	}
	name := run.Policy.Name + "; violations from " + run.Policy.FailOn.String() + " up"
	if by := words.Ratified(run.Policy.Ratified); by != "" {
		name += "; " + by
	}
	row("Policy", name)
	row("Policy digest", run.Policy.Digest)
	row("Evidence", "collected "+words.Minute(run.CollectedAt)+", digest "+run.Digest)
	row("Judged by", d.Tool.Name+" "+d.Tool.Version)
	p.next()
}
