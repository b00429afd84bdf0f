// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"fmt"
	"math"

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

// rowHeight is that of so many lines; one needs no more than is usual.
func rowHeight(lines int) []excelize.RowOpts {
	if lines <= 1 {
		return nil
	}
	return []excelize.RowOpts{{Height: min(lineHeight*float64(lines)+3, mostHeight)}}
}

// head is the cell of a column's title.
func (s *styles) head(c column) excelize.Cell {
	cell := excelize.Cell{StyleID: s.listHeader, Value: safe.Cell(c.title)}
	switch {
	case c.input:
		cell.StyleID = s.inputHeader
	case c.upright:
		cell.StyleID = s.uprightHeader
	}
	return cell
}

// headHeight is the height that a title needs, beside the button of the filter.
func headHeight(c column) float64 {
	title := safe.Cell(c.title)
	if c.upright {
		return min(uprightWidth*float64(safe.Width(title))+20, mostHeight)
	}
	return min(lineHeight*float64(len(safe.Wrap(title, int(c.width)-3)))+7, mostHeight)
}

// printed makes a list legible on paper: landscape, on as many pages side by side as it needs,
// each with the header and the frozen columns.
func (s *sheet) printed() error {
	const perPage = 180.0 // characters that are still legible
	width := 0.0
	for _, c := range s.columns {
		width += c.width
	}
	landscape, a4, wide, free, yes := "landscape", 9, int(math.Ceil(width/perPage)), 0, true
	f, name := s.book.f, s.title()
	if err := f.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &yes}); err != nil {
		return err
	}
	if err := f.SetPageLayout(name, &excelize.PageLayoutOptions{
		Orientation: &landscape, Size: &a4, FitToWidth: &wide, FitToHeight: &free,
	}); err != nil {
		return err
	}
	return f.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", Scope: name,
		RefersTo: fmt.Sprintf("'%s'!$A:$%c,'%s'!$1:$1", name, 'A'+s.frozen-1, name),
	})
}
