// SPDX-License-Identifier: Apache-2.0

package html

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// What a history adds to the page: what changed since the last complete run, and a chart of all of
// them.

// changesOf returns in what a token differs from the last complete run, as chips choose by it;
// none without one. What is overdue is among it, for readers look for both.
func changesOf(run *audit.Run, r *audit.Result) (changes []string) {
	if run.Since == nil || r.Request != nil {
		return nil
	}
	for _, change := range []struct {
		what     string
		happened bool
	}{
		{"first seen", words.Appeared(run, r)},
		{"can do more", len(r.Gained) > 0},
		{"new finding", len(opened(run, r)) > 0},
		{"overdue", view.Overdue(r) > 0},
	} {
		if change.happened {
			changes = append(changes, change.what)
		}
	}
	if changes == nil {
		changes = []string{"none of these"}
	}
	return changes
}

// opened lists the rules that the token fails now, and did not fail at the last complete run.
func opened(run *audit.Run, r *audit.Result) (rules []string) {
	for _, f := range r.Findings {
		if view.IsNew(run, f) {
			rules = append(rules, f.Rule.Rule.ID)
		}
	}
	return rules
}

// changes lists what changed of each token, the worst first.
func (b *block) changes(id string) table {
	t := table{
		ID: id + "-changes", Title: "Since the last complete run", Short: "Changes",
		Text:    words.SinceAndGone(b.Run, true),
		Columns: []string{"Severity", "Token", "Owner", "First seen", "Can do more", "New findings"},
	}
	if b.Run.Since == nil {
		return t
	}
	for r := range view.WorstFirst(b.Run, &b.Doc.View) {
		fresh, rules := words.Appeared(b.Run, r), opened(b.Run, r)
		if !fresh && len(r.Gained) == 0 && len(rules) == 0 {
			continue
		}
		seen := view.DayOf(view.FirstSeen(r))
		if seen == "" {
			seen = "in this run"
		}
		t.Rows = append(t.Rows, []string{
			view.PlaceOf(b.Run, r, r.Findings).Label(), words.TokenName(r.Token),
			words.OwnerLogin(r.Token), seen,
			words.Gained(r, words.MostListed), strings.Join(rules, ", "),
		})
	}
	return t
}

// late counts the tokens with a finding that is overdue; nothing where none can be.
func (b *block) late() (late tile, some bool) {
	tokens := map[*audit.Token]bool{}
	for _, l := range b.Figures.Overdue {
		tokens[l.Token] = true
	}
	return tile{
		Figure: fmt.Sprint(len(tokens)), Text: "with an overdue finding", Filter: "overdue",
	}, words.HasHistory(b.Run) && len(b.Run.Policy.SLA) > 0
}

// trendChart draws the tokens that break the policy at each complete run, and those with accepted
// debt alone, a bar for each run; nil without a history.
func trendChart(id string, run *audit.Run) *chart {
	points := words.TrendOf(run)
	if len(points) < 2 {
		return nil
	}
	const width, top, room, foot = 476, 32, 72, 20
	c := &chart{
		ID: id + "-trend", Title: words.TrendTitle, Class: "standing", Width: width,
		Height: top + room + foot,
	}
	most, parts := 1, words.TrendParts(points)
	for i := range points {
		most = max(most, points[i].Violating+view.Sum(points[i].IndebtedBy))
	}
	column := width / len(points)
	each := 1 + 47/column // how many bars share the room of a label
	var texts []string
	for i := range points {
		p := &points[i]
		y := top + room
		for _, part := range parts {
			n := part.Of(p)
			if n == 0 && part.Label == view.DebtLabel {
				continue // its outline would show
			}
			height := max(n*room/most, min(n, 1))
			y -= height
			c.Bars = append(c.Bars, chartBar{
				Class: part.Label, X: i*column + column/8, Y: y, Width: column - column/4, Height: height,
			})
		}
		last := &c.Bars[len(c.Bars)-1]
		if (len(points)-1-i)%each == 0 {
			middle := i*column + column/2
			last.Label, last.LabelX, last.LabelY = p.AsOf.UTC().Format("2 Jan"), middle, top+room+16
			last.Figure = fmt.Sprint(p.Violating)
			last.FigureX, last.FigureY = middle, y-5
		}
		what := cmp.Or(partsText(parts, p), "none")
		texts = append(texts, fmt.Sprintf("%s: %s", view.DayOf(p.AsOf), what))
	}
	c.legend(parts)
	c.Words = strings.Join(texts, "; ")
	return c
}

// legend writes the names of the parts of the bars above them.
func (c *chart) legend(parts []words.TrendPart) {
	const room = 74
	for i, part := range parts {
		c.Bars = append(c.Bars, chartBar{
			Class: part.Label, X: i * room, Y: 0, Width: 10, Height: 10, Label: part.Label,
			LabelX: i*room + 40, LabelY: 10,
		})
	}
}

// partsText counts a run in words: "2 critical, 3 debt".
func partsText(parts []words.TrendPart, p *audit.Point) string {
	var texts []string
	for _, part := range parts {
		texts = append(texts, safe.Counted(part.Of(p), part.Label))
	}
	return safe.Join(", ", texts...)
}
