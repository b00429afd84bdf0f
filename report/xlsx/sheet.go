// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"errors"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/report/safe"
)

// column is one column of a list. Its value is a string, an int, a time.Time (zero: empty), or
// nil.
type column struct {
	title string
	width float64 // in characters
	value func(entry) any
	input bool     // for the reader to fill in
	among []string // what may be filled in; nil is anything
	color bool     // by the severity or the state that the value names
	other string   // whose colour a value has that names neither; "" is none

	upright bool               // the title stands on its end, above narrow cells
	bar     bool               // with a bar as long as the figure
	link    func(entry) string // where the value leads; "" is nowhere
}

// sheet is a list with a header, a filter, and a row per entry. It goes on in a second sheet where
// the format allows no more rows.
type sheet struct {
	book    *book
	name    string
	columns []column
	frozen  int // how many columns stay in sight: those that say what a row is about
	part    int
	stream  *excelize.StreamWriter
	rows    int // of this part, the header too
	cells   []any
}

func (b *book) sheet(name string, columns []column) (*sheet, error) {
	frozen := 2
	if !b.doc.Single() {
		columns, frozen = append([]column{organizationColumn}, columns...), 3
	}
	s := &sheet{
		book: b, name: name, columns: columns, frozen: frozen, cells: make([]any, len(columns)),
	}
	return s, s.open()
}

func (s *sheet) title() string {
	if s.part == 1 {
		return s.name
	}
	return fmt.Sprintf("%s %d", s.name, s.part)
}

// open starts the next part.
func (s *sheet) open() (err error) {
	s.part, s.rows = s.part+1, 1
	f := s.book.f
	if _, err = f.NewSheet(s.title()); err != nil {
		return err
	}
	if err := errors.Join(s.printed(), s.book.unmeasured(s.title())); err != nil {
		return err
	}
	if s.stream, err = f.NewStreamWriter(s.title()); err != nil {
		return err
	}
	height := 0.0
	for i, c := range s.columns {
		if err := s.stream.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
		s.cells[i] = s.book.style.head(c)
		height = max(height, headHeight(c))
	}
	corner, err := excelize.CoordinatesToCellName(s.frozen+1, 2)
	if err != nil {
		return err
	}
	if err := s.stream.SetPanes(&excelize.Panes{
		Freeze: true, XSplit: s.frozen, YSplit: 1, TopLeftCell: corner, ActivePane: "bottomRight",
	}); err != nil {
		return err
	}
	return s.stream.SetRow("A1", s.cells, excelize.RowOpts{Height: height})
}

// unmeasured takes from a new sheet its range, which the library says is A1, whatever is written
// later: who believes it sees one cell. Readers count for themselves where there is none.
func (b *book) unmeasured(sheet string) error { return b.f.SetSheetDimension(sheet, "") }

// linked makes a cell of the row a link.
func (s *sheet) linked(column int, link string) error {
	cell, err := excelize.CoordinatesToCellName(column+1, s.rows)
	if err != nil {
		return err
	}
	return s.book.linked(s.title(), cell, link)
}

// linked makes a cell a link: to a place of the workbook, if it begins with "#".
func (b *book) linked(sheet, cell, link string) error {
	if place, within := strings.CutPrefix(link, "#"); within {
		return b.f.SetCellHyperLink(sheet, cell, place, "Location")
	}
	return b.f.SetCellHyperLink(sheet, cell, link, "External")
}

func (s *sheet) add(e entry) error {
	if s.rows == s.book.maxRows {
		if err := s.close(); err != nil {
			return err
		}
		if err := s.open(); err != nil {
			return err
		}
	}
	s.rows++
	lines := 1
	for i, c := range s.columns {
		cell := s.book.style.cell(c, c.value(e))
		if cell.StyleID == s.book.style.text {
			cell.StyleID = s.book.style.remark // a list has room for all of it
		}
		if c.link != nil && c.link(e) != "" {
			cell.StyleID = s.book.style.link
			if err := s.linked(i, c.link(e)); err != nil {
				return err
			}
		}
		if text, ok := cell.Value.(string); ok {
			lines = max(lines, linesOf(text, c.width))
		}
		s.cells[i] = cell
	}
	return s.stream.SetRow(fmt.Sprintf("A%d", s.rows), s.cells, rowHeight(lines)...)
}

// close says what needs the number of rows, and flushes. A list of nothing says so.
func (s *sheet) close() error {
	if s.rows == 1 {
		return s.none()
	}
	last, err := excelize.CoordinatesToCellName(len(s.columns), s.rows)
	if err != nil {
		return err
	}
	if err := s.book.f.AutoFilter(s.title(), "A1:"+last, nil); err != nil {
		return err
	}
	for i, c := range s.columns {
		letter, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		cells := fmt.Sprintf("%s2:%s%d", letter, letter, s.rows)
		if err := errors.Join(s.choices(c, cells), s.conditions(c, cells)); err != nil {
			return err
		}
	}
	return s.stream.Flush()
}

// none closes a list that has no row, on one page.
func (s *sheet) none() error {
	s.rows++
	one, cell := 1, excelize.Cell{StyleID: s.book.style.text, Value: "none"}
	if err := s.stream.SetRow("A2", []any{cell}); err != nil {
		return err
	}
	if err := s.book.f.SetPageLayout(s.title(),
		&excelize.PageLayoutOptions{FitToWidth: &one}); err != nil {
		return err
	}
	return s.stream.Flush()
}

// choices are what may be filled into a column.
func (s *sheet) choices(c column, cells string) error {
	if c.among == nil {
		return nil
	}
	rule := excelize.NewDataValidation(true)
	rule.Sqref = cells
	if err := rule.SetDropList(c.among); err != nil {
		return err
	}
	rule.SetError(excelize.DataValidationErrorStyleStop, c.title, safe.List(c.among, "or"))
	return s.book.f.AddDataValidation(s.title(), rule)
}

// conditions colour what is filled in later, and draw the bars.
func (s *sheet) conditions(c column, cells string) error {
	var options []excelize.ConditionalFormatOptions
	for _, choice := range c.among {
		if style, ok := s.book.style.choice[choice]; ok {
			options = append(options, excelize.ConditionalFormatOptions{
				Type: "cell", Criteria: "==", Value: `"` + choice + `"`, Format: &style,
			})
		}
	}
	if c.bar {
		options = append(options, excelize.ConditionalFormatOptions{
			Type: "data_bar", Criteria: "=", MinType: "num", MinValue: "0", MaxType: "max",
			BarColor: "#" + faint,
		})
	}
	if options == nil {
		return nil
	}
	return s.book.f.SetConditionalFormat(s.title(), cells, options)
}
