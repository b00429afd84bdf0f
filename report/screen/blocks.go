// SPDX-License-Identifier: Apache-2.0

package screen

import (
	"slices"
	"strings"

	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/safe"
)

// Blocks writes blocks, those under a heading a little to the right.
func (p *Page) Blocks(parts []rulepage.Block) {
	const margin = 2
	for i, b := range parts {
		if b.Kind != rulepage.Item || i == 0 || parts[i-1].Kind != rulepage.Item {
			p.Blank()
		}
		switch b.Kind {
		case rulepage.Heading:
			p.Line(p.Paint(Bold, safe.Truncate(b.Text, p.Width)))
			p.text = false // what follows stands right below
		case rulepage.Paragraph:
			p.Flow(margin, "", b.Text)
		case rulepage.Quotation:
			for _, line := range safe.Wrap(b.Text, p.Width-margin-2) {
				p.Line(strings.Repeat(" ", margin) + p.Paint(Dim, "│ ") + line)
			}
		case rulepage.Item:
			p.Flow(margin, "• ", b.Text)
		case rulepage.Code:
			for _, line := range b.Lines {
				p.Line(strings.Repeat(" ", margin+2) + safe.Truncate(safe.Terminal(line), p.Width-margin-2))
			}
		case rulepage.Table:
			p.records(margin, b.Rows)
		}
	}
}

// Flow writes a text that wraps, to the right of a margin and a mark.
func (p *Page) Flow(margin int, mark, text string) {
	mark = safe.Truncate(mark, (p.Width-margin)/2)
	indent := margin + safe.Width(mark)
	for i, line := range safe.Wrap(text, p.Width-indent) {
		if i == 0 {
			p.Line(strings.Repeat(" ", margin) + mark + line)
		} else {
			p.Line(strings.Repeat(" ", indent) + line)
		}
	}
}

// records writes a table as a list: a line per row with its first cell, and the others beneath,
// each with the title of its column.
func (p *Page) records(margin int, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	titles := rows[0]
	indent := 0
	for _, title := range titles[min(1, len(titles)):] {
		indent = max(indent, safe.Width(title))
	}
	for _, row := range rows[1:] {
		if i := slices.IndexFunc(row, func(cell string) bool { return cell != "" }); i < 0 {
			continue
		}
		p.Flow(margin, "", row[0])
		for i, cell := range row[1:] {
			title := ""
			if i+1 < len(titles) {
				title = titles[i+1]
			}
			p.Flow(margin+2, safe.Pad(title, indent)+"  ", cell)
		}
	}
}
