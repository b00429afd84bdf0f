// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"time"

	"github.com/complytime/pataudit/audit"
)

// late is a finding that is overdue.
type late struct {
	token    *audit.Token
	rule     string
	severity audit.Severity
	due      time.Time
}

// compareLate puts the worst first, and of those the oldest.
func compareLate(a, b late) int {
	return cmp.Or(cmp.Compare(b.severity, a.severity), a.due.Compare(b.due))
}

// overdue adds the findings of a token that are overdue.
func (f *figures) overdue(r *audit.Result) {
	for i := range r.Findings {
		if finding := &r.Findings[i]; finding.Overdue {
			f.late = append(f.late, late{
				r.Token, finding.Rule.Rule.ID, finding.Severity, finding.Due,
			})
		}
	}
}

// belatedText says how many of the tokens that break the policy are overdue and no more.
func (f *figures) belatedText() string {
	if f.belated == 0 {
		return ""
	}
	return fmt.Sprintf(", %d of them by overdue findings alone", f.belated)
}

// overdue is 1 for a token with a finding that is overdue, 0 for another.
func overdue(r *audit.Result) int {
	for i := range r.Findings {
		if r.Findings[i].Overdue {
			return 1
		}
	}
	return 0
}
