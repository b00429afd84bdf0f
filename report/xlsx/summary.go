// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"errors"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

const summarySheet = "Summary"

// The columns of the summary: two halves with a gap between them.
const (
	leftHalf  = 1  // A to G
	rightHalf = 9  // I to N
	lastRule  = 7  // G
	lastPlace = 14 // N
)

// summaryRow is the height of a row of it in points: so high that it fills a page.
const summaryRow = 21.0

var summaryWidths = []float64{27, 11, 9, 14, 8, 9, 10, 2, 11, 9, 9, 9, 14, 25}

// summary writes the first sheet: a page per organization that can be printed and handed on.
func (b *book) summary() error {
	err := errors.Join(b.f.SetSheetName("Sheet1", summarySheet), b.unmeasured(summarySheet))
	if err != nil {
		return err
	}
	p := &pen{book: b, style: &b.style}
	for i, width := range summaryWidths {
		name, _ := excelize.ColumnNumberToName(i + 1)
		p.try(b.f.SetColWidth(summarySheet, name, name, width))
	}
	if !b.doc.Single() {
		p.total(b.doc)
	}
	for _, s := range b.surveys {
		if !b.doc.Single() {
			p.try(b.f.InsertPageBreak(summarySheet, fmt.Sprintf("A%d", p.row+1)))
		}
		p.run(s, b.doc)
	}
	p.try(b.printSummary())
	return p.err
}

func (b *book) printSummary() error {
	portrait, a4, one, pages, yes, no := "portrait", 9, 1, 0, true, false
	if b.doc.Single() {
		pages = 1
	}
	margin, height := 0.5, summaryRow // inches, points
	for _, err := range []error{
		b.f.SetSheetProps(summarySheet, &excelize.SheetPropsOptions{
			FitToPage: &yes, DefaultRowHeight: &height, CustomHeight: &yes,
		}),
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
	book  *book
	style *styles
	row   int
	err   error

	severityRow, severityRows int // where the figures of a chart begin, and how many they are
	trendRows                 int // of the sheet of trends, that charts have been drawn of
}

func (p *pen) try(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *pen) next() { p.row++ }

// place names a cell of the row.
func (p *pen) place(column int) string {
	name, err := excelize.CoordinatesToCellName(column, p.row)
	p.try(err)
	return name
}

func (p *pen) put(column int, c excelize.Cell) {
	name := p.place(column)
	if text, ok := c.Value.(string); ok {
		p.try(p.book.f.SetCellStr(summarySheet, name, safe.Cell(text)))
	} else if c.Value != nil {
		p.try(p.book.f.SetCellValue(summarySheet, name, c.Value))
	}
	p.try(p.book.f.SetCellStyle(summarySheet, name, name, c.StyleID))
}

// cells writes values from a column on.
func (p *pen) cells(from int, values ...any) {
	for i, v := range values {
		p.put(from+i, p.style.cell(column{}, v))
	}
}

// badge writes a word in the colour that it stands for.
func (p *pen) badge(at int, word string) {
	p.put(at, p.style.cell(column{color: true}, word))
}

// across writes a text over several columns.
func (p *pen) across(from, to, style int, text string) {
	first, last := p.place(from), p.place(to)
	p.try(p.book.f.MergeCell(summarySheet, first, last))
	p.try(p.book.f.SetCellStr(summarySheet, first, safe.Cell(text)))
	p.try(p.book.f.SetCellStyle(summarySheet, first, last, style))
}

// wide writes a text over the whole width in the next row, as high as it needs.
func (p *pen) wide(style int, text string, height float64) {
	p.next()
	p.across(1, lastPlace, style, text)
	p.high(text, min(140, 3300/int(height)), height) // the higher, the larger the font
}

// high makes the row as high as a text needs that wraps in a merged cell: programs do not.
func (p *pen) high(text string, room int, height float64) {
	lines := max(1, len(safe.Wrap(text, room)))
	p.try(p.book.f.SetRowHeight(summarySheet, p.row, height*float64(lines)))
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
		p.put(from+i, excelize.Cell{StyleID: style, Value: strings.TrimSpace(title)})
	}
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

// link makes a cell of the row a link; to "" it makes none.
func (p *pen) link(column int, to string) {
	if to == "" {
		return
	}
	name := p.place(column)
	p.try(p.book.linked(summarySheet, name, to))
	p.try(p.book.f.SetCellStyle(summarySheet, name, name, p.style.link))
}

func (p *pen) total(d *view.Document) {
	o := d.Outcome()
	p.wide(p.style.title, "Fine-grained token audit", 28)
	p.wide(p.style.subtitle, safe.Plural(len(d.Runs)+len(d.Failed), "organization")+
		"   ·   Confidential: personal data", 18)
	p.next()
	s := view.Total(d.Runs)
	p.wide(p.banner(o, d.Owing()), fmt.Sprintf("%s: %d of %s violating", d.Verdict(), s.Violating,
		safe.Plural(s.Tokens, "token")), 26)
	p.next()
	p.head(1, "Organization", " Tokens", " Violating", "Complete", "Verdict", "", "", "", "", "", "",
		"", "", "")
	for _, run := range d.Runs {
		p.next()
		p.cells(1, run.Organization.Login, run.Summary.Tokens, run.Summary.Violating,
			yesNo(run.Complete))
		p.across(5, lastPlace, p.style.text, view.VerdictText(run))
	}
	for _, f := range d.Failed {
		p.next()
		p.cells(1, f.Organization, view.Unknown, view.Unknown, "no")
		p.across(5, lastPlace, p.style.text, "not audited: "+f.Reason)
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
