// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// rows shows the worst tokens, and counts the others.
func (b *block) rows() {
	v := &b.doc.View
	limit := mostRows
	if v.Only != "" {
		limit = b.run.Summary.Tokens
	}
	var top []*row
	var rest remainder
	cut := func() {
		slices.SortFunc(top, compareRows)
		if len(top) > limit {
			rest.add(top[limit:])
			clear(top[limit:])
			top = top[:limit]
		}
	}
	shown := 0
	for r := range b.run.Results() {
		s := stand(b.run, r)
		findings, chosen := v.choose(r)
		if !chosen || !v.rowOf(s) {
			continue
		}
		shown++
		if top = append(top, b.row(r, s, findings)); len(top) > 4*limit+64 {
			cut()
		}
	}
	cut()
	b.draw(top)
	rest.write(b.page, len(top) > 0)
	b.showing(shown)
}

// rowOf reports whether a token that stands so has a row.
func (v *View) rowOf(s standing) bool {
	switch v.Only {
	case OnlyAll:
		return true
	case OnlyFailing:
		return s != indebted
	}
	return s == violates || s == unknown
}

// showing says how many tokens a filter left.
func (b *block) showing(shown int) {
	if v := &b.doc.View; v.Filter.active() {
		b.blank()
		b.say(sgrNone, "SHOWING", fmt.Sprintf("%d of %s (%s)", shown,
			safe.Plural(b.run.Summary.Tokens, "token"), safe.Terminal(v.Filter.String())), "")
	}
	b.blank()
}

func (b *block) row(r *audit.Result, s standing, findings []*audit.Finding) *row {
	t := r.Token
	w := &row{
		run: b.run, standing: s, id: t.ID,
		token:        safe.Terminal(t.Name),
		owner:        ownerLogin(t),
		role:         roleText(t),
		repositories: b.reach(t),
		used:         usedText(t, b.run.AsOf),
		mark:         markOf(b.run, r),
	}
	if w.token == "" {
		w.token = fmt.Sprintf("grant %d", t.ID)
	}
	open, waived := 0, 0
	reason := decisive(b.run, s, findings)
	if reason != nil {
		w.severity = reason.Severity
	}
	for _, f := range findings {
		switch {
		case f.Status == audit.Fail:
			w.failing++
		case f.Status == audit.Waived:
			waived++
		case unjudged(f):
			if open++; open == 1 && s == unknown {
				reason = f
			}
		}
	}
	more := w.failing + open
	switch {
	case reason != nil:
		w.rule, w.why = reason.Rule.Rule.ID, why(reason)
		w.late = lateText(reason, b.run.AsOf)
		more--
	case waived > 0:
		w.why = safe.Plural(waived, "finding") + " waived"
	}
	if v := &b.doc.View; v.Verbose || v.Only == OnlyAll {
		w.why = strings.TrimSpace(overriding(reason, r) + w.why)
	}
	if more > 0 {
		w.more = fmt.Sprintf(" +%d", more)
	}
	return w
}

// The labels stand in place of a severity.
const (
	debtLabel    = "debt" // fails by accepted debt alone
	expiredLabel = "expired"
	cleanLabel   = "clean"
	noneLabel    = "none" // like clean, where not everything was seen
)

// labels are what the severity column says, the worst first.
var labels = []string{
	"critical", "high", "medium", "low", "info", notLearned, debtLabel, expiredLabel, cleanLabel,
	noneLabel,
}

// labelOf says how bad a token is that stands so, and fails by a finding of this severity.
func labelOf(run *audit.Run, s standing, severity audit.Severity) string {
	switch {
	case s == unknown:
		return notLearned
	case s == indebted:
		return debtLabel
	case severity > audit.NoSeverity:
		return severity.String()
	case s == expired:
		return expiredLabel
	case s == clean && run.Complete:
		return cleanLabel
	}
	return noneLabel
}

// reach says which repositories the token reaches.
func (b *block) reach(t *audit.Token) string {
	switch {
	case t.Selection == audit.SelectAll:
		return "all + future"
	case t.Selection == audit.SelectNone:
		return "public only"
	case t.Selection != audit.SelectSubset || !t.Known.Has(audit.FactRepositories):
		return "?"
	}
	n := len(t.Repositories)
	if all, known := repositoriesOf(b.run); known && n <= all {
		return fmt.Sprintf("%d of %d", n, all)
	}
	return fmt.Sprint(n)
}

// usedText says by day when the token was last used.
func usedText(t *audit.Token, asOf time.Time) string {
	if !t.Known.Has(audit.FactLastUsed) {
		return "?"
	}
	if t.LastUsedAt.IsZero() {
		return "never"
	}
	switch n := audit.CalendarDays(t.LastUsedAt, asOf); {
	case n < 0:
		return "?" // in the future: not to be believed
	case n == 0:
		return "today"
	default:
		return fmt.Sprintf("%d d", n)
	}
}
