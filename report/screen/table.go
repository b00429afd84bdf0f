// SPDX-License-Identifier: Apache-2.0

package screen

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/complytime/pataudit/report/safe"
)

// Table is rows of cells beneath the titles of their columns, which are as wide as what they hold.
// Titles and cells are safe for a terminal, have no colour, and may have several lines.
type Table struct {
	Titles []string
	Rows   [][]string

	// Untitled leaves the line of titles out: of a table that goes on.
	Untitled bool

	// First and Last colour or link a line of a row's first or last cell; nil leaves it as it is.
	First, Last func(row int, text string) string
}

// lines returns the lines of the titles, and those of each row. The table writer measures by its
// own global setting, which is taken from the environment unless it is set here.
func (t *Table) lines() (titles []string, rows [][]string, err error) {
	var s strings.Builder
	plain := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Padding:    tw.CellPadding{Global: tw.Padding{Right: "  ", Overwrite: true}},
		Alignment:  tw.CellAlignment{Global: tw.AlignLeft},
	}
	table := tablewriter.NewTable(&s,
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Settings: tw.Settings{Separators: tw.SeparatorsNone, Lines: tw.LinesNone},
		})),
		tablewriter.WithConfig(tablewriter.Config{Header: plain, Row: plain}),
		tablewriter.WithTrimSpace(tw.Off), tablewriter.WithTrimLine(tw.Off),
	)
	table.Header(t.Titles)
	held := make([][]string, len(t.Rows))
	for i, cells := range t.Rows {
		for _, cell := range cells {
			held[i] = append(held[i], standIns(cell))
		}
	}
	if err := table.Bulk(held); err != nil {
		return nil, nil, fmt.Errorf("laying out a table: %w", err)
	}
	if err := table.Render(); err != nil {
		return nil, nil, fmt.Errorf("laying out a table: %w", err)
	}
	all := strings.Split(strings.TrimSuffix(s.String(), "\n"), "\n")
	top := heightOf(t.Titles)
	titles, all = all[:top], all[top:]
	for _, cells := range t.Rows {
		height := heightOf(cells)
		if height > len(all) {
			return nil, nil, fmt.Errorf("laying out a table: %d lines for a row of %d", len(all), height)
		}
		for n := range height {
			all[n] = restored(all[n], cells, n)
		}
		rows, all = append(rows, all[:height]), all[height:]
	}
	return titles, rows, nil
}

// heightOf returns how many lines a row has.
func heightOf(cells []string) int {
	height := 1
	for _, cell := range cells {
		height = max(height, strings.Count(cell, "\n")+1)
	}
	return height
}

// standIn is a character that no cell holds: a text that is safe for a terminal has none without a
// meaning.
const standIn = "\ue000"

// standIns returns a cell in which lines that are not plain ASCII have stand-ins of their width:
// the table writer adds up code points, and so takes an emoji that is made of several for wider
// than a terminal shows it.
func standIns(cell string) string {
	if isASCII(cell) {
		return cell
	}
	lines := strings.Split(cell, "\n")
	for i, line := range lines {
		if !isASCII(line) {
			lines[i] = strings.Repeat(standIn, safe.Width(line))
		}
	}
	return strings.Join(lines, "\n")
}

// restored returns line n of a row with the cells' own text.
func restored(line string, cells []string, n int) string {
	if isASCII(line) {
		return line
	}
	for _, cell := range cells {
		if lines := strings.Split(cell, "\n"); n < len(lines) && !isASCII(lines[n]) {
			line = strings.Replace(line, strings.Repeat(standIn, safe.Width(lines[n])), lines[n], 1)
		}
	}
	return line
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// Write writes the table without colours.
func (t *Table) Write(w io.Writer) error {
	titles, rows, err := t.lines()
	if err != nil {
		return err
	}
	for _, lines := range append([][]string{titles}, rows...) {
		for _, line := range lines {
			if _, err := fmt.Fprintln(w, strings.TrimRight(line, " ")); err != nil {
				return err
			}
		}
	}
	return nil
}

// Table writes a table with a margin of one column. [Page.Flush] returns its error.
func (p *Page) Table(t *Table) {
	titles, rows, err := t.lines()
	if err != nil {
		p.err = err
		return
	}
	if !t.Untitled {
		for _, line := range titles {
			p.Line(" " + strings.TrimRight(line, " "))
		}
	}
	for i, lines := range rows {
		cells := t.Rows[i]
		firsts := strings.Split(cells[0], "\n")
		lasts := strings.Split(cells[len(cells)-1], "\n")
		for n, line := range lines {
			if line = strings.TrimRight(line, " "); line == "" {
				p.Blank()
				continue
			}
			start, end := "", ""
			if t.First != nil && n < len(firsts) {
				if rest, found := strings.CutPrefix(line, firsts[n]); found {
					start, line = t.First(i, firsts[n]), rest
				}
			}
			if t.Last != nil && n < len(lasts) {
				if rest, found := strings.CutSuffix(line, lasts[n]); found {
					line, end = rest, t.Last(i, lasts[n])
				}
			}
			p.Line(" " + start + line + end)
		}
	}
}
