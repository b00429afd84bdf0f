// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/audit"
)

const summarySheet = "Summary"

// summary writes the first sheet: a page per organization that can be printed and handed on.
func (b *book) summary() error {
	if err := b.f.SetSheetName("Sheet1", summarySheet); err != nil {
		return err
	}
	p := &pen{f: b.f, style: &b.style}
	for i, width := range []float64{27, 13, 11, 13, 11, 29} {
		name, _ := excelize.ColumnNumberToName(i + 1)
		p.try(b.f.SetColWidth(summarySheet, name, name, width))
	}
	if !b.doc.single() {
		p.total(b.doc)
	}
	for _, run := range b.doc.Runs {
		if !b.doc.single() {
			p.try(b.f.InsertPageBreak(summarySheet, fmt.Sprintf("A%d", p.row+1)))
		}
		p.run(run, b.doc)
	}
	p.try(b.printSummary())
	return p.err
}

func (b *book) printSummary() error {
	portrait, a4, one, pages, yes, no := "portrait", 9, 1, 0, true, false
	if b.doc.single() {
		pages = 1
	}
	margin := 0.5 // inches
	for _, err := range []error{
		b.f.SetSheetProps(summarySheet, &excelize.SheetPropsOptions{FitToPage: &yes}),
		b.f.SetPageLayout(summarySheet, &excelize.PageLayoutOptions{
			Orientation: &portrait, Size: &a4, FitToWidth: &one, FitToHeight: &pages,
		}),
		b.f.SetPageMargins(summarySheet, &excelize.PageLayoutMarginsOptions{
			Left: &margin, Right: &margin, Top: &margin, Bottom: &margin, Horizontally: &yes,
		}),
		b.f.SetSheetView(summarySheet, 0, &excelize.ViewOptions{ShowGridLines: &no}),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// pen writes rows downwards and keeps the first error.
type pen struct {
	f     *excelize.File
	style *styles
	row   int
	err   error
}

func (p *pen) try(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *pen) put(column int, c excelize.Cell) {
	name, err := excelize.CoordinatesToCellName(column, p.row)
	p.try(err)
	if text, ok := c.Value.(string); ok {
		p.try(p.f.SetCellStr(summarySheet, name, Cell(text)))
	} else if c.Value != nil {
		p.try(p.f.SetCellValue(summarySheet, name, c.Value))
	}
	p.try(p.f.SetCellStyle(summarySheet, name, name, c.StyleID))
}

// cells writes values from a column on, in the next row or, with stay, in this one.
func (p *pen) cells(from int, values ...any) {
	for i, v := range values {
		p.put(from+i, p.style.cell(column{color: true}, v))
	}
}

func (p *pen) next() { p.row++ }

// wide writes a text over the whole width, as high as it needs.
func (p *pen) wide(style int, text string, height float64) {
	p.next()
	from, to := fmt.Sprintf("A%d", p.row), fmt.Sprintf("F%d", p.row)
	p.try(p.f.MergeCell(summarySheet, from, to))
	p.try(p.f.SetCellStyle(summarySheet, from, to, style))
	p.try(p.f.SetCellStr(summarySheet, from, Cell(text)))
	room := min(95, 1800/int(height)) // characters: the higher, the larger the font
	p.high(text, room, height)
}

// high makes the row as high as a text needs that wraps in a merged cell: programs do not.
func (p *pen) high(text string, room int, height float64) {
	lines := max(1, len(wrap(text, room)))
	p.try(p.f.SetRowHeight(summarySheet, p.row, height*float64(lines)))
}

// head starts a table. A title that begins with a blank stands over figures.
func (p *pen) head(from int, titles ...string) {
	for i, title := range titles {
		style := p.style.header
		if strings.HasPrefix(title, " ") {
			style = p.style.headerRight
		}
		p.put(from+i, excelize.Cell{StyleID: style, Value: strings.TrimSpace(title)})
	}
}

func (p *pen) total(d *Document) {
	o := d.Outcome()
	p.wide(p.style.title, "Fine-grained token audit", 28)
	p.wide(p.style.subtitle, plural(len(d.Runs)+len(d.Failed), "organization")+
		"   ·   Confidential: personal data", 18)
	p.next()
	s := total(d.Runs)
	p.wide(p.banner(o), verdictWords(o)+": "+
		fmt.Sprintf("%d of %s violating", s.Violating, plural(s.Tokens, "token")), 26)
	p.next()
	p.next()
	p.head(1, "Organization", " Tokens", " Violating", "Complete", "Verdict", "")
	for _, run := range d.Runs {
		p.next()
		complete := "yes"
		if !run.Complete {
			complete = "no"
		}
		p.cells(1, run.Organization.Login, run.Summary.Tokens, run.Summary.Violating, complete,
			verdictWords(run.Outcome()), "")
	}
	for _, f := range d.Failed {
		p.next()
		p.cells(1, f.Organization, "unknown", "unknown", "no", "not audited", f.Reason)
	}
	p.next()
}

func (p *pen) banner(o audit.Outcome) int {
	switch o {
	case audit.Clean:
		return p.style.good
	case audit.Incomplete:
		return p.style.open
	default:
		return p.style.bad
	}
}

func verdictWords(o audit.Outcome) string {
	words := strings.ToUpper(strings.ReplaceAll(o.String(), "_", ", "))
	if o == audit.Incomplete {
		words += ", cannot say clean"
	}
	return words
}

func (p *pen) run(run *audit.Run, d *Document) {
	figures := count(run)
	p.wide(p.style.title, "Fine-grained token audit: "+run.Organization.Login, 28)
	p.wide(p.style.subtitle, fmt.Sprintf("%s   ·   as of %s   ·   Confidential: personal data",
		run.Organization.Host, minute(run.AsOf)), 18)
	p.next()
	o := run.Outcome()
	p.wide(p.banner(o), verdictWords(o)+": "+headline(run, figures), 26)
	for _, reason := range run.Incomplete {
		p.wide(p.style.warning, "Incomplete: "+reason, 15)
	}
	if d.View.Filter.active() || d.View.Only == OnlyFailing {
		p.wide(p.style.note, "The lists are filtered: "+strings.Trim(
			d.View.Only+", "+d.View.Filter.String(), ", "), 15)
	}
	p.next()
	p.evidence(run)
	p.figures(run, figures)
	p.accepted(run, figures)
	p.rules(run)
	p.notes(run, d)
}

func (p *pen) evidence(run *audit.Run) {
	p.next()
	p.head(1, "Evidence", "Status", " Items", " Requests", "Note", "")
	for _, c := range run.Coverage {
		p.next()
		status := excelize.Cell{StyleID: p.style.text, Value: string(c.Status)}
		if c.Status != audit.Complete && c.Status != audit.NotAsked {
			status.StyleID = p.style.badge["medium"]
		}
		p.cells(1, strings.ReplaceAll(c.Source, "_", " "), nil, c.Items, c.Requests, "", "")
		status.Value = strings.ReplaceAll(string(c.Status), "_", " ")
		p.put(2, status)
		from, to := fmt.Sprintf("E%d", p.row), fmt.Sprintf("F%d", p.row)
		p.try(p.f.MergeCell(summarySheet, from, to))
		p.try(p.f.SetCellStr(summarySheet, from, Cell(c.Reason)))
		p.try(p.f.SetCellStyle(summarySheet, from, to, p.style.remark))
		p.high(c.Reason, 36, 14)
	}
	p.next()
}

// figures stand beside the severities.
func (p *pen) figures(run *audit.Run, f *figures) {
	s := &run.Summary
	passed := "Clean"
	if !run.Complete {
		passed = "Without a finding"
	}
	left := [][]any{
		{"Tokens", s.Tokens},
		{"Active", s.Active},
		{"Owners", s.People},
		{"Break the policy", s.Violating},
		{"Cannot be judged", f.standing[unknown]},
		{passed, f.standing[clean]},
		{"Findings waived", s.Findings[audit.Waived]},
		{"Expired, still listed", f.standing[expired]},
		{"In use, expire in 14 days", len(f.expiring)},
	}
	right := [][]any{}
	for severity := audit.Critical; severity > audit.NoSeverity; severity-- {
		right = append(right, []any{
			severity.String(), s.ByWorst[severity], s.BySeverity[severity],
		})
	}
	p.next()
	p.head(1, "Figures", "")
	p.head(4, "Severity", " Tokens", " Findings")
	for i, figure := range left {
		p.next()
		p.cells(1, figure...)
		switch j := i - len(right); {
		case i < len(right):
			p.cells(4, right[i]...)
		case j == 1:
			p.head(4, "Pending requests", "", "")
		case j == 2:
			p.cells(4, "waiting", s.Requests, "")
		case j == 3:
			p.cells(4, "break the policy", s.RequestsViolating, "")
		}
	}
	p.next()
}

func (p *pen) rules(run *audit.Run) {
	p.next()
	p.head(1, "Rule", "At most", "Guide step", " Fail", " Waived", " Cannot be judged")
	for i := range run.Rules {
		r := &run.Rules[i]
		p.next()
		p.put(1, p.style.cell(column{}, r.Rule.ID)) // no badge: a state is called unused, too
		if !r.Asked {
			p.cells(2, "not asked", r.Rule.Guide, "", "", "")
			continue
		}
		p.cells(2, r.Severity.String(), r.Rule.Guide, r.Counts[audit.Fail],
			r.Counts[audit.Waived], r.Counts[audit.Indeterminate])
	}
	p.next()
}

func (p *pen) notes(run *audit.Run, d *Document) {
	p.wide(p.style.header, "Not covered", 16)
	p.wide(p.style.note, strings.Join(run.NotSeen, "; "), 15)
	p.wide(p.style.header, "Policy and run", 16)
	p.wide(p.style.note, fmt.Sprintf("Policy: %s; violations from %s up",
		run.Policy.Name, run.Policy.FailOn), 15)
	if by := ratified(run.Policy.Ratified); by != "" {
		p.wide(p.style.note, "Policy "+by, 15)
	}
	p.wide(p.style.note, "Policy digest: "+run.Policy.Digest, 15)
	p.wide(p.style.note, "Evidence collected: "+minute(run.CollectedAt), 15)
	p.wide(p.style.note, "Evidence digest: "+run.Digest, 15)
	p.wide(p.style.note, "Judged by "+d.Tool.Name+" "+d.Tool.Version, 15)
}
