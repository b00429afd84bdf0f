// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"

	"github.com/complytime/pataudit/audit"
)

// row is one token on the screen. It holds no result, so that a run of a million tokens can be
// sorted.
type row struct {
	run      *audit.Run
	standing standing
	severity audit.Severity // of the worst failing finding that is shown
	failing  int
	id       int64

	rule                                   string // of the worst finding
	token, owner, role, repositories, used string
	why, more                              string // more: the findings beside the worst, as " +2"

	mark string // what happened to it since the last complete run; "" is nothing
	late string // how long the worst finding is overdue, as "3 d late: "
}

// label is what the severity column says.
func (w *row) label() string { return labelOf(w.run, w.standing, w.severity) }

// marked is the label, with a mark on what is new or can do more than before.
func (w *row) marked() string { return strings.TrimSpace(w.label() + " " + w.mark) }

// roleText says what sets the owner apart from other members.
func roleText(t *audit.Token) string {
	if t.Owner != nil && t.Known.Has(audit.FactMembership) {
		switch t.Owner.Role {
		case audit.RoleAdmin:
			return ", org owner"
		case audit.RoleOutside:
			return ", outside"
		default: // like the others, or its being no member is the finding
		}
	}
	return ""
}

// repositoriesOf counts the organization's repositories. A report that was read back has no more
// of them than their number.
func repositoriesOf(run *audit.Run) (n int, known bool) {
	if run.Organization.Known.Has(audit.FactOrganizationRepositories) {
		return len(run.Organization.Repositories), true
	}
	for _, c := range run.Coverage {
		if c.Source == audit.SourceOrganizationRepositories && c.Status == audit.Complete {
			return c.Items, true
		}
	}
	return 0, false
}
