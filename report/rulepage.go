// SPDX-License-Identifier: Apache-2.0

package report

import (
	"regexp"
	"slices"
	"strings"

	"github.com/complytime/pataudit/report/safe"
)

// The pages of the rules are Markdown. What follows reads as much of it as they use, and writes it
// for a terminal.

// part is one block of a page.
type part struct {
	kind  partKind
	text  string     // of a heading, a paragraph, a quotation or an item, on one line
	lines []string   // of code
	rows  [][]string // of a table; the first is its header
}

type partKind uint8

const (
	paragraph partKind = iota
	heading
	quotation
	item
	code
	grid
)

// partsOf splits a page into its blocks.
func partsOf(page string) (parts []part) {
	fenced, open := false, false // open: the last block goes on
	for line := range strings.SplitSeq(page, "\n") {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "```") {
			if fenced = !fenced; fenced {
				parts = append(parts, part{kind: code})
			}
			open = false
			continue
		}
		if fenced {
			last := &parts[len(parts)-1]
			last.lines = append(last.lines, strings.TrimRight(line, " \r"))
			continue
		}
		if trimmed == "" {
			open = false
			continue
		}
		next := partOf(trimmed)
		continues := open && (next.kind == parts[len(parts)-1].kind && next.kind != item ||
			next.kind == paragraph && parts[len(parts)-1].kind == item)
		if last := len(parts) - 1; continues && next.kind != heading {
			parts[last].text = strings.TrimSpace(parts[last].text + " " + next.text)
			parts[last].rows = append(parts[last].rows, next.rows...)
		} else {
			parts = append(parts, next)
		}
		open = true
	}
	for i := range parts { // not before: a mark may end in another line
		parts[i].text = inline(parts[i].text)
	}
	return parts
}

// partOf tells what a line is.
func partOf(line string) part {
	switch {
	case strings.HasPrefix(line, "#"):
		return part{kind: heading, text: strings.TrimLeft(line, "# ")}
	case strings.HasPrefix(line, ">"):
		return part{kind: quotation, text: strings.TrimLeft(line, "> ")}
	case strings.HasPrefix(line, "- "):
		return part{kind: item, text: line[2:]}
	case strings.HasPrefix(line, "|"):
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i, cell := range cells {
			cells[i] = inline(strings.TrimSpace(cell))
		}
		if strings.Trim(strings.Join(cells, ""), "-: ") == "" && strings.Contains(line, "-") {
			return part{kind: grid} // the rule below the header
		}
		return part{kind: grid, rows: [][]string{cells}}
	}
	return part{kind: paragraph, text: line}
}

var (
	link = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	span = regexp.MustCompile("`([^`]*)`|" + `\*\*([^*]+)\*\*`)
)

// inline takes the marks from a line's words: of links, code and emphasis.
func inline(s string) string {
	return safe.Terminal(span.ReplaceAllString(link.ReplaceAllString(s, "$1"), "$1$2"))
}

// parts writes blocks, those under a heading a little to the right.
func (p *page) parts(parts []part) {
	const margin = 2
	for i, b := range parts {
		if b.kind != item || i == 0 || parts[i-1].kind != item {
			p.blank()
		}
		switch b.kind {
		case heading:
			p.line(p.paint(sgrBold, safe.Truncate(b.text, p.width)))
			p.text = false // what follows stands right below
		case paragraph:
			p.flow(margin, "", b.text)
		case quotation:
			for _, line := range safe.Wrap(b.text, p.width-margin-2) {
				p.line(strings.Repeat(" ", margin) + p.paint(sgrDim, "│ ") + line)
			}
		case item:
			p.flow(margin, "• ", b.text)
		case code:
			for _, line := range b.lines {
				p.line(strings.Repeat(" ", margin+2) + safe.Truncate(safe.Terminal(line), p.width-margin-2))
			}
		case grid:
			p.records(margin, b.rows)
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
