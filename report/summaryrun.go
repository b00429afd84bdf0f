// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/audit"
)

// How many rows the summary's lists have: it is one page.
const (
	mostFirst  = 10
	mostEnding = 6

	endingWithin = 30 * day // a waiver that ends within it is announced
)

// run writes the page of one organization.
func (p *pen) run(s *survey, d *Document) {
	run, figures := s.run, s.figures
	p.wide(p.style.title, "Fine-grained token audit: "+run.Organization.Login, 28)
	p.wide(p.style.subtitle, fmt.Sprintf("%s   ·   as of %s   ·   Confidential: personal data",
		run.Organization.Host, minute(run.AsOf)), 18)
	o := run.Outcome()
	p.wide(p.banner(o), verdictWords(o)+": "+headline(run, figures), 26)
	for _, reason := range run.Incomplete {
		p.wide(p.style.warning, "Incomplete: "+reason, summaryRow)
	}
	if text := d.View.chosen(); text != "" {
		p.wide(p.style.note, "The lists are filtered: "+text, summaryRow)
	}
	p.next()
	p.evidence(run)
	p.beside(
		func() { p.figures(run, figures) },
		func() { p.accepted(run, figures) },
		func() { p.severities(s) },
	)
	p.charts(s)
	p.beside(
		func() { p.rules(run) },
		func() { p.first(s, d); p.next(); p.ending(run); p.next(); p.signatures() },
	)
	p.origin(run, d)
}

func (p *pen) evidence(run *audit.Run) {
	p.head(1, "Evidence", "Status", " Items", " Requests", "Note", "", "", "", "", "", "", "", "", "")
	for _, c := range run.Coverage {
		p.next()
		p.cells(1, strings.ReplaceAll(c.Source, "_", " "), nil, c.Items, c.Requests)
		status := excelize.Cell{
			StyleID: p.style.text, Value: strings.ReplaceAll(string(c.Status), "_", " "),
		}
		if c.Status != audit.Complete && c.Status != audit.NotAsked {
			status.StyleID = p.style.badge["medium"]
		}
		p.put(2, status)
		p.across(5, lastPlace, p.style.remark, c.Reason)
		p.high(c.Reason, 100, summaryRow)
	}
	p.next()
	p.across(1, 1, p.style.text, "Not covered")
	text := strings.Join(run.NotSeen, "; ")
	p.across(2, lastPlace, p.style.remark, text)
	p.high(text, 125, summaryRow)
	p.next()
}

// figures are the left of three blocks.
func (p *pen) figures(run *audit.Run, f *figures) {
	s := &run.Summary
	passed := "Clean"
	if !run.Complete {
		passed = "Without a finding"
	}
	overdue := 0
	for i := range run.Decisions {
		if run.Decisions[i].State == audit.DecisionOverdue {
			overdue++
		}
	}
	p.head(leftHalf, "Figures", "")
	for _, figure := range [][]any{
		{"Tokens", s.Tokens},
		{"Active", s.Active},
		{"Owners", s.People},
		{"Break the policy", s.Violating},
		{"Cannot be judged", f.standing[unknown]},
		{passed, f.standing[clean]},
		{"Findings waived", s.Findings[audit.Waived]},
		{"Decisions overdue", overdue},
		{"Expired, still listed", f.standing[expired]},
		{"In use, expire in 14 days", len(f.expiring)},
		{"Pending requests", s.Requests},
		{"Requests against policy", s.RequestsViolating},
	} {
		p.next()
		p.cells(leftHalf, figure...)
	}
}

// accepted are what people accepted: waivers, debts and decisions by their state.
func (p *pen) accepted(run *audit.Run, f *figures) {
	const from, to, figure = 4, 6, 7
	p.head(from, "Accepted", "", "", "")
	row := func(label string, value any) {
		p.next()
		p.across(from, to, p.style.text, label)
		p.cells(figure, value)
	}
	row("Clean by a waiver", f.waived)
	if d := run.Debt; d != nil {
		row("Debt accepted", d.Accepted)
		row("Debt left", d.Left)
		row("Debt left until", orNone(dayOf(d.Until)))
		row("Worse, so it counts", d.Worse)
		row("Gone", d.Gone)
		row("Tokens with debt alone", f.standing[indebted])
	} else {
		row("Debt", "none")
	}
	counts := map[audit.DecisionState]int{}
	own := 0
	for i := range run.Decisions {
		counts[run.Decisions[i].State]++
		if run.Decisions[i].ByOwner {
			own++
		}
	}
	for _, state := range append(slices.Clone(pressing), audit.DecisionUsed, audit.DecisionDone) {
		if counts[state] > 0 {
			row("Decisions "+string(state), counts[state])
		}
	}
	if own > 0 {
		row("Decisions by its owner", own)
	}
}

// severities count tokens by their worst finding, and findings by whether they count.
func (p *pen) severities(s *survey) {
	p.head(rightHalf, "Severity", " Tokens", " New", " Known", " Waived", "")
	p.severityRow = p.row + 1
	for severity := audit.Critical; severity > audit.NoSeverity; severity-- {
		c := s.accepted[severity]
		p.next()
		p.badge(rightHalf, severity.String())
		p.cells(rightHalf+1, s.run.Summary.ByWorst[severity], c.fresh, c.known, c.waived, "")
	}
	p.next()
	p.across(rightHalf, lastPlace, p.style.hint, "Tokens by their worst finding; findings: new "+
		"ones count, known ones are debt")
	p.next()
	p.next()
	p.across(rightHalf, lastPlace, p.style.header, "Where to act")
	for _, place := range [][2]string{
		{"The organization's token settings on GitHub", settingsURL(s.run.Organization)},
		{"How to read this workbook", "#'Read me'!A1"},
	} {
		if place[1] != "" {
			p.next()
			p.across(rightHalf, lastPlace, p.style.link, place[0])
			p.try(p.book.linked(summarySheet, p.place(rightHalf), place[1]))
		}
	}
}

func (p *pen) rules(run *audit.Run) {
	p.head(leftHalf, "Rule", "At most", "Step", "Control", " Fail", " Waived", " Unknown")
	for i := range run.Rules {
		r := &run.Rules[i]
		p.next()
		p.cells(leftHalf, r.Rule.ID)
		p.link(leftHalf, rulePage(r.Rule.ID))
		refers := controls(r.Rule, false)
		control := strings.Join(refers[:min(len(refers), 1)], "")
		if len(refers) > 1 {
			control += fmt.Sprintf(" +%d", len(refers)-1)
		}
		if !r.Asked {
			p.cells(2, "not asked", r.Rule.Guide, control, "", "", "")
			continue
		}
		p.badge(2, r.Severity.String())
		p.cells(3, r.Rule.Guide, control, r.Counts[audit.Fail], r.Counts[audit.Waived],
			r.Counts[audit.Indeterminate])
	}
}

// first names the tokens to act on first.
func (p *pen) first(s *survey, d *Document) {
	p.head(rightHalf, "To do first", "Token", "", "", "Owner", "Worst finding")
	shown := 0
	for r := range worstFirst(s.run, s.figures) {
		of := stand(s.run, r)
		chosen, is := d.View.choose(r)
		if of != violates && of != unknown || shown == mostFirst {
			break
		}
		if !is {
			continue
		}
		shown++
		e := entry{run: s.run, result: r}
		p.next()
		p.badge(rightHalf, worstSeverity(e).(string))
		p.across(rightHalf+1, rightHalf+3, p.style.text, tokenName(r.Token))
		p.cells(rightHalf+4, owner(e), "")
		p.reason(of, chosen)
	}
	if shown == 0 {
		p.next()
		p.across(rightHalf, lastPlace, p.style.text, "none")
	}
}

func tokenName(t *audit.Token) string {
	if t.Name == "" {
		return fmt.Sprintf("grant %d", t.ID)
	}
	return t.Name
}

// reason names the rule that decides of a token, and counts the others.
func (p *pen) reason(of standing, chosen []*audit.Finding) {
	decides, n := decisive(of, chosen), 0
	for _, f := range chosen {
		if f.Status == audit.Fail || unjudged(f) {
			n++
			if decides == nil || of == unknown && unjudged(f) && !unjudged(decides) {
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
	p.link(lastPlace, rulePage(decides.Rule.Rule.ID))
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
			name = tokenName(d.Token)
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
