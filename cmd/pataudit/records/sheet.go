// SPDX-License-Identifier: Apache-2.0

package records

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
)

// Sheet is a small table of figures, as history prints them and puts them into evidence. Its texts
// are sanitized as they are written.
type Sheet struct {
	Columns []string
	rows    [][]string
}

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
	const gap = 2
	table := tabwriter.NewWriter(w, 0, 0, gap, ' ', 0)
	line := func(cells []string) error {
		for i, cell := range cells {
			cells[i] = safe.Terminal(cell)
		}
		text := strings.TrimRight(strings.Join(cells, "\t"), "\t")
		_, err := fmt.Fprintln(table, text)
		return err
	}
	headings := make([]string, len(s.Columns))
	for i, column := range s.Columns {
		headings[i] = strings.ToUpper(strings.ReplaceAll(column, "_", " "))
	}
	if err := line(headings); err != nil {
		return err
	}
	for _, row := range s.rows {
		if err := line(row); err != nil {
			return err
		}
	}
	return table.Flush()
}

// The formats of figures.
const (
	AsTable = "table"
	AsJSON  = "json"
	AsCSV   = "csv"
)

// CheckFormat refuses a format that figures do not have.
func CheckFormat(format string) error {
	if format != AsTable && format != AsJSON && format != AsCSV {
		return ui.Usagef("--format %q is none of table, json, csv", format)
	}
	return nil
}
