// SPDX-License-Identifier: Apache-2.0

package records

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
)

// Sheet is a small table of figures, as history prints them and puts them into evidence. Its texts
// are sanitized as they are written.
type Sheet struct {
	Columns []string
	rows    [][]string
}

// Add adds a row, a cell for each column.
func (s *Sheet) Add(cells ...any) {
	row := make([]string, len(cells))
	for i, cell := range cells {
		row[i] = fmt.Sprint(cell)
	}
	s.rows = append(s.rows, row)
}

// Csv writes it for spreadsheets and scripts: each field quoted, none of them a formula.
func (s *Sheet) Csv(w io.Writer) error {
	text := safe.EndCSV(safe.AppendCSV(nil, s.Columns...))
	for _, row := range s.rows {
		text = safe.EndCSV(safe.AppendCSV(text, row...))
	}
	_, err := w.Write(text)
	return err
}

// Text writes it for a terminal.
func (s *Sheet) Text(w io.Writer) error {
	t := &screen.Table{Titles: make([]string, len(s.Columns)), Rows: make([][]string, len(s.rows))}
	for i, column := range s.Columns {
		t.Titles[i] = strings.ToUpper(strings.ReplaceAll(column, "_", " "))
	}
	for i, row := range s.rows {
		t.Rows[i] = make([]string, len(row))
		for j, cell := range row {
			t.Rows[i][j] = safe.Terminal(cell)
		}
	}
	return t.Write(w)
}

// The formats of figures.
const (
	AsTable = "table"
	AsJSON  = "json"
	AsCSV   = "csv"
)

// RegisterFormat registers the flag that chooses one of them.
func RegisterFormat(set *pflag.FlagSet, format *string) {
	ui.Choice(set, format, "format", AsTable, []string{AsTable, AsJSON, AsCSV}, "table, json or csv")
}
