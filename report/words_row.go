// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// row is one token on the screen. It holds no result, so that a run of a million tokens can be
// sorted.
type row struct {
	view.Place

	rule                                   string // of the worst finding
	token, owner, role, repositories, used string
	why, more                              string // more: the findings beside the worst, as " +2"

	mark string // what happened to it since the last complete run; "" is nothing
	late string // how long the worst finding is overdue, as "3 d late: "
}

// marked is the label, with a mark on what is new or can do more than before.
func (w *row) marked() string { return strings.TrimSpace(w.Label() + " " + w.mark) }

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

// compareRows puts rows in the order of their places.
func compareRows(a, b *row) int { return view.ComparePlaces(&a.Place, &b.Place) }

func rowOf(b *view.Part, r *audit.Result, s view.Standing, findings []*audit.Finding) *row {
	t := r.Token
	w := &row{
		Place:        view.Place{Run: b.Run, Standing: s, ID: t.ID},
		token:        safe.Terminal(t.Name),
		owner:        ownerLogin(t),
		role:         roleText(t),
		repositories: reach(b.Run, t),
		used:         usedText(t, b.Run.AsOf),
		mark:         markOf(b.Run, r),
	}
	if w.token == "" {
		w.token = fmt.Sprintf("grant %d", t.ID)
	}
	open, waived := 0, 0
	reason := view.Decisive(b.Run, s, findings)
	if reason != nil {
		w.Severity = reason.Severity
	}
	for _, f := range findings {
		switch {
		case f.Status == audit.Fail:
			w.Failing++
		case f.Status == audit.Waived:
			waived++
		case view.Unjudged(f):
			if open++; open == 1 && s == view.Open {
				reason = f
			}
		}
	}
	more := w.Failing + open
	switch {
	case reason != nil:
		w.rule, w.why = reason.Rule.Rule.ID, why(reason)
		w.late = lateText(reason, b.Run.AsOf)
		more--
	case waived > 0:
		w.why = safe.Plural(waived, "finding") + " waived"
	}
	if v := &b.Doc.View; v.Verbose || v.Only == view.OnlyAll {
		w.why = strings.TrimSpace(overriding(reason, r) + w.why)
	}
	if more > 0 {
		w.more = fmt.Sprintf(" +%d", more)
	}
	return w
}

// reach says which repositories the token reaches.
func reach(run *audit.Run, t *audit.Token) string {
	switch {
	case t.Selection == audit.SelectAll:
		return "all + future"
	case t.Selection == audit.SelectNone:
		return "public only"
	case t.Selection != audit.SelectSubset || !t.Known.Has(audit.FactRepositories):
		return "?"
	}
	n := len(t.Repositories)
	if all, known := repositoriesOf(run); known && n <= all {
		return fmt.Sprintf("%d of %d", n, all)
	}
	return fmt.Sprint(n)
}
