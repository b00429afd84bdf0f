// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// What is left of a baseline. It does not count, and is not nothing: a verdict that holds by it
// says so.

// owed says what would break the policy without the baseline, of a run whose tokens do not; "" if
// nothing would.
func owed(run *audit.Run) string {
	if run.Debt == nil || run.Summary.Violating > 0 {
		return ""
	}
	tokens, requests := 0, 0
	for _, n := range run.Summary.IndebtedBy {
		tokens += n
	}
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
		text += " (" + bySeverity(run.Summary.IndebtedBy[:], audit.Info) + ")"
	}
	return text + untilText(run.Debt)
}

func untilText(d *audit.DebtCount) string {
	if d.Until.IsZero() {
		return ""
	}
	return " until " + dayOf(d.Until)
}

// debt says what became of the baseline.
func (b *block) debt() {
	if b.run.Debt != nil {
		sgr := sgrNone
		if b.run.Debt.Worse+b.run.Debt.Ended > 0 {
			sgr = sgrYellow
		}
		b.say(sgr, "DEBT", debtText(b.run.Debt, b.figures), "")
	}
}

func debtText(d *audit.DebtCount, f *figures) string {
	text := fmt.Sprintf("%s accepted, %d left", safe.Plural(d.Accepted, "finding"), d.Left)
	if d.Left > 0 {
		text += untilText(d)
	}
	known := 0
	for _, n := range f.debts {
		known += n
	}
	if known > 0 && known == d.Left { // else the report holds a part of them
		text += " (" + bySeverity(f.debts[:], audit.Info) + ")"
	}
	ended := "past their last day, which counts"
	if d.Ended == 1 {
		ended = "past its last day, which counts"
	}
	for _, became := range []struct {
		n    int
		what string
	}{
		{d.Worse, "worse, which counts"},
		{d.Ended, ended},
		{d.Waived, "waived"},
		{d.Unseen(), "not judged"},
		{d.Gone, "gone"},
	} {
		if became.n > 0 {
			text += fmt.Sprintf(", %d %s", became.n, became.what)
		}
	}
	return text
}
