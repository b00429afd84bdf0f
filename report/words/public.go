// SPDX-License-Identifier: Apache-2.0

package words

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// PublicFigure is what is counted under a label: one text, or one for each rule.
type PublicFigure struct {
	Label string
	Parts []string
}

// NamesWithheld says what is missing, and how to get it.
const NamesWithheld = "this is a public place, or may be one: names are left out; " +
	"--allow-public shows them, and -o FILE writes them to a file"

// PublicFigures counts, by severity and rule, and by state.
func PublicFigures(b *view.Part) (figures []*PublicFigure) {
	add := func(label string, parts ...string) {
		if strings.Join(parts, "") != "" {
			figures = append(figures, &PublicFigure{label, parts})
		}
	}
	s := &b.Run.Summary
	worst := view.WithExpired(s.ByWorst[:], b.Figures.Expired[:])
	add("Worst", "tokens by their worst finding: "+OrNone(worst))
	add("Findings", view.WithExpired(s.BySeverity[:], b.Figures.ExpiredFindings[:]))
	var failing, open []string
	for i := range b.Run.Rules {
		r := &b.Run.Rules[i]
		if n := r.Counts[audit.Fail]; n > 0 {
			failing = append(failing, fmt.Sprintf("%d %s", n, r.Rule.ID))
		}
		if n := r.Counts[audit.Indeterminate]; n > 0 {
			open = append(open, fmt.Sprintf("%d %s", n, r.Rule.ID))
		}
	}
	add("Rules", failing...)
	add("Not judged", open...)
	add("Others", Others(b))
	if n := len(b.Figures.Expiring); n > 0 {
		add("Expiring", fmt.Sprintf("%d in use, within 14 days", n))
	}
	if n := b.Run.Summary.Overdue; n > 0 {
		add("Overdue", safe.Plural(n, "finding")+" past the due date")
	}
	if len(b.Run.Decisions) > 0 {
		counts, _, _ := Decisions(b.Run.Decisions)
		add("Decisions", counts)
	}
	waiting, _ := Requests(b.Run)
	add("Requests", waiting)
	if b.Run.Classic != nil {
		add("Classic", Classic(b.Run))
	}
	return figures
}
