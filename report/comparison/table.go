// SPDX-License-Identifier: Apache-2.0

package comparison

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// writeTable sums up what changed, and then shows the tokens that are worse in a row each, the
// others by what happened to them. Without names it shows the figures alone.
func writeTable(w io.Writer, c *Comparison) error {
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
	if c.Policies {
		p.Say(screen.None, "POLICY", c.shift().String(), "")
	}
	f := c.figures()
	p.Say(screen.None, "CHANGED", cmp.Or(f.String(), "none"), "")
	before, now := c.verdicts()
	p.Say(screen.VerdictColor(c.New), "NOW", safe.Terminal(now), "")
	p.Say(screen.VerdictColor(c.Old), "BEFORE", safe.Terminal(before), "")
	for _, note := range c.notes() {
		p.Say(screen.Yellow, "NOTE", safe.Terminal(note), "")
	}
	for _, s := range c.settings() {
		p.Say(screen.None, "SETTING", safe.Terminal(s.text(c)), "")
	}
	p.Blank()
	if c.Nameless {
		p.Say(screen.Dim, "WITHHELD", words.NamesWithheld, "")
	} else {
		c.tableRows(p)
		p.Say(screen.Dim, "", "confidential: personal data", "")
	}
	return p.Flush()
}

func (c *Comparison) tableRows(p *screen.Page) {
	rows, groups := c.split()
	shown := rows[:min(len(rows), view.MostRows)]
	switch {
	case c.View.Verbose, len(rows) == view.MostRows+1:
		shown = rows
	case c.View.Width == 0: // a log is read as far as one likes
		shown = rows[:min(len(rows), view.MostLogged)]
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
	return safe.Plural(len(rest), "more token") +
		safe.Around(": ", view.BySeverity(counts[:], audit.Info), "") + "; all of them are in JSON"
}

// deltas draws a row for each token.
func deltas(p *screen.Page, rows []*audit.Delta) {
	if len(rows) == 0 {
		return
	}
	const gap = 2
	name := p.Width * 22 / 100
	t := &screen.Table{Titles: []string{"FAILS NOW", "TOKEN", "OWNER", "WHAT CHANGED"}}
	for _, d := range rows {
		t.Rows = append(t.Rows, []string{
			d.Severity().String(),
			safe.Truncate(words.TokenNameOf(d.Token()), name),
			safe.Truncate(words.OwnerLogin(d.Token()), name),
		})
	}
	room := p.Width - 1
	for i, title := range t.Titles[:len(t.Titles)-1] {
		width := safe.Width(title)
		for _, cells := range t.Rows {
			width = max(width, safe.Width(cells[i]))
		}
		room -= width + gap
	}
	for i, d := range rows {
		t.Rows[i] = append(t.Rows[i], strings.Join(safe.Wrap(deltaText(d), room), "\n"))
	}
	t.First = func(_ int, text string) string { return p.Paint(screen.SeverityColor(text), text) }
	p.Table(t)
}
