// SPDX-License-Identifier: Apache-2.0

package words

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// Row is one token on the screen. It holds no result, so that a run of a million tokens can be
// sorted.
type Row struct {
	view.Place

	Rule                            string // of the worst finding
	Token, TokenID                  string // the id is that of GitHub's pages
	Owner, Role, Repositories, Used string
	Expires                         string // a day, "never" or "?"
	Selected                        string // Repositories in a word: "all", "public", "14"
	Why, More                       string // more: the findings beside the worst, as " +2"

	Mark string // what happened to it since the last complete run; "" is nothing
	Age  string // of the worst finding, if that is new or overdue: "new: ", "3 d late: "
}

// Marked is the label, with a mark on what is new or can do more than before.
func (w *Row) Marked() string { return strings.TrimSpace(w.Label() + " " + w.Mark) }

// RoleText returns what sets the owner apart from other members.
func RoleText(t *audit.Token) string {
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

// RepositoriesOf counts the organization's repositories. A report that was read back has no more
// of them than their number.
func RepositoriesOf(run *audit.Run) (n int, known bool) {
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

// CompareRows puts rows in the order of their places.
func CompareRows(a, b *Row) int { return view.ComparePlaces(a.Place, b.Place) }

// RowOf returns the row of a token, by the findings that are shown of it.
func RowOf(b *view.Part, r *audit.Result, findings []*audit.Finding) *Row {
	t := r.Token
	w := &Row{
		Place:        view.PlaceOf(b.Run, r, findings),
		Token:        cmp.Or(safe.Terminal(t.Name), t.Noun()),
		TokenID:      view.TokenID(t),
		Owner:        OwnerLogin(t),
		Role:         RoleText(t),
		Repositories: Reach(b.Run, t),
		Selected:     selected(t),
		Used:         Used(t, b.Run.AsOf),
		Expires:      "?",
		Mark:         markOf(b.Run, r),
	}
	if expires := view.Expires(t); expires.Known {
		w.Expires = expires.Day()
	}
	open, waived := 0, 0
	for _, f := range findings {
		switch {
		case f.Status == audit.Waived:
			waived++
		case view.Unjudged(f):
			open++
		}
	}
	reason, more := view.Reason(b.Run, w.Standing, findings), w.Failing+open
	switch {
	case reason != nil:
		w.Rule, w.Why = reason.Rule.Rule.ID, Why(reason)
		w.Age = Age(b.Run, reason)
		more--
	case waived > 0:
		w.Why = safe.Plural(waived, "finding") + " waived"
	}
	if v := &b.Doc.View; v.Verbose || v.Only == view.OnlyAll {
		w.Why = strings.TrimSpace(overriding(reason, r) + w.Why)
	}
	if more > 0 {
		w.More = fmt.Sprintf(" +%d", more)
	}
	return w
}

// Reach returns which repositories the token reaches.
func Reach(run *audit.Run, t *audit.Token) string {
	all, known := RepositoriesOf(run)
	switch text, n := selected(t), len(t.Repositories); {
	case t.Selection == audit.SelectAll:
		return text + " + future"
	case t.Selection == audit.SelectNone:
		return text + " only"
	case view.HasList(t) && known && n <= all:
		return fmt.Sprintf("%s of %d", text, all)
	default:
		return text
	}
}

// selected returns in a word which repositories the token reaches.
func selected(t *audit.Token) string {
	switch {
	case t.Selection == audit.SelectAll:
		return "all"
	case t.Selection == audit.SelectNone:
		return "public"
	case !view.HasList(t):
		return "?"
	}
	return strconv.Itoa(len(t.Repositories))
}
