// SPDX-License-Identifier: Apache-2.0

package screen

import (
	"bufio"
	"cmp"
	"io"
	"strings"

	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// Page writes the lines of a terminal. It keeps to one width, and its writer keeps the first
// error. No escape sequences but its own colour it, and make links.
type Page struct {
	w     *bufio.Writer
	Width int // how many columns a line has at most
	color bool
	links bool
	text  bool // the last line was not blank
	err   error
}

// LabelWidth is the width of a label with its margins.
const LabelWidth = 13

// HintIndent is where the commands of hints begin.
const HintIndent = 26

const (
	defaultWidth = 100
	leastWidth   = 60
)

// NewPage returns an empty page as wide as the view says; [Page.Flush] ends it.
func NewPage(w io.Writer, v *view.View) *Page {
	p := &Page{w: bufio.NewWriter(w), Width: v.Width, color: v.Color, links: v.Links}
	if p.Width == 0 {
		p.Width = defaultWidth
	}
	p.Width = max(p.Width, leastWidth)
	return p
}

// Paint returns a text in a colour, if the page has colours.
func (p *Page) Paint(sgr, s string) string {
	if !p.color || sgr == None || s == "" {
		return s
	}
	return "\x1b[" + sgr + "m" + s + "\x1b[0m"
}

// Link returns a text as a link, where the terminal follows links. The address is one of ours, and
// the text is laid out already: a link takes no room.
func (p *Page) Link(address, text string) string {
	if !p.links || address == "" || text == "" {
		return text
	}
	const start, end = "\x1b]8;;", "\x1b\\"
	return start + address + end + text + start + end
}

// Line writes a line without the blanks at its end.
func (p *Page) Line(s string) {
	p.text = true
	_, _ = p.w.WriteString(strings.TrimRight(s, " "))
	_ = p.w.WriteByte('\n')
}

// Blank writes one blank line between texts, never two.
func (p *Page) Blank() {
	if p.text {
		p.Line("")
		p.text = false
	}
}

// Say writes a label, and a text that wraps beside it. The right text ends the first line.
func (p *Page) Say(sgr, label, text, right string) {
	p.Hang(sgr, label, text, right, LabelWidth)
}

// Hang writes a label and a text like [Page.Say], with a margin of its own, which gives way to a
// longer label.
func (p *Page) Hang(sgr, label, text, right string, indent int) {
	indent = max(indent, len(label)+2)
	room := p.Width - indent
	if right != "" {
		room -= len(right) + 2
	}
	lines := safe.Wrap(text, room)
	if len(lines) == 0 {
		lines = []string{""}
	}
	for i, line := range lines {
		margin := strings.Repeat(" ", indent)
		if i == 0 {
			margin = " " + p.Paint(sgr, label) + strings.Repeat(" ", indent-1-len(label))
			if right != "" {
				line = safe.Spread(line, right, p.Width-indent)
			}
		}
		p.Line(margin + line)
	}
}

// List writes texts below each other beside one label, and nothing of none. It makes them safe.
func (p *Page) List(label string, texts []string) {
	for _, text := range texts {
		p.Say(None, label, safe.Terminal(text), "")
		label = ""
	}
}

// Section writes a blank line and then a [Page.List], and nothing of no texts.
func (p *Page) Section(label string, texts []string) {
	if len(texts) > 0 {
		p.Blank()
		p.List(label, texts)
	}
}

// Hints writes what to type next about a run; of the whole document if it is nil.
func (p *Page) Hints(hints []view.Hint) {
	for _, hint := range hints {
		label := " " + p.Paint(Dim, hint.For) + strings.Repeat(" ", HintIndent-1-len(hint.For))
		for _, line := range hint.Lines(p.Width - HintIndent) {
			p.Line(label + line)
			label = strings.Repeat(" ", HintIndent)
		}
	}
}

// Flush writes what is left of the page, and returns the first error of writing it, or of laying
// it out.
func (p *Page) Flush() error { return cmp.Or(p.w.Flush(), p.err) }

// Heading returns a page's first line: a name and what it is of.
func (p *Page) Heading(name, kind string) string {
	name = safe.Truncate(name, p.Width-3)
	if safe.Width(name)+safe.Width(kind)+3 > p.Width {
		return p.Paint(Bold, name) + "\n" + safe.Truncate("   "+kind, p.Width)
	}
	return p.Paint(Bold, name) + "   " + kind
}
