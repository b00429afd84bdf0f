// SPDX-License-Identifier: Apache-2.0

package screen

import (
	"bufio"
	"cmp"
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

// layOut has the table writer lay the table out, and passes on each line without the blanks at its
// end. The table writer measures by its own global setting, which is taken from the environment
// unless it is set here.
func (t *Table) layOut(write func(line string)) error {
	plain := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Padding:    tw.CellPadding{Global: tw.Padding{Right: "  ", Overwrite: true}},
		Alignment:  tw.CellAlignment{Global: tw.AlignLeft},
	}
	lines := &liner{table: t, row: -1, write: write, Blueprint: renderer.NewBlueprint(tw.Rendition{
		Borders:  tw.BorderNone,
		Settings: tw.Settings{Separators: tw.SeparatorsNone, Lines: tw.LinesNone},
	})}
	table := tablewriter.NewTable(io.Discard,
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithRenderer(lines),
		tablewriter.WithConfig(tablewriter.Config{Header: plain, Row: plain}),
		tablewriter.WithTrimSpace(tw.Off), tablewriter.WithTrimLine(tw.Off),
	)
	table.Header(t.Titles)
	for _, cells := range t.Rows {
		measured := make([]string, len(cells))
		for i, cell := range cells {
			measured[i] = measurable(cell)
		}
		if err := table.Append(measured); err != nil {
			return fmt.Errorf("laying out a table: %w", err)
		}
	}
	if err := table.Render(); err != nil {
		return fmt.Errorf("laying out a table: %w", err)
	}
	if n := lines.row + 1; n != len(t.Rows) {
		return fmt.Errorf("laying out a table: %d rows of %d", n, len(t.Rows))
	}
	return nil
}

// liner is the table writer's renderer: it writes the cells' own texts, coloured and linked, in
// the widths that the table writer found. Its [renderer.Blueprint] says that nothing stands
// between them.
type liner struct {
	*renderer.Blueprint
	table *Table
	write func(line string)
	row   int // the last one that was begun; -1 in the titles
	line  int // of that row
}

// Header writes a line of the titles.
func (l *liner) Header(_ [][]string, ctx tw.Formatting) {
	if !l.table.Untitled {
		l.cells(l.table.Titles, ctx)
	}
}

// Row writes a line of a row.
func (l *liner) Row(_ []string, ctx tw.Formatting) {
	if !ctx.IsSubRow {
		l.row++
	}
	l.cells(l.table.Rows[l.row], ctx)
}

func (l *liner) cells(cells []string, ctx tw.Formatting) {
	if l.line++; !ctx.IsSubRow {
		l.line = 0
	}
	var b strings.Builder
	for i, cell := range cells {
		text, found := lineOf(cell, l.line)
		shown := text
		switch {
		case l.row < 0 || !found:
		case i == 0 && l.table.First != nil:
			shown = l.table.First(l.row, text)
		case i == len(cells)-1 && l.table.Last != nil:
			shown = l.table.Last(l.row, text)
		}
		b.WriteString(shown)
		for range ctx.Row.Widths.Get(i) - safe.Width(text) {
			b.WriteByte(' ')
		}
	}
	l.write(strings.TrimRight(b.String(), " "))
}

// lineOf returns a line of a cell, if it has so many.
func lineOf(cell string, n int) (line string, found bool) {
	for ; n > 0; n-- {
		if _, cell, found = strings.Cut(cell, "\n"); !found {
			return "", false
		}
	}
	line, _, _ = strings.Cut(cell, "\n")
	return line, true
}

// measurable returns a cell that has as many letters in each line as that takes columns, unless it
// is plain ASCII: the table writer adds up code points, and so takes an emoji that is made of
// several for wider than a terminal shows it.
func measurable(cell string) string {
	if isASCII(cell) {
		return cell
	}
	lines := strings.Split(cell, "\n")
	for i, line := range lines {
		lines[i] = strings.Repeat("x", safe.Width(line))
	}
	return strings.Join(lines, "\n")
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// Write writes the table without colours.
func (t *Table) Write(w io.Writer) error {
	out := bufio.NewWriter(w) // keeps the first error
	if err := t.layOut(func(line string) {
		_, _ = out.WriteString(line)
		_ = out.WriteByte('\n')
	}); err != nil {
		return err
	}
	return out.Flush()
}

// Table writes a table with a margin of one column. [Page.Flush] returns its error.
func (p *Page) Table(t *Table) {
	p.err = cmp.Or(p.err, t.layOut(func(line string) {
		if line == "" {
			p.Blank()
			return
		}
		p.Line(" " + line)
	}))
}
