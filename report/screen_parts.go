// SPDX-License-Identifier: Apache-2.0

package report

import (
	"slices"
	"strings"

	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/safe"
)

// parts writes blocks, those under a heading a little to the right.
func (p *page) parts(parts []rulepage.Block) {
	const margin = 2
	for i, b := range parts {
		if b.Kind != rulepage.Item || i == 0 || parts[i-1].Kind != rulepage.Item {
			p.blank()
		}
		switch b.Kind {
		case rulepage.Heading:
			p.line(p.paint(sgrBold, safe.Truncate(b.Text, p.width)))
			p.text = false // what follows stands right below
		case rulepage.Paragraph:
			p.flow(margin, "", b.Text)
		case rulepage.Quotation:
			for _, line := range safe.Wrap(b.Text, p.width-margin-2) {
				p.line(strings.Repeat(" ", margin) + p.paint(sgrDim, "│ ") + line)
			}
		case rulepage.Item:
			p.flow(margin, "• ", b.Text)
		case rulepage.Code:
			for _, line := range b.Lines {
				p.line(strings.Repeat(" ", margin+2) + safe.Truncate(safe.Terminal(line), p.width-margin-2))
			}
		case rulepage.Table:
			p.records(margin, b.Rows)
		}
	}
}

// flow writes a text that wraps, to the right of a margin and a mark.
func (p *page) flow(margin int, mark, text string) {
	mark = safe.Truncate(mark, (p.width-margin)/2)
	indent := margin + safe.Width(mark)
	for i, line := range safe.Wrap(text, p.width-indent) {
		if i == 0 {
			p.line(strings.Repeat(" ", margin) + mark + line)
		} else {
			p.line(strings.Repeat(" ", indent) + line)
		}
	}
}

// records writes a table as a list: a line per row with its first cell, and the others beneath,
// each with the title of its column.
func (p *page) records(margin int, rows [][]string) {
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
		p.flow(margin, "", row[0])
		for i, cell := range row[1:] {
			title := ""
			if i+1 < len(titles) {
				title = titles[i+1]
			}
			p.flow(margin+2, safe.Pad(title, indent)+"  ", cell)
		}
	}
}
