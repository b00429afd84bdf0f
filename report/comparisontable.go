// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// table shows the tokens that are worse in a row each, the others by what happened to them, and
// then how many there are. Without names it shows the figures alone.
func (c *Comparison) table(w io.Writer, names bool) error {
	p := newPage(w, &c.View)
	if c.equal() {
		for _, line := range safe.Wrap(safe.Terminal(c.nothing()), p.width) {
			p.line(line)
		}
		return p.w.Flush()
	}
	p.line(p.paint(sgrBold, safe.Truncate(safe.Terminal(c.New.Organization.Login), p.width)))
	for _, line := range safe.Wrap(safe.Terminal(c.title()), p.width-1) {
		p.line(" " + line)
	}
	p.blank()
	before, now := c.verdicts()
	p.say(verdictColor(c.New), "NOW", safe.Terminal(now), "")
	p.say(verdictColor(c.Old), "BEFORE", safe.Terminal(before), "")
	for _, note := range c.notes() {
		p.say(sgrYellow, "NOTE", safe.Terminal(note), "")
	}
	p.blank()
	if names {
		c.tableRows(p)
	}
	f := c.figures()
	p.say(sgrNone, "CHANGED", words.OrNone(f.String()), "")
	if !names {
		p.say(sgrDim, "WITHHELD", words.NamesWithheld, "")
	} else {
		p.say(sgrDim, "", "confidential: personal data", "")
	}
	return p.w.Flush()
}

func (c *Comparison) tableRows(p *page) {
	rows, groups := c.split()
	shown := rows[:min(len(rows), view.MostRows)]
	if c.View.Verbose || len(rows) == view.MostRows+1 {
		shown = rows
	}
	deltas(p, shown)
	if rest := rows[len(shown):]; len(rest) > 0 {
		p.say(sgrNone, "", remainingRows(rest), "")
	}
	p.blank()
	most := words.MostNames
	if c.View.Verbose {
		most = len(c.Deltas)
	}
	for i := range groups {
		g := &groups[i]
		p.say(sgrNone, g.label, fmt.Sprintf("%s: %s", safe.Plural(len(g.tokens), "token"),
			safe.Terminal(g.names(most))), "")
	}
	p.blank()
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
func deltas(p *page, rows []*audit.Delta) {
	if len(rows) == 0 {
		return
	}
	name, columns := p.width*22/100, []string{"FAILS NOW", "TOKEN", "OWNER"}
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
				text = p.paint(sgr, cell)
			}
			start += text + strings.Repeat(" ", widths[i]+2-safe.Width(cell))
		}
		for i, part := range safe.Wrap(what, p.width-indent) {
			if i > 0 {
				start = strings.Repeat(" ", indent)
			}
			p.line(start + part)
		}
	}
	line(columns, sgrNone, "WHAT CHANGED")
	for i, d := range rows {
		line(cells[i], colorOf(cells[i][0]), deltaText(d))
	}
}

// ComparisonFormatFor finds the format that a path's suffix stands for.
func ComparisonFormatFor(path string) (ComparisonFormat, error) {
	var all []string
	for _, f := range ComparisonFormats {
		if slices.ContainsFunc(f.Ext, func(ext string) bool {
			return strings.HasSuffix(strings.ToLower(path), ext)
		}) {
			return f, nil
		}
		all = append(all, f.Ext...)
	}
	return ComparisonFormat{}, fmt.Errorf("no format for the path %q: end it in %s", path,
		safe.List(all, "or"))
}

// LookupComparison finds a format by its name.
func LookupComparison(name string) (ComparisonFormat, error) {
	var names []string
	for _, f := range ComparisonFormats {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	hint := ""
	if near := audit.Nearest(name, names); near != "" {
		hint = ": did you mean " + near + "?"
	}
	return ComparisonFormat{}, fmt.Errorf("%q is none of %s%s", name, safe.List(names, "or"), hint)
}
