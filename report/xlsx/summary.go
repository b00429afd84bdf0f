// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"fmt"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

const summarySheet = "Summary"

// The columns of the summary: two halves with a gap between them.
const (
	leftHalf  = 1  // A to H
	lastLeft  = 8  // H
	rightHalf = 10 // J to O
	lastPlace = 15 // O
)

// summaryRow is the height of a row of it, in points.
const summaryRow = 21.0

var summaryWidths = []float64{11, 26, 11, 16, 8, 8, 8, 12, 2, 12, 9, 9, 9, 9, 12}

// summary writes the first sheet: two pages per organization that can be printed and handed on.
func (b *book) summary() {
	b.try(b.f.SetSheetName("Sheet1", summarySheet))
	p := &pen{book: b, style: &b.onPage}
	for i, width := range summaryWidths {
		name, _ := excelize.ColumnNumberToName(i + 1)
		p.try(b.f.SetColWidth(summarySheet, name, name, width))
	}
	if !b.doc.Single() {
		p.total(b.doc)
	}
	for _, s := range b.surveys {
		if !b.doc.Single() {
			p.breakPage()
		}
		p.run(s)
	}
	last, _ := excelize.CoordinatesToCellName(lastPlace, p.last)
	height, yes, no := summaryRow, true, false
	p.try(b.f.SetSheetDimension(summarySheet, "A1:"+last))
	p.try(b.page(summarySheet, "portrait", 1, 0))
	p.try(b.f.SetSheetProps(summarySheet, &excelize.SheetPropsOptions{
		DefaultRowHeight: &height, CustomHeight: &yes,
	}))
	p.try(b.f.SetSheetView(summarySheet, 0, &excelize.ViewOptions{ShowGridLines: &no}))
}

// pen writes rows downwards.
type pen struct {
	book  *book
	style *styles
	row   int
	last  int // row with a cell

	severityRow int      // where the figures of a chart begin
	labels      []string // beside them
	trendRows   int      // of the sheet of trends, that charts have been drawn of
	drawn       int      // charts that have been drawn
}

func (p *pen) try(err error) { p.book.try(err) }

func (p *pen) next() { p.row++ }

// breakPage begins a page with the next row.
func (p *pen) breakPage() {
	p.try(p.book.f.InsertPageBreak(summarySheet, fmt.Sprintf("A%d", p.row+1)))
}

// place returns the name of a cell of the row.
func (p *pen) place(column int) string {
	name, err := excelize.CoordinatesToCellName(column, p.row)
	p.try(err)
	p.last = max(p.last, p.row)
	return name
}

func (p *pen) put(column int, c cell) {
	name := p.place(column)
	if text, ok := c.value.(string); ok {
		p.try(p.book.f.SetCellStr(summarySheet, name, safe.Cell(text)))
	} else if c.value != nil {
		p.try(p.book.f.SetCellValue(summarySheet, name, c.value))
	}
	p.try(p.book.f.SetCellStyle(summarySheet, name, name, c.style))
}

// cells writes values from a column on.
func (p *pen) cells(from int, values ...any) {
	for i, v := range values {
		c := p.style.cell(column{}, v)
		if c.style == p.style.remark {
			c.style = p.style.text // a row of it is one line high
		}
		p.put(from+i, c)
	}
}

// badge writes a word in the colour that it stands for.
func (p *pen) badge(at int, word string) {
	p.put(at, p.style.cell(column{color: true}, word))
}

// across writes a text over several columns.
func (p *pen) across(from, to, style int, text string) {
	p.merged(p.place(from), p.place(to), style, text)
}

// merged writes a text over the cells from one to another.
func (p *pen) merged(first, last string, style int, text string) {
	p.try(p.book.f.MergeCell(summarySheet, first, last))
	p.try(p.book.f.SetCellStr(summarySheet, first, safe.Cell(text)))
	p.try(p.book.f.SetCellStyle(summarySheet, first, last, style))
}

// below writes a text over several columns of the next row.
func (p *pen) below(from, to, style int, text string) {
	p.next()
	p.across(from, to, style, text)
}

// wide writes a text over the whole width in the next row, as high as it needs.
func (p *pen) wide(style int, text string, height float64) {
	p.below(1, lastPlace, style, text)
	p.high(text, min(135, 3200/int(height)), height) // the higher, the larger the font
}

// high makes the row as high as a text needs that wraps in a merged cell: programs do not.
func (p *pen) high(text string, room int, height float64) {
	lines := max(1, len(safe.Wrap(text, room)))
	p.try(p.book.f.SetRowHeight(summarySheet, p.row, min(height*float64(lines), mostHeight)))
}

// head starts a table in the next row. A title that begins with a blank stands over figures; one
// that is empty is only coloured.
func (p *pen) head(from int, titles ...string) {
	p.next()
	for i, title := range titles {
		style := p.style.header
		if strings.HasPrefix(title, " ") {
			style = p.style.headerRight
		}
		p.put(from+i, cell{style, strings.TrimSpace(title)})
	}
}

// headAcross starts a table over the whole width.
func (p *pen) headAcross(titles ...string) {
	p.head(1, append(titles, make([]string, lastPlace-len(titles))...)...)
}

// beside writes blocks that begin in the same row, and goes on below the longest.
func (p *pen) beside(blocks ...func()) {
	top, bottom := p.row, p.row
	for _, block := range blocks {
		p.row = top
		block()
		bottom = max(bottom, p.row)
	}
	p.row = bottom + 1
}

// link writes a text over several columns that leads somewhere; to "" it leads nowhere.
func (p *pen) link(from, last int, text, to string) {
	if to == "" {
		p.across(from, last, p.style.text, text)
		return
	}
	p.across(from, last, p.style.link, text)
	p.try(p.book.linked(summarySheet, p.place(from), to))
}

// box writes a text over several columns, and over as many rows as it needs from the next on.
func (p *pen) box(from, last, style int, text string, room int) {
	lines := max(1, len(safe.Wrap(text, room)))
	p.next()
	first := p.place(from)
	p.row += int(math.Ceil(lineHeight*float64(lines)/summaryRow)) - 1
	p.merged(first, p.place(last), style, text)
}

func (p *pen) total(d *view.Document) {
	o := d.Outcome()
	p.wide(p.style.title, "Fine-grained token audit", 28)
	p.wide(p.style.subtitle, safe.Plural(len(d.Runs)+len(d.Failed), "organization")+
		"   ·   Confidential: personal data", 18)
	p.next()
	s := view.Total(d.Runs)
	p.wide(p.banner(o, d.Owing()), fmt.Sprintf("%s: %d of %s violating", d.Verdict(), s.Violating,
		safe.Plural(s.Tokens, "token"))+d.ContradictedText(), 26)
	p.next()
	p.headAcross("Organization", "", " Tokens", " Violating", "Complete", "", "Verdict")
	row := func(name string, tokens, violating any, complete, verdict string) {
		p.below(1, 2, p.style.text, name)
		p.cells(3, tokens, violating)
		p.across(5, 6, p.style.text, complete)
		p.across(7, lastPlace, p.style.text, verdict)
	}
	for _, run := range d.Runs {
		s := &run.Summary
		row(run.Organization.Login, s.Tokens, s.Violating, yesNo(run.Complete), view.VerdictText(run))
	}
	for _, f := range d.Failed {
		row(f.Organization, view.Unknown, view.Unknown, "no", "not audited: "+f.Reason.String())
	}
	p.next()
}

// banner is the style of a verdict. One that holds by accepted debt alone is not green.
func (p *pen) banner(o audit.Outcome, owing bool) int {
	switch {
	case o == audit.Clean && !owing:
		return p.style.good
	case o == audit.Clean, o == audit.Incomplete:
		return p.style.open
	default:
		return p.style.bad
	}
}
