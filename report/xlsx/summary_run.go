// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// run writes the page of one organization.
func (p *pen) run(s *survey) {
	run := s.Run
	p.wide(p.style.title, "Fine-grained token audit: "+run.Organization.Login, 28)
	p.wide(p.style.subtitle, fmt.Sprintf("%s   ·   as of %s   ·   Confidential: personal data",
		run.Organization.Host, words.Minute(run.AsOf)), 18)
	o := run.Outcome()
	headline := view.VerdictText(run) + ": " + view.Headline(run, s.Figures)
	p.wide(p.banner(o, view.ByDebt(run)), headline, 26)
	for _, reason := range run.Incomplete.Texts() {
		p.wide(p.style.warning, "Incomplete: "+reason, summaryRow)
	}
	if text := s.Doc.View.Shown(); text != "" {
		p.wide(p.style.note, "The lists are filtered: "+text, summaryRow)
	}
	p.next()
	p.beside(
		func() { p.first(s) },
		func() { p.severities(s); p.next(); p.changed(s.Part) },
	)
	p.charts(s)
	p.trend(run)
	p.beside(
		func() { p.figures(run, s.Figures) },
		func() { p.accepted(run, s.Figures) },
		func() { p.places(run); p.next(); p.ending(run); p.next(); p.signatures() },
	)
	p.breakPage()
	p.evidence(s.Part)
	p.rules(run)
	p.next()
	p.origin(s.Part)
}

// changed writes what is different from the last complete run.
func (p *pen) changed(part *view.Part) {
	p.below(rightHalf, lastPlace, p.style.header, "What changed")
	var texts []string
	for _, l := range slices.Concat(words.Head(part, false), words.Tail(part, words.MostListed)) {
		switch l.Topic {
		case words.TopicSince, words.TopicChanged:
			texts = append(texts, l.Text)
		case words.TopicNotUsed, words.TopicGone:
			texts = append(texts, strings.ToLower(l.Topic.Label())+": "+l.Text)
		default: // stands elsewhere
		}
	}
	if texts == nil {
		texts = []string{"No earlier run is known to compare with."}
	}
	p.box(rightHalf, lastPlace, p.style.remark, strings.Join(texts, "; "), 58)
}

// places are where a reader goes next.
func (p *pen) places(run *audit.Run) {
	p.below(rightHalf, lastPlace, p.style.header, "Where to act")
	for _, place := range [][2]string{
		{"The organization's token settings on GitHub", words.SettingsURL(run.Organization)},
		{"The list of tokens, with room for decisions", "#Tokens!A1"},
		{"How to read this workbook", "#'" + readMe + "'!A1"},
	} {
		if place[1] != "" {
			p.next()
			p.link(rightHalf, lastPlace, place[0], place[1])
		}
	}
}

func (p *pen) evidence(part *view.Part) {
	p.headAcross("Evidence", "", "Status", " Items", "", " Requests", "Note")
	for _, c := range part.Run.Coverage {
		p.below(1, 2, p.style.text, strings.ReplaceAll(c.Source, "_", " "))
		status := cell{p.style.text, strings.ReplaceAll(string(c.Status), "_", " ")}
		if c.Status != audit.Complete && c.Status != audit.NotAsked {
			status.style = p.style.badge["medium"]
		}
		p.put(3, status)
		p.cells(4, c.Items)
		p.across(5, 6, p.style.number, "")
		p.cells(5, c.Requests)
		p.across(7, lastPlace, p.style.remark, c.Reason.String())
		p.high(c.Reason.String(), 85, summaryRow)
	}
	for _, l := range words.Head(part, false) {
		switch l.Topic {
		case words.TopicNotSeen, words.TopicNotAsked, words.TopicRegistry, words.TopicSetting,
			words.TopicDebt:
			p.line(l)
		default: // has a table, or stands above
		}
	}
	p.next()
}

// line writes what is said under a label over the whole width.
func (p *pen) line(l words.Line) {
	p.below(1, 2, p.style.text, l.Topic.Label())
	p.across(3, lastPlace, p.style.remark, l.Text)
	p.high(l.Text, 115, summaryRow)
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
	p.head(leftHalf, "Figures", "", "")
	for _, figure := range rows {
		p.below(leftHalf, leftHalf+1, p.style.text, figure[0].(string))
		p.cells(leftHalf+2, figure[1])
	}
}

// accepted are what people accepted: waivers, debts and decisions by their state.
func (p *pen) accepted(run *audit.Run, f *view.Figures) {
	const from, to, figure = 4, 7, 8
	p.head(from, "Accepted", "", "", "", "")
	row := func(label string, value any) {
		p.below(from, to, p.style.text, label)
		p.cells(figure, value)
	}
	row("Clean by a waiver", f.Waived)
	if d := run.Debt; d != nil {
		row("Debt accepted", d.Accepted)
		row("Debt left", d.Left)
		if text := view.BySeverity(f.Debts[:], audit.Info); text != "" {
			p.below(from, figure, p.style.text, "of it "+text)
		}
		row("Debt left until", cmp.Or(view.DayOf(d.Until), "none"))
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
	p.head(rightHalf, "Severity", " Tokens", " Open", " Debt", " Waived", "")
	p.severityRow, p.labels = p.row+1, nil
	f := s.Figures
	for severity := audit.Critical; severity > audit.NoSeverity; severity-- {
		p.labels = append(p.labels, severity.String())
		p.next()
		p.badge(rightHalf, severity.String())
		p.cells(rightHalf+1, f.Labels[severity.String()], f.Open[severity], f.Debts[severity],
			f.Waivers[severity], "")
	}
	for _, label := range []string{view.Unknown, view.DebtLabel, view.ExpiredLabel} {
		if n := s.Figures.Labels[label]; n > 0 {
			p.labels = append(p.labels, label)
			p.next()
			p.badge(rightHalf, label)
			p.cells(rightHalf+1, n, "", "", "", "")
		}
	}
	p.next()
	tokens := "Tokens by their worst finding, those with accepted debt alone apart"
	if s.Figures.Partial(s.Run) {
		tokens += ", of those in this report"
	}
	p.row--
	p.box(rightHalf, lastPlace, p.style.hint, tokens+"; findings: open ones count, debt and "+
		"waived ones do not", 65)
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
	const title, most, step = leftHalf, 3, 4
	p.headAcross("Rule", "", "At most", "Guide step", " Fail", " Waived", " Unknown",
		"What it finds, and the first control that it serves")
	for i := range run.Rules {
		r := &run.Rules[i]
		p.next()
		p.link(title, 2, r.Rule.ID, rulepage.Link(r.Rule.ID))
		if !r.Asked {
			p.across(most, lastPlace, p.style.remark, "not asked: "+words.WhyNotAsked(r))
			continue
		}
		refers := controls(r.Rule, false)
		asks := strings.Join(append([]string{r.Rule.Title}, refers[:min(len(refers), 1)]...), "; ")
		if len(refers) > 1 {
			asks += fmt.Sprintf(" +%d", len(refers)-1)
		}
		p.badge(most, r.Severity.String())
		p.cells(step, r.Rule.Guide, r.Counts[audit.Fail], r.Counts[audit.Waived],
			r.Counts[audit.Indeterminate])
		p.across(lastLeft, lastPlace, p.style.text, asks)
	}
}

// signatures are room for the people who answer for the review.
func (p *pen) signatures() {
	p.head(rightHalf, "Sign-off", "Name", "", "Date", "Signature", "")
	for _, role := range []string{"Prepared", "Reviewed", "Approved"} {
		p.next()
		p.cells(rightHalf, role)
		p.across(rightHalf+1, rightHalf+2, p.style.sign, "")
		p.across(rightHalf+3, rightHalf+3, p.style.sign, "")
		p.across(rightHalf+4, lastPlace, p.style.sign, "")
	}
}

// origin writes the policy, the evidence and the program: what the page rests on.
func (p *pen) origin(part *view.Part) {
	p.below(1, lastPlace, p.style.header, "Policy and run")
	for _, l := range words.Origin(part) {
		p.line(l)
	}
	p.next()
}
