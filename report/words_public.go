// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// publicFigure is what is counted under a label: one text, or one for each rule.
type publicFigure struct {
	label string
	parts []string
}

// namesWithheld says what is missing, and how to get it.
const namesWithheld = "this is a public place, or may be one: names are left out; " +
	"--allow-public shows them, and -o FILE writes them to a file"

// publicFigures counts, by severity and rule, and by state.
func publicFigures(b *view.Part) (figures []*publicFigure) {
	add := func(label string, parts ...string) {
		if strings.Join(parts, "") != "" {
			figures = append(figures, &publicFigure{label, parts})
		}
	}
	s := &b.Run.Summary
	worst := view.WithExpired(s.ByWorst[:], b.Figures.Expired[:])
	add("Worst", "tokens by their worst finding: "+orNone(worst))
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
	add("Others", othersText(b))
	if n := len(b.Figures.Expiring); n > 0 {
		add("Expiring", fmt.Sprintf("%d in use, within 14 days", n))
	}
	if n := b.Run.Summary.Overdue; n > 0 {
		add("Overdue", safe.Plural(n, "finding")+" past the due date")
	}
	if len(b.Run.Decisions) > 0 {
		counts, _, _ := toldDecisions(b.Run.Decisions)
		add("Decisions", counts)
	}
	waiting, _ := requestsText(b.Run)
	add("Requests", waiting)
	if b.Run.Classic != nil {
		add("Classic", classicText(b.Run))
	}
	return figures
}
