// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/report/safe"
)

// column is one column of a list. Its value is a string, an int, an int64, a time.Time (zero:
// empty), or nil.
type column struct {
	title  string
	width  float64 // in characters
	value  func(entry) any
	input  bool     // for the reader to fill in
	among  []string // what may be filled in; nil is anything
	color  bool     // by the severity or the state that the value names
	colors string   // stands before the value in the names of its colours
	other  string   // whose colour a value has that names neither; "" is none

	upright bool               // the title stands on its end, above narrow cells
	bar     bool               // with a bar as long as the figure
	link    func(entry) string // where the value leads; "" is nowhere
}

// list is a sheet with a header, a filter, and a row per entry. It goes on in a second sheet where
// the format allows no more rows.
type list struct {
	name    string
	columns []column
	frozen  int // how many columns stay in sight: those that say what a row is about
	onPaper int // how many columns are printed, on one page's width; 0: all, side by side
	lines   int // of text that every row has room for; 0: as many as its texts need
	count   int // of the entries
	entries iter.Seq[entry]
}

// listOf returns a list of what is known already.
func listOf(name string, columns []column, entries []entry) *list {
	return &list{
		name: name, columns: columns, frozen: min(2, len(columns)-1),
		count: len(entries), entries: slices.Values(entries),
	}
}

// add adds the sheets of a list.
func (b *book) add(l *list) {
	if !b.doc.Single() && l.name != readMe {
		l.columns = append([]column{organizationColumn}, l.columns...)
		l.frozen++
		if l.onPaper > 0 {
			l.onPaper++
		}
	}
	perSheet := b.maxRows - 1 // and the header
	for first := 0; first == 0 || first < l.count; first += perSheet {
		s := &sheet{list: l, book: b, first: first, rows: min(l.count-first, perSheet)}
		if s.title = l.name; first > 0 {
			s.title = fmt.Sprintf("%s %d", l.name, first/perSheet+1)
		}
		s.open()
	}
}

// sheet is a list, or a part of one.
type sheet struct {
	*list
	book        *book
	title       string
	first, rows int // of the list's entries
	letters     []string
}

// try keeps the first error of the workbook.
func (s *sheet) try(err error) {
	if err != nil {
		s.book.try(fmt.Errorf("sheet %s: %w", s.title, err))
	}
}

// open hands the library all about the sheet but its rows.
func (s *sheet) open() {
	f := s.book.f
	index, err := f.NewSheet(s.title)
	s.try(err)
	s.book.rows[fmt.Sprintf("xl/worksheets/sheet%d.xml", index+1)] = s.write
	for i, c := range s.columns {
		letter, err := excelize.ColumnNumberToName(i + 1)
		s.try(err)
		s.letters = append(s.letters, letter)
		s.try(f.SetColWidth(s.title, letter, letter, c.width))
	}
	last := len(s.columns) - 1
	all := fmt.Sprintf("A1:%s%d", s.letters[last], max(s.rows, 1)+1)
	corner := s.letters[s.frozen] + "2"
	if s.rows > 0 { // first: the library forgets then what it was told of the print
		s.try(f.AutoFilter(s.title, all, nil))
	}
	s.try(f.SetSheetDimension(s.title, all))
	s.try(f.SetPanes(s.title, &excelize.Panes{
		Freeze: true, XSplit: s.frozen, YSplit: 1, TopLeftCell: corner, ActivePane: "bottomRight",
	}))
	s.printed()
	s.links()
	if s.rows == 0 {
		return
	}
	for i, c := range s.columns {
		cells := fmt.Sprintf("%s2:%[1]s%d", s.letters[i], s.rows+1)
		s.choices(c, cells)
		s.conditions(c, cells)
	}
}

// part ranges over the entries that the sheet has, with their rows.
func (s *sheet) part() iter.Seq2[int, entry] {
	return func(yield func(int, entry) bool) {
		row := 1 - s.first
		for e := range s.entries {
			if row++; row > s.rows+1 || row > 1 && !yield(row, e) {
				return
			}
		}
	}
}

// links makes cells links.
func (s *sheet) links() {
	at := slices.IndexFunc(s.columns, func(c column) bool { return c.link != nil })
	if at < 0 {
		return
	}
	for row, e := range s.part() {
		if link := s.columns[at].link(e); link != "" {
			s.try(s.book.linked(s.title, fmt.Sprintf("%s%d", s.letters[at], row), link))
		}
	}
}

// linked makes a cell a link: to a place of the workbook, if it begins with "#".
func (b *book) linked(sheet, cell, link string) error {
	if place, within := strings.CutPrefix(link, "#"); within {
		return b.f.SetCellHyperLink(sheet, cell, place, "Location")
	}
	return b.f.SetCellHyperLink(sheet, cell, link, "External")
}

// write writes the rows.
func (s *sheet) write(w io.Writer) error {
	const enough = 64 << 10 // bytes
	cells := make([]cell, len(s.columns))
	rows := s.head(nil, cells)
	if s.rows == 0 {
		none := []cell{{s.book.style.text, "none"}}
		rows = appendRow(rows, 2, 0, s.letters, none)
	}
	for row, e := range s.part() {
		rows = s.row(rows, row, e, cells)
		if len(rows) < enough {
			continue
		}
		if _, err := w.Write(rows); err != nil {
			return err
		}
		rows = rows[:0]
	}
	_, err := w.Write(rows)
	return err
}

func (s *sheet) head(rows []byte, cells []cell) []byte {
	height := 0.0
	for i, c := range s.columns {
		cells[i] = s.book.style.head(c)
		height = max(height, headHeight(c))
	}
	return appendRow(rows, 1, height, s.letters, cells)
}

func (s *sheet) row(rows []byte, row int, e entry, cells []cell) []byte {
	lines := max(s.lines, 1)
	for i, c := range s.columns {
		cells[i] = s.book.style.cell(c, c.value(e))
		if c.link != nil && c.link(e) != "" {
			cells[i].style = s.book.style.link
		}
		if text, ok := cells[i].value.(string); ok && s.lines == 0 {
			lines = max(lines, linesOf(safe.Cell(text), c.width))
		}
	}
	return appendRow(rows, row, rowHeight(lines), s.letters, cells)
}

// choices are what may be filled into a column.
func (s *sheet) choices(c column, cells string) {
	if c.among == nil {
		return
	}
	rule := excelize.NewDataValidation(true)
	rule.Sqref = cells
	s.try(rule.SetDropList(c.among))
	rule.SetError(excelize.DataValidationErrorStyleStop, c.title, safe.List(c.among, "or"))
	s.try(s.book.f.AddDataValidation(s.title, rule))
}

// conditions colour what is filled in later, and draw the bars.
func (s *sheet) conditions(c column, cells string) {
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
	if options != nil {
		s.try(s.book.f.SetConditionalFormat(s.title, cells, options))
	}
}
