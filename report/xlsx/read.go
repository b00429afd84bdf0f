// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// Filled is what a reviewer decided of a token in the workbook that [Format] wrote. Its texts are
// as they were typed, without the blanks around them.
type Filled struct {
	TokenID  int64
	Decision string // one that the column offers: "keep", "waive", "reduce", "revoke"
	Reviewer string // "" if left empty, as are the two below
	Note     string
	Date     time.Time // of the decision, at midnight UTC; zero if left empty
	Sheet    string    // where it stands
	Row      int       // counted from 1, as spreadsheets do
	Wrong    error     // what is wrong with the row's cells, each named; nothing above counts then
}

// The limits of a workbook that is read. Those that this package writes stay far below, up to some
// hundred thousand tokens.
const (
	mostUnzipped = 1 << 30 // bytes
	mostInMemory = 64 << 20
	mostProblems = 50
)

// The columns that are read.
const (
	tokenIDTitle  = "Token ID"
	decisionTitle = "Decision"
	reviewerTitle = "Reviewer"
	dateTitle     = "Date"
	noteTitle     = "Note"
)

var filledTitles = []string{
	tokenIDTitle, decisionTitle, reviewerTitle, dateTitle, noteTitle,
}

var tokensSheet = regexp.MustCompile(`^Tokens( [1-9][0-9]{0,4})?$`)

// ReadDecisions reads back what reviewers filled into the sheets of tokens of a workbook. It finds
// the columns by their titles, passes over rows without a decision, and computes nothing: a
// formula in a column that is read makes its row wrong, as does a value that the column cannot
// have. The error is of a workbook of which no row can be trusted; it joins all problems, and each
// names its sheet and cell.
func ReadDecisions(r io.Reader) ([]Filled, error) {
	f, err := excelize.OpenReader(r, excelize.Options{
		UnzipSizeLimit: mostUnzipped, UnzipXMLSizeLimit: mostInMemory, RawCellValue: true,
	})
	if err != nil {
		return nil, fmt.Errorf("opening the workbook: %w", err)
	}
	defer func() { _ = f.Close() }() // only its temporary files
	in := &reviewed{f: f, rows: map[int64]int{}}
	found := false
	for _, sheet := range f.GetSheetList() {
		if tokensSheet.MatchString(sheet) {
			found = true
			in.sheet(sheet)
		}
	}
	if !found {
		return nil, errors.New("the workbook has no sheet Tokens: take one that pataudit wrote")
	}
	if n := len(in.problems) - mostProblems; n > 0 {
		in.problems = append(in.problems[:mostProblems], fmt.Errorf("and %d problems more", n))
	}
	if len(in.problems) > 0 {
		return nil, errors.Join(in.problems...)
	}
	return in.filled, nil
}

// reviewed is a workbook that is being read.
type reviewed struct {
	f        *excelize.File
	filled   []Filled
	rows     map[int64]int // of filled, by the tokens decided there
	problems []error
}

// problem notes what is wrong with a cell.
func (in *reviewed) problem(sheet, cell, format string, args ...any) {
	in.problems = append(in.problems,
		fmt.Errorf("%s!%s: %s", sheet, cell, fmt.Sprintf(format, args...)))
}

// sheet reads a sheet, and notes what is wrong with it.
func (in *reviewed) sheet(sheet string) {
	if err := in.read(sheet); err != nil {
		in.problem(sheet, "A1", "reading the sheet: %v", err)
	}
}

func (in *reviewed) read(sheet string) error {
	merged, err := in.f.GetMergeCells(sheet, true)
	if err != nil {
		return err
	}
	for _, m := range merged {
		in.problem(sheet, m.GetStartAxis(), "merged cells: a decision stands in its own row")
	}
	columns := in.header(sheet)
	if columns == nil || len(merged) > 0 {
		return nil
	}
	rows, err := in.f.Rows(sheet)
	if err != nil {
		return err
	}
	for row := 1; rows.Next(); row++ {
		if row > 1 {
			in.row(sheet, row, columns)
		}
	}
	return errors.Join(rows.Error(), rows.Close())
}

// header finds the letters of the columns that are read; nil if they cannot be told. A title that
// no sheet of tokens has is refused: somebody may have meant it to be read.
func (in *reviewed) header(sheet string) map[string]string {
	letters := map[string]string{}
	before := len(in.problems)
	empty := 0
	for n := 1; empty < len(tokenColumns) && n <= excelize.MaxColumns; n++ {
		letter, _ := excelize.ColumnNumberToName(n)
		title := in.text(sheet, letter+"1")
		known := title == organizationColumn.title || slices.ContainsFunc(
			slices.Concat(tokenColumns, factColumns(true), pastColumns),
			func(c column) bool { return c.title == title })
		switch {
		case title == "":
			empty++
		case !known:
			in.problem(sheet, letter+"1", "no column of this list is titled %.40q", title)
		case letters[title] != "":
			in.problem(sheet, letter+"1", "a second column %s; the first is %s", title,
				letters[title])
		default:
			letters[title] = letter
		}
	}
	for _, title := range filledTitles {
		if letters[title] == "" {
			in.problem(sheet, "A1", "no column is titled %q", title)
		}
	}
	if len(in.problems) > before {
		return nil
	}
	return letters
}

// row reads one row, if it holds a decision.
func (in *reviewed) row(sheet string, row int, columns map[string]string) {
	others := in.problems
	in.problems = nil
	defer func() { in.problems = others }() // of the sheet: a row keeps its own
	cell := func(title string) string { return columns[title] + strconv.Itoa(row) }
	decision := in.text(sheet, cell(decisionTitle))
	if decision == "" && len(in.problems) == 0 {
		return
	}
	filled := Filled{
		Decision: decision, Sheet: sheet, Row: row,
		Reviewer: in.text(sheet, cell(reviewerTitle)),
		Note:     in.text(sheet, cell(noteTitle)),
		Date:     in.date(sheet, cell(dateTitle)),
	}
	if decision != "" && !slices.Contains(decisions, decision) {
		in.problem(sheet, cell(decisionTitle), "decision %.40q is none of %s", decision,
			safe.List(decisions, "or"))
	}
	id := in.text(sheet, cell(tokenIDTitle))
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != id {
		in.problem(sheet, cell(tokenIDTitle), "token id %.40q is no positive integer", id)
	} else if i, again := in.rows[n]; again {
		first := &in.filled[i]
		in.problem(sheet, cell(tokenIDTitle), "token %d is decided twice; first in row %d of %s", n,
			first.Row, first.Sheet)
		first.Wrong = errors.Join(first.Wrong, fmt.Errorf("%s row %d: token %d is decided again in "+
			"row %d of %s", first.Sheet, first.Row, n, row, sheet))
	} else {
		in.rows[n] = len(in.filled)
	}
	filled.TokenID, filled.Wrong = n, errors.Join(in.problems...)
	in.filled = append(in.filled, filled)
}

// text returns a cell's text as it is stored; "" after a problem.
func (in *reviewed) text(sheet, cell string) string {
	kind, err := in.f.GetCellType(sheet, cell)
	formula, wrong := in.f.GetCellFormula(sheet, cell)
	value, unread := in.f.GetCellValue(sheet, cell)
	switch err = errors.Join(err, unread); {
	case wrong != nil || formula != "" || kind == excelize.CellTypeFormula:
		in.problem(sheet, cell, "a formula; write the value itself")
	case err != nil:
		in.problem(sheet, cell, "reading the cell: %v", err)
	default:
		return strings.TrimSpace(value)
	}
	return ""
}

// date reads a day: one that was typed as 2026-11-22, or a date of the spreadsheet.
func (in *reviewed) date(sheet, cell string) time.Time {
	text := in.text(sheet, cell)
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse("2006-01-02", text)
	if serial, e := strconv.ParseFloat(text, 64); err != nil && e == nil {
		at, err = in.serial(serial)
	}
	if err == nil && (at.Year() < 2000 || at.Year() > 2199) {
		err = errors.New("out of range")
	}
	if err != nil {
		in.problem(sheet, cell, "%.40q is no date; write it as 2026-11-22", text)
		return time.Time{}
	}
	return at
}

// serial returns the day of a spreadsheet's number.
func (in *reviewed) serial(n float64) (time.Time, error) {
	const last = 2958465 // 9999-12-31, in the system that counts from 1900
	if !(n >= 1 && n <= last) {
		return time.Time{}, errors.New("out of range")
	}
	props, err := in.f.GetWorkbookProps()
	if err != nil {
		return time.Time{}, err
	}
	at, err := excelize.ExcelDateToTime(n, props.Date1904 != nil && *props.Date1904)
	return at.UTC().Truncate(view.Day), err
}
