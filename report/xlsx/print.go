// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/report/safe"
)

// How lists look on paper, where nothing can be made wider: programs do not fit the rows of a
// streamed sheet to their texts.

// Heights, in points.
const (
	lineHeight   = 13.0 // of text
	mostHeight   = 409.0
	uprightWidth = 6.2 // of a bold character, on its end
)

// linesOf counts the lines that a text needs in a column.
func linesOf(text string, width float64) int {
	room := int(width) - 1 // the cell has an indent
	if len(text) <= room {
		return 1
	}
	return len(safe.Wrap(text, room))
}

// rowHeight is that of so many lines; 0 is that of one, which needs no more than is usual.
func rowHeight(lines int) float64 {
	if lines <= 1 {
		return 0
	}
	return min(lineHeight*float64(lines)+3, mostHeight)
}

// head is the cell of a column's title.
func (s *styles) head(c column) cell {
	of := cell{s.listHeader, c.title}
	switch {
	case c.input:
		of.style = s.inputHeader
	case c.upright:
		of.style = s.uprightHeader
	}
	return of
}

// headHeight is the height that a title needs. The button of the filter lies at the bottom of the
// cell, so there is a line more, and titles begin at the top.
func headHeight(c column) float64 {
	title := safe.Cell(c.title)
	if c.upright {
		return min(uprightWidth*float64(safe.Width(title))+lineHeight+10, mostHeight)
	}
	lines := len(safe.Wrap(title, int(c.width)-1)) + 1
	return min(lineHeight*float64(lines)+7, mostHeight)
}

// pageWidth is how many characters fit on a page and are legible.
const pageWidth = 200.0

// printed makes a list legible on paper: landscape, with the header and the frozen columns on each
// page. A list prints those columns that a reader of paper needs, if it has any such; else all, on
// as many pages side by side as that takes.
func (s *sheet) printed() {
	f, name := s.book.f, s.title
	onPaper, width := len(s.columns), 0.0
	if s.onPaper > 0 {
		onPaper = s.onPaper
	}
	for i, c := range s.columns[:onPaper] {
		if width += c.width; s.rows == 0 && width > pageWidth {
			onPaper = i // a list of nothing needs no second page to say so
			break
		}
	}
	wide := 1
	if s.onPaper == 0 && s.rows > 0 {
		wide = int(math.Ceil(width / pageWidth))
	}
	if onPaper < len(s.columns) {
		s.try(f.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Area", Scope: name,
			RefersTo: fmt.Sprintf("'%s'!$A$1:$%s$%d", name, s.letters[onPaper-1], max(s.rows, 1)+1),
		}))
	}
	s.try(f.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", Scope: name,
		RefersTo: fmt.Sprintf("'%s'!$A:$%s,'%[1]s'!$1:$1", name, s.letters[s.frozen-1]),
	}))
	s.try(s.book.page(name, "landscape", wide, 0))
}

// page prints on every page of a sheet whose it is, which, and that it is confidential, and on how
// many pages side by side and below each other the sheet is printed; 0 is as many as it needs.
func (b *book) page(sheet, orientation string, wide, high int) error {
	a4, yes, beside, above, edge := 9, true, 0.4, 0.75, 0.3 // inches
	return errors.Join(
		b.f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &yes}),
		b.f.SetPageLayout(sheet, &excelize.PageLayoutOptions{
			Orientation: &orientation, Size: &a4, FitToWidth: &wide, FitToHeight: &high,
		}),
		b.f.SetPageMargins(sheet, &excelize.PageLayoutMarginsOptions{
			Left: &beside, Right: &beside, Top: &above, Bottom: &above,
			Header: &edge, Footer: &edge, Horizontally: &yes,
		}),
		b.f.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{
			OddHeader: "&LFine-grained token audit: " + b.organizations() + "&RConfidential: personal data",
			OddFooter: "&L&A&RPage &P of &N",
		}),
	)
}

// organizations lists those of the document at the head of a page, where an ampersand begins a
// command.
func (b *book) organizations() string {
	var names []string
	for _, run := range b.doc.Runs {
		names = append(names, run.Organization.Login)
	}
	for _, f := range b.doc.Failed {
		names = append(names, f.Organization)
	}
	const most = 80 // columns; the format has room for 255 characters in all
	text := safe.Truncate(safe.Cell(strings.Join(names, ", ")), most)
	return strings.ReplaceAll(text, "&", "&&")
}
