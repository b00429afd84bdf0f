// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// How many rows the summary's lists have: it is one page.
const (
	mostFirst  = 10
	mostEnding = 6

	endingWithin = 30 * view.Day // a waiver that ends within it is announced
)

// first names the tokens to act on first; where none is left, those of which the worst debts are
// accepted.
func (p *pen) first(s *survey, d *view.Document) {
	p.head(rightHalf, "To do first", "Token", "", "", "Owner", "Worst finding")
	if p.worst(s, d, view.Violates, view.Open) > 0 {
		return
	}
	p.next()
	p.across(rightHalf, lastPlace, p.style.text, "none")
	if s.figures.Standing[view.Indebted] > 0 {
		p.head(rightHalf, "Debt", "Accepted debt, the worst first", "", "", "Owner", "Worst finding")
		p.worst(s, d, view.Indebted)
	}
}

// worst names the worst tokens that stand in one of these ways, and counts those it names.
func (p *pen) worst(s *survey, d *view.Document, standings ...view.Standing) (shown int) {
	left := 0
	for _, of := range standings {
		left += s.figures.Standing[of]
	}
	if left == 0 {
		return 0
	}
	for r, chosen := range view.WorstFirst(s.run, &d.View) {
		of := view.Stand(s.run, r)
		if !slices.Contains(standings, of) {
			continue
		}
		e := entry{run: s.run, result: r, worst: view.Decisive(s.run, of, chosen)}
		label := worstSeverity(e).(string)
		if of == view.Indebted && e.worst != nil {
			label = e.worst.Severity.String() // all of them are debt: this says which is graver
		}
		p.next()
		p.badge(rightHalf, label)
		p.across(rightHalf+1, rightHalf+3, p.style.text, words.TokenName(r.Token))
		p.cells(rightHalf+4, words.Owner(r.Token), "")
		p.reason(s.run, of, chosen)
		if shown++; shown == min(mostFirst, left) {
			break
		}
	}
	return shown
}

// reason names the rule that decides of a token, and counts the others.
func (p *pen) reason(run *audit.Run, of view.Standing, chosen []*audit.Finding) {
	decides, n := view.Decisive(run, of, chosen), 0
	for _, f := range chosen {
		if f.Status == audit.Fail || view.Unjudged(f) {
			n++
			if decides == nil || of == view.Open && view.Unjudged(f) && !view.Unjudged(decides) {
				decides = f
			}
		}
	}
	if decides == nil {
		return
	}
	text := decides.Rule.Rule.ID
	if n > 1 {
		text += fmt.Sprintf(" +%d", n-1)
	}
	p.cells(lastPlace, text)
	p.link(lastPlace, rulepage.Link(decides.Rule.Rule.ID))
}

// ending lists the waivers in force that end soon.
func (p *pen) ending(run *audit.Run) {
	var soon []*audit.DecisionResult
	for i := range run.Decisions {
		d := &run.Decisions[i]
		if d.Decision.Kind == audit.Waive && d.State != audit.DecisionExpired &&
			!run.AsOf.IsZero() && d.Decision.Until.Before(run.AsOf.Add(endingWithin)) {
			soon = append(soon, d)
		}
	}
	slices.SortStableFunc(soon, func(a, b *audit.DecisionResult) int {
		return cmp.Or(a.Decision.Until.Compare(b.Decision.Until),
			cmp.Compare(a.Decision.TokenID, b.Decision.TokenID))
	})
	p.head(rightHalf, "Ends", "Waivers of the next 30 days", "", "", "By", "Rule")
	for i, d := range soon {
		p.next()
		if i == mostEnding && len(soon) > mostEnding+1 {
			p.across(rightHalf, lastPlace, p.style.text,
				fmt.Sprintf("and %d more: sheet Decisions", len(soon)-i))
			return
		}
		name := fmt.Sprintf("token %d", d.Decision.TokenID)
		if d.Token != nil {
			name = words.TokenName(d.Token)
		}
		p.cells(rightHalf, d.Decision.Until)
		p.across(rightHalf+1, rightHalf+3, p.style.text, name)
		p.cells(rightHalf+4, d.Decision.By, d.Decision.Rule)
	}
	if len(soon) == 0 {
		p.next()
		p.across(rightHalf, lastPlace, p.style.text, "none")
	}
}
