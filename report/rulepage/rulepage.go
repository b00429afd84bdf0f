// SPDX-License-Identifier: Apache-2.0

// Package rulepage reads as much of the rules' pages, which are Markdown, as reports show of them,
// and knows their addresses.
package rulepage

import (
	"regexp"
	"slices"
	"strings"

	"github.com/complytime/pataudit/report/safe"
)

// Block is one block of a page.
type Block struct {
	Kind  Kind
	Text  string     // of a heading, a paragraph, a quotation or an item, on one line
	Lines []string   // of code
	Rows  [][]string // of a table; the first is its header
}

// Kind is what a block is.
type Kind uint8

// The kinds of blocks.
const (
	Paragraph Kind = iota
	Heading
	Quotation
	Item
	Code
	Table
)

// Blocks returns the blocks of a page, in its order.
func Blocks(page string) (blocks []Block) {
	fenced, open := false, false // open: the last block goes on
	for line := range strings.SplitSeq(page, "\n") {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "```") {
			if fenced = !fenced; fenced {
				blocks = append(blocks, Block{Kind: Code})
			}
			open = false
			continue
		}
		if fenced {
			last := &blocks[len(blocks)-1]
			last.Lines = append(last.Lines, strings.TrimRight(line, " \r"))
			continue
		}
		if trimmed == "" {
			open = false
			continue
		}
		next := blockOf(trimmed)
		continues := open && (next.Kind == blocks[len(blocks)-1].Kind && next.Kind != Item ||
			next.Kind == Paragraph && blocks[len(blocks)-1].Kind == Item)
		if last := len(blocks) - 1; continues && next.Kind != Heading {
			blocks[last].Text = strings.TrimSpace(blocks[last].Text + " " + next.Text)
			blocks[last].Rows = append(blocks[last].Rows, next.Rows...)
		} else {
			blocks = append(blocks, next)
		}
		open = true
	}
	for i := range blocks { // not before: a mark may end in another line
		blocks[i].Text = inline(blocks[i].Text)
	}
	return blocks
}

// blockOf returns the block that a line alone would be.
func blockOf(line string) Block {
	switch {
	case strings.HasPrefix(line, "#"):
		return Block{Kind: Heading, Text: strings.TrimLeft(line, "# ")}
	case strings.HasPrefix(line, ">"):
		return Block{Kind: Quotation, Text: strings.TrimLeft(line, "> ")}
	case strings.HasPrefix(line, "- "):
		return Block{Kind: Item, Text: line[2:]}
	case strings.HasPrefix(line, "|"):
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i, cell := range cells {
			cells[i] = inline(strings.TrimSpace(cell))
		}
		if strings.Trim(strings.Join(cells, ""), "-: ") == "" && strings.Contains(line, "-") {
			return Block{Kind: Table} // the rule below the header
		}
		return Block{Kind: Table, Rows: [][]string{cells}}
	}
	return Block{Kind: Paragraph, Text: line}
}

var (
	link = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	span = regexp.MustCompile("`([^`]*)`|" + `\*\*([^*]+)\*\*`)
)

// inline returns a line without the marks of links, code and emphasis.
func inline(s string) string {
	return safe.Terminal(span.ReplaceAllString(link.ReplaceAllString(s, "$1"), "$1$2"))
}

// Section returns the first paragraph below a heading of a rule's page; "" if there is none.
func Section(page, title string) string {
	parts := Blocks(page)
	i := slices.IndexFunc(parts, func(p Block) bool { return p.Kind == Heading && p.Text == title })
	if i < 0 || i+1 == len(parts) || parts[i+1].Kind != Paragraph {
		return ""
	}
	return parts[i+1].Text
}

// Meanings returns how a page explains each parameter, in the table under its title.
func Meanings(blocks []Block) map[string]string {
	meanings := map[string]string{}
	for _, b := range blocks {
		for _, row := range b.Rows {
			if len(row) > 2 {
				meanings[row[0]] = row[len(row)-1]
			}
		}
	}
	return meanings
}
