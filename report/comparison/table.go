// SPDX-License-Identifier: Apache-2.0

package comparison

import (
	"fmt"
	"io"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// table shows the tokens that are worse in a row each, the others by what happened to them, and
// then how many there are. Without names it shows the figures alone.
func (c *Comparison) table(w io.Writer, names bool) error {
	p := screen.NewPage(w, &c.View)
	if c.equal() {
		for _, line := range safe.Wrap(safe.Terminal(c.nothing()), p.Width) {
			p.Line(line)
		}
		return p.Flush()
	}
	p.Line(p.Paint(screen.Bold, safe.Truncate(safe.Terminal(c.New.Organization.Login), p.Width)))
	for _, line := range safe.Wrap(safe.Terminal(c.title()), p.Width-1) {
		p.Line(" " + line)
	}
	p.Blank()
	before, now := c.verdicts()
	p.Say(screen.VerdictColor(c.New), "NOW", safe.Terminal(now), "")
	p.Say(screen.VerdictColor(c.Old), "BEFORE", safe.Terminal(before), "")
	for _, note := range c.notes() {
		p.Say(screen.Yellow, "NOTE", safe.Terminal(note), "")
	}
	p.Blank()
	if names {
		c.tableRows(p)
	}
	f := c.figures()
	p.Say(screen.None, "CHANGED", words.OrNone(f.String()), "")
	if !names {
		p.Say(screen.Dim, "WITHHELD", words.NamesWithheld, "")
	} else {
		p.Say(screen.Dim, "", "confidential: personal data", "")
	}
	return p.Flush()
}

func (c *Comparison) tableRows(p *screen.Page) {
	rows, groups := c.split()
	shown := rows[:min(len(rows), view.MostRows)]
	if c.View.Verbose || len(rows) == view.MostRows+1 {
		shown = rows
	}
	deltas(p, shown)
	if rest := rows[len(shown):]; len(rest) > 0 {
		p.Say(screen.None, "", remainingRows(rest), "")
	}
	p.Blank()
	most := words.MostNames
	if c.View.Verbose {
		most = len(c.Deltas)
	}
	for i := range groups {
		g := &groups[i]
		p.Say(screen.None, g.label, fmt.Sprintf("%s: %s", safe.Plural(len(g.tokens), "token"),
			safe.Terminal(g.names(most))), "")
	}
	p.Blank()
}

// remainingRows counts the rows that found no room: "8 more tokens: 2 high, 6 medium".
func remainingRows(rest []*audit.Delta) string {
	var counts [audit.Critical + 1]int
	for _, d := range rest {
		counts[d.Severity()]++
	}
	text := safe.Plural(len(rest), "more token")
	if by := view.BySeverity(counts[:], audit.Info); by != "" {
		text += ": " + by
	}
	return text + "; all of them are in JSON"
}

// deltas draws a row for each token.
func deltas(p *screen.Page, rows []*audit.Delta) {
	if len(rows) == 0 {
		return
	}
	name, columns := p.Width*22/100, []string{"FAILS NOW", "TOKEN", "OWNER"}
	cells, widths := make([][]string, len(rows)), []int{0, 0, 0}
	for i, column := range columns {
		widths[i] = len(column)
	}
	for i, d := range rows {
		t := d.Token()
		cells[i] = []string{
			d.Severity().String(),
			safe.Truncate(words.TokenNameOf(t), name),
			safe.Truncate(words.OwnerLogin(t), name),
		}
		for j, cell := range cells[i] {
			widths[j] = max(widths[j], safe.Width(cell))
		}
	}
	indent := 1
	for _, width := range widths {
		indent += width + 2
	}
	line := func(cells []string, sgr, what string) {
		start := " "
		for i, cell := range cells {
			text := cell
			if i == 0 {
				text = p.Paint(sgr, cell)
			}
			start += text + strings.Repeat(" ", widths[i]+2-safe.Width(cell))
		}
		for i, part := range safe.Wrap(what, p.Width-indent) {
			if i > 0 {
				start = strings.Repeat(" ", indent)
			}
			p.Line(start + part)
		}
	}
	line(columns, screen.None, "WHAT CHANGED")
	for i, d := range rows {
		line(cells[i], screen.SeverityColor(cells[i][0]), deltaText(d))
	}
}
