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

// first writes the tokens to act on first; where none is left, those of which the worst debts are
// accepted.
func (p *pen) first(s *survey) {
	p.head(leftHalf, "To do first", "Token", "Token ID", "Owner", "Worst finding", "", "", "Expires")
	if shown, left := p.worst(s, view.Violates, view.Open); left > 0 {
		text := "All tokens, each with room for a decision: sheet Tokens"
		if left > shown {
			text = fmt.Sprintf("%d more, each with room for a decision: sheet Tokens", left-shown)
		}
		p.next()
		p.link(leftHalf, lastLeft, text, "#Tokens!A1")
		return
	}
	p.below(leftHalf, lastLeft, p.style.text, "none")
	if s.Figures.Standing[view.Indebted] > 0 {
		p.head(leftHalf, "Debt", "Accepted debt, the worst first", "Token ID", "Owner",
			"Worst finding", "", "", "Expires")
		p.worst(s, view.Indebted)
	}
}

// worst writes the worst tokens that stand in one of these ways. It returns how many it wrote, and
// how many there are.
func (p *pen) worst(s *survey, standings ...view.Standing) (shown, left int) {
	for _, of := range standings {
		left += s.Figures.Standing[of]
	}
	for _, r := range s.listed {
		of := view.Stand(s.Run, r)
		if shown == mostFirst || !slices.Contains(standings, of) {
			continue
		}
		e := p.book.entryOf(s, r)
		label := worstSeverity(e).(string)
		if of == view.Indebted && e.worst != nil {
			label = e.worst.Severity.String() // all of them are debt: this says which is graver
		}
		p.next()
		p.badge(leftHalf, label)
		p.cells(leftHalf+1, words.TokenName(r.Token), view.TokenID(r.Token), view.Owner(r.Token))
		p.reason(e)
		p.cells(lastLeft, dateCell(view.Expires(r.Token)))
		shown++
	}
	return shown, max(left, shown)
}

// reason writes the rule that decides of a token, and counts the others.
func (p *pen) reason(e entry) {
	if e.reason == nil {
		p.across(leftHalf+4, lastLeft-1, p.style.text, "")
		return
	}
	text, n := e.reason.Rule.Rule.ID, 0
	for _, f := range e.chosen {
		if f.Status == audit.Fail || view.Unjudged(f) {
			n++
		}
	}
	if n > 1 {
		text += fmt.Sprintf(" +%d", n-1)
	}
	p.link(leftHalf+4, lastLeft-1, text, rulepage.Link(e.reason.Rule.Rule.ID))
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
	p.head(rightHalf, "Ends", "Waivers of the next 30 days", "", "", "Rule", "")
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
		p.across(rightHalf+4, lastPlace, p.style.text, d.Decision.Rule)
	}
	if len(soon) == 0 {
		p.below(rightHalf, lastPlace, p.style.text, "none")
	}
}
