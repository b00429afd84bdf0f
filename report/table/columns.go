// SPDX-License-Identifier: Apache-2.0

package table

import (
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/words"
)

// A table has columns of fixed most widths, and what is left of the line for the reason.
const (
	roomy   = 90 // columns of a screen that has room for all of them
	longWhy = "WHY (worst reason, +others)"
)

// draw writes the rows: the table writer aligns the cells, which are cut to the screen before, and
// each line is coloured and linked after.
func (b *block) draw(rows []*words.Row) {
	if len(rows) == 0 {
		return
	}
	columns, cells := b.columns(rows)
	room := b.Width - 1 // for the reason
	for i := range columns {
		width := len(columns[i])
		for _, line := range cells {
			width = max(width, safe.Width(line[i]))
		}
		room -= width + 2
	}
	heading := longWhy
	if len(longWhy) > room {
		heading = "WHY"
	}
	for i, w := range rows {
		reason := w.Late + shortened(w.Why, room-len(w.Late)-len(w.More))
		cells[i] = append(cells[i], safe.Truncate(reason, room-len(w.More))+w.More)
	}
	lines := screen.Table(append(columns, heading), cells)
	b.Line(" " + lines[0])
	for i, w := range rows {
		label := w.Label()
		b.Line(" " + b.Link(rulepage.Link(w.Rule), b.Paint(screen.SeverityColor(label), label)) +
			lines[i+1][len(label):])
	}
}

// columns are those before the reason. On a small screen the last use makes room: where it
// matters, the reason mostly names it.
func (b *block) columns(rows []*words.Row) (columns []string, cells [][]string) {
	name, owner := b.Width*18/100, max(b.Width*18/100, 16)
	columns = []string{"SEVERITY", "TOKEN", "OWNER", "REPOSITORIES", "USED"}
	if b.Width < roomy {
		columns = []string{"SEVERITY", "TOKEN", "OWNER", "REPOS"}
	}
	for _, w := range rows {
		line := []string{
			w.Marked(), safe.Truncate(w.Token, name), safe.Truncate(w.Owner, owner-len(w.Role)) + w.Role,
			w.Repositories, w.Used,
		}
		if b.Width < roomy {
			line = append(line[:3], w.Selected)
		}
		cells = append(cells, line)
	}
	return columns, cells
}
