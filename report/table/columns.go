// SPDX-License-Identifier: Apache-2.0

package table

import (
	"strings"

	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/words"
)

// How wide a screen has to be for all columns, for repositories in full, and for the last use.
// Where that matters, the reason mostly names it.
const (
	roomy   = 150
	wider   = 115
	usual   = 90
	gap     = 2
	longWhy = "WHY (worst reason, +others)"
)

// mostLogged is how many columns of a name a log shows: those of all that GitHub accepts.
const mostLogged = 60

// column is a column of the table before the reason.
type column struct {
	title string
	text  func(w *words.Row) string
	least int // how wide a screen has to be for it
}

// columns returns those that the screen has room for. A log has room for all of them.
func (b *block) columns() []column {
	name, owner := b.Width*18/100, max(b.Width*18/100, 16)
	if b.log() {
		name, owner = mostLogged, mostLogged
	}
	repositories := column{"REPOSITORIES", func(w *words.Row) string { return w.Repositories }, 0}
	if !b.log() && b.Width < wider {
		repositories = column{"REPOS", func(w *words.Row) string { return w.Selected }, 0}
	}
	var columns []column
	for _, c := range []column{
		{"SEVERITY", (*words.Row).Marked, 0},
		{"TOKEN" + b.beneath("TOKEN ID"), func(w *words.Row) string {
			return safe.Truncate(w.Token, name) + b.beneath(w.TokenID)
		}, 0},
		{"TOKEN ID", func(w *words.Row) string { return w.TokenID }, roomy},
		{"OWNER" + b.beneath("RULE"), func(w *words.Row) string {
			return safe.Truncate(w.Owner, owner-len(w.Role)) + w.Role +
				b.beneath(safe.Truncate(safe.Terminal(w.Rule), mostLogged))
		}, 0},
		repositories,
		{"USED", func(w *words.Row) string { return w.Used }, usual},
		{"EXPIRES", func(w *words.Row) string { return w.Expires }, roomy},
		{"RULE", func(w *words.Row) string {
			return safe.Truncate(safe.Terminal(w.Rule), mostLogged)
		}, roomy},
	} {
		if b.log() || b.Width >= c.least {
			columns = append(columns, c)
		}
	}
	return columns
}

// beneath returns what is added to a cell of a screen that has no columns for a token's id and the
// rule: they stand beneath the token's name and its owner.
func (b *block) beneath(text string) string {
	if b.log() || b.Width >= roomy || text == "" || text == "?" {
		return ""
	}
	return "\n" + text
}

// log reports whether the table is written where no terminal cuts it.
func (b *block) log() bool { return b.Doc.View.Width == 0 }

// draw writes the rows. What is left of the line is for the reason, which wraps. It reports
// whether a cell is "?".
func (b *block) draw(rows []*words.Row) (unknown bool) {
	if len(rows) == 0 {
		return false
	}
	t := &screen.Table{Rows: make([][]string, len(rows))}
	room := b.Width - 1 // for the reason
	for _, c := range b.columns() {
		width := widest(c.title)
		for i, w := range rows {
			text := c.text(w)
			t.Rows[i] = append(t.Rows[i], text)
			width = max(width, widest(text))
			unknown = unknown || text == "?"
		}
		t.Titles = append(t.Titles, c.title)
		room -= width + gap
	}
	heading := longWhy
	if len(longWhy) > room && !b.log() {
		heading = "WHY"
	}
	t.Titles = append(t.Titles, heading)
	for i, w := range rows {
		t.Rows[i] = append(t.Rows[i], b.reason(w.Age, w.Why, w.More, room))
	}
	t.First = func(i int, text string) string {
		label := rows[i].Label()
		rest := strings.TrimPrefix(text, label)
		return b.Link(rulepage.Link(rows[i].Rule), b.Paint(screen.SeverityColor(label), label)) + rest
	}
	b.Table(t)
	return unknown
}

// widest returns how wide a cell of one line or two is.
func widest(cell string) int {
	first, second, _ := strings.Cut(cell, "\n")
	return max(safe.Width(first), safe.Width(second))
}
