// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// run writes the page of one organization.
func (p *pen) run(s *survey, d *view.Document) {
	run, figures := s.run, s.figures
	p.wide(p.style.title, "Fine-grained token audit: "+run.Organization.Login, 28)
	p.wide(p.style.subtitle, fmt.Sprintf("%s   ·   as of %s   ·   Confidential: personal data",
		run.Organization.Host, words.Minute(run.AsOf)), 18)
	o := run.Outcome()
	p.wide(p.banner(o, view.ByDebt(run)), view.VerdictText(run)+": "+view.Headline(run, figures), 26)
	for _, reason := range run.Incomplete {
		p.wide(p.style.warning, "Incomplete: "+reason, summaryRow)
	}
	if text := chosenText(&d.View); text != "" {
		p.wide(p.style.note, "The lists are filtered: "+text, summaryRow)
	}
	p.next()
	part := &view.Part{Doc: d, Run: run, Figures: figures}
	p.evidence(part)
	p.beside(
		func() { p.figures(run, figures) },
		func() { p.accepted(run, figures) },
		func() { p.severities(s) },
	)
	p.charts(s)
	p.trend(run)
	p.beside(
		func() { p.rules(run) },
		func() { p.first(s, d); p.next(); p.ending(run); p.next(); p.signatures() },
	)
	p.origin(part)
}

func (p *pen) evidence(part *view.Part) {
	p.head(1, "Evidence", "Status", " Items", " Requests", "Note", "", "", "", "", "", "", "", "", "")
	for _, c := range part.Run.Coverage {
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
	for _, l := range slices.Concat(words.Head(part, false), words.Tail(part, words.MostListed)) {
		switch l.Topic {
		case words.TopicNotSeen, words.TopicNotAsked, words.TopicSince, words.TopicChanged,
			words.TopicDebt, words.TopicGone:
			p.line(l)
		default: // has a table, or a figure
		}
	}
	p.next()
}

// line writes what is said under a label over the whole width.
func (p *pen) line(l words.Line) {
	p.next()
	p.across(1, 1, p.style.text, l.Topic.Label())
	p.across(2, lastPlace, p.style.remark, l.Text)
	p.high(l.Text, 125, summaryRow)
}

// figures are the left of three blocks.
func (p *pen) figures(run *audit.Run, f *view.Figures) {
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
	rows := [][]any{
		{"Tokens in the list", listed(run)},
		{"Tokens judged", s.Tokens},
		{"Active", s.Active},
		{"Owners", s.People},
		{"Break the policy", s.Violating},
		{"Cannot be judged", f.Standing[view.Open]},
		{passed, f.Standing[view.Clean]},
		{"Findings waived", s.Findings[audit.Waived]},
		{"Decisions overdue", overdue},
		{"Expired, still listed", f.Standing[view.Expired]},
		{"In use, expire in 14 days", len(f.Expiring)},
		{"Pending requests", s.Requests},
		{"Requests against policy", s.RequestsViolating},
	}
	if f.OverdueAlone > 0 {
		rows = append(rows, []any{"Overdue findings alone", f.OverdueAlone})
	}
	if words.HasHistory(run) {
		rows = append(rows, []any{"Findings overdue", s.Overdue})
	}
	p.head(leftHalf, "Figures", "")
	for _, figure := range rows {
		p.next()
		p.cells(leftHalf, figure...)
	}
}

// accepted are what people accepted: waivers, debts and decisions by their state.
func (p *pen) accepted(run *audit.Run, f *view.Figures) {
	const from, to, figure = 4, 6, 7
	p.head(from, "Accepted", "", "", "")
	row := func(label string, value any) {
		p.next()
		p.across(from, to, p.style.text, label)
		p.cells(figure, value)
	}
	row("Clean by a waiver", f.Waived)
	if d := run.Debt; d != nil {
		row("Debt accepted", d.Accepted)
		row("Debt left", d.Left)
		if text := view.BySeverity(f.Debts[:], audit.Info); text != "" {
			p.next()
			p.across(from, figure, p.style.text, "of it "+text)
		}
		row("Debt left until", words.OrNone(view.DayOf(d.Until)))
		row("Worse, so it counts", d.Worse)
		row("Past its last day, so it counts", d.Ended)
		row("Waived meanwhile", d.Waived)
		row("Not judged", d.Unseen())
		row("Gone", d.Gone)
		row("Tokens with debt alone", f.Standing[view.Indebted])
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
	for _, state := range append(slices.Clone(words.Pressing),
		audit.DecisionUsed, audit.DecisionDone) {
		if counts[state] > 0 {
			row("Decisions "+string(state), counts[state])
		}
	}
	if own > 0 {
		row("Decisions by its owner", own)
	}
}

// severities count tokens by their worst finding that counts, and findings by whether they count.
func (p *pen) severities(s *survey) {
	p.head(rightHalf, "Severity", " Tokens", " Open", " Known", " Waived", "")
	p.severityRow = p.row + 1
	for severity := audit.Critical; severity > audit.NoSeverity; severity-- {
		c := s.accepted[severity]
		p.next()
		p.badge(rightHalf, severity.String())
		p.cells(rightHalf+1, s.figures.Labels[severity.String()], c.fresh, c.known, c.waived, "")
	}
	for _, label := range []string{view.Unknown, view.DebtLabel, view.ExpiredLabel} {
		if n := s.figures.Labels[label]; n > 0 {
			p.next()
			p.badge(rightHalf, label)
			p.cells(rightHalf+1, n, "", "", "", "")
		}
	}
	p.severityRows = p.row - p.severityRow + 1
	p.next()
	tokens := "Tokens by their worst finding, those with accepted debt alone apart"
	if s.figures.Partial(s.run) {
		tokens += ", of those in this report"
	}
	p.across(rightHalf, lastPlace, p.style.hint, tokens+"; findings: open ones count, known ones "+
		"are debt")
	p.next()
	p.next()
	p.across(rightHalf, lastPlace, p.style.header, "Where to act")
	for _, place := range [][2]string{
		{"The organization's token settings on GitHub", words.SettingsURL(s.run.Organization)},
		{"How to read this workbook", "#'Read me'!A1"},
	} {
		if place[1] != "" {
			p.next()
			p.across(rightHalf, lastPlace, p.style.link, place[0])
			p.try(p.book.linked(summarySheet, p.place(rightHalf), place[1]))
		}
	}
}

// listed counts the tokens that GitHub listed: those that are judged, and those that the note of
// the source says were dropped.
func listed(run *audit.Run) any {
	for _, c := range run.Coverage {
		if c.Source == audit.SourceTokens {
			return c.Items
		}
	}
	return view.Unknown
}

func (p *pen) rules(run *audit.Run) {
	p.head(leftHalf, "Rule", "At most", "Step", "Control", " Fail", " Waived", " Unknown")
	for i := range run.Rules {
		r := &run.Rules[i]
		p.next()
		p.cells(leftHalf, r.Rule.ID)
		p.link(leftHalf, rulepage.Link(r.Rule.ID))
		if !r.Asked {
			p.across(2, lastRule, p.style.remark, "not asked: "+words.WhyNotAsked(r))
			continue
		}
		refers := controls(r.Rule, false)
		control := strings.Join(refers[:min(len(refers), 1)], "")
		if len(refers) > 1 {
			control += fmt.Sprintf(" +%d", len(refers)-1)
		}
		p.badge(2, r.Severity.String())
		p.cells(3, r.Rule.Guide, control, r.Counts[audit.Fail], r.Counts[audit.Waived],
			r.Counts[audit.Indeterminate])
	}
}

// signatures are room for the people who answer for the review.
func (p *pen) signatures() {
	p.head(rightHalf, "Sign-off", "Name", "", "", "Date", "Signature")
	for _, role := range []string{"Prepared", "Reviewed", "Approved"} {
		p.next()
		p.try(p.book.f.SetRowHeight(summarySheet, p.row, 24))
		p.cells(rightHalf, role)
		p.across(rightHalf+1, rightHalf+3, p.style.sign, "")
		p.across(rightHalf+4, rightHalf+4, p.style.sign, "")
		p.across(lastPlace, lastPlace, p.style.sign, "")
	}
}

// origin names the policy, the evidence and the program: what the page rests on.
func (p *pen) origin(part *view.Part) {
	p.next()
	p.across(1, lastPlace, p.style.header, "Policy and run")
	for _, l := range words.Origin(part) {
		p.line(l)
	}
	p.next()
}
