// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bufio"
	"io"
	"strings"

	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// page writes the lines of a terminal. It keeps to one width, and its writer keeps the first
// error. No escape sequences but its own colour it, and make links.
type page struct {
	w     *bufio.Writer
	width int
	color bool
	links bool
	text  bool // the last line was not blank
}

// The colours, as SGR parameters.
const (
	sgrNone   = ""
	sgrBold   = "1"
	sgrDim    = "2"
	sgrRed    = "31"
	sgrGreen  = "32"
	sgrYellow = "33"
	sgrPurple = "35"
	sgrCyan   = "36"
	sgrAlarm  = "1;31"
)

// labelled is the width of a label with its margins.
const labelled = 13

const (
	defaultWidth = 100
	leastWidth   = 60
)

func newPage(w io.Writer, v *view.View) *page {
	p := &page{w: bufio.NewWriter(w), width: v.Width, color: v.Color, links: v.Links}
	if p.width == 0 {
		p.width = defaultWidth
	}
	p.width = max(p.width, leastWidth)
	return p
}

func (p *page) paint(sgr, s string) string {
	if !p.color || sgr == sgrNone || s == "" {
		return s
	}
	return "\x1b[" + sgr + "m" + s + "\x1b[0m"
}

// link makes a text a link, where the terminal follows links. The address is one of ours, and the
// text is laid out already: a link takes no room.
func (p *page) link(address, text string) string {
	if !p.links || address == "" || text == "" {
		return text
	}
	const start, end = "\x1b]8;;", "\x1b\\"
	return start + address + end + text + start + end
}

func (p *page) line(s string) {
	p.text = true
	_, _ = p.w.WriteString(strings.TrimRight(s, " "))
	_ = p.w.WriteByte('\n')
}

// blank writes one blank line between texts, never two.
func (p *page) blank() {
	if p.text {
		p.line("")
		p.text = false
	}
}

// say writes a label, and a text that wraps beside it. The right text ends the first line.
func (p *page) say(sgr, label, text, right string) {
	p.hang(sgr, label, text, right, labelled)
}

// hang does so with a margin of its own, which gives way to a longer label.
func (p *page) hang(sgr, label, text, right string, indent int) {
	indent = max(indent, len(label)+2)
	room := p.width - indent
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
			margin = " " + p.paint(sgr, label) + strings.Repeat(" ", indent-1-len(label))
			if right != "" {
				line = safe.Spread(line, right, p.width-indent)
			}
		}
		p.line(margin + line)
	}
}
