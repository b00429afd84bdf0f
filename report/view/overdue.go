// SPDX-License-Identifier: Apache-2.0

package view

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"github.com/complytime/pataudit/audit"
)

// OverdueFinding is a finding that is overdue.
type OverdueFinding struct {
	Token    *audit.Token
	Rule     string
	severity audit.Severity
	Due      time.Time
}

// compareLate puts the worst first, and of those the oldest.
func compareLate(a, b OverdueFinding) int {
	return cmp.Or(cmp.Compare(b.severity, a.severity), a.Due.Compare(b.Due))
}

// overdue adds the findings of a token that are overdue.
func (f *Figures) overdue(r *audit.Result) {
	for _, finding := range r.Findings {
		if finding.Overdue {
			f.Overdue = append(f.Overdue, OverdueFinding{
				r.Token, finding.Rule.Rule.ID, finding.Severity, finding.Due,
			})
		}
	}
}

// OverdueAloneText returns how many of the tokens that break the policy do so by overdue findings
// alone; "" if none does.
func (f *Figures) OverdueAloneText() string {
	if f.OverdueAlone == 0 {
		return ""
	}
	return fmt.Sprintf(", %d of them by overdue findings alone", f.OverdueAlone)
}

// Overdue returns 1 for a token with a finding that is overdue, 0 for another.
func Overdue(r *audit.Result) int {
	for i := range r.Findings {
		if r.Findings[i].Overdue {
			return 1
		}
	}
	return 0
}

// OverdueOf returns whether a finding is overdue: "true" or "false"; "" of one without a due date.
func OverdueOf(f *audit.Finding) string {
	if f.Due.IsZero() {
		return ""
	}
	return strconv.FormatBool(f.Overdue)
}
