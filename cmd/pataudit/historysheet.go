// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
)

// sheet is a small table of figures, as history prints them and puts them into evidence. Its texts
// are sanitized as they are written.
type sheet struct {
	columns []string
	rows    [][]string
}

func (s *sheet) add(cells ...any) {
	row := make([]string, len(cells))
	for i, cell := range cells {
		row[i] = fmt.Sprint(cell)
	}
	s.rows = append(s.rows, row)
}

// csv writes it for spreadsheets and scripts: each field quoted, none of them a formula.
func (s *sheet) csv(w io.Writer) error {
	buffered := bufio.NewWriter(w)
	line := func(cells []string) {
		for i, cell := range cells {
			if i > 0 {
				_ = buffered.WriteByte(',')
			}
			_, _ = fmt.Fprintf(buffered, `"%s"`, strings.ReplaceAll(safe.CSVCell(cell), `"`, `""`))
		}
		_, _ = buffered.WriteString("\r\n")
	}
	line(s.columns)
	for _, row := range s.rows {
		line(row)
	}
	return buffered.Flush()
}

// text writes it for a terminal.
func (s *sheet) text(w io.Writer) error {
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
	headings := make([]string, len(s.columns))
	for i, column := range s.columns {
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
	asTable = "table"
	asJSON  = "json"
	asCSV   = "csv"
)

func checkFormat(format string) error {
	if format != asTable && format != asJSON && format != asCSV {
		return ui.Usagef("--format %q is none of table, json, csv", format)
	}
	return nil
}
