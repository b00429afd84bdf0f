// SPDX-License-Identifier: Apache-2.0

package report

import (
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// draw writes the rows. The table writer measures by its own global setting, which is taken from
// the environment unless it is set here.
func (b *block) draw(rows []*row) {
	if len(rows) == 0 {
		return
	}
	columns := []string{"SEVERITY", "TOKEN", "OWNER", "REPOSITORIES", "USED", "WHY"}
	most := []int{8, b.width * 18 / 100, b.width * 15 / 100, 12, 6}
	const full = 90 // below it the repositories make room: the reason mostly names them
	if b.width < full {
		columns, most = slices.Delete(columns, 3, 4), slices.Delete(most, 3, 4)
	}
	cells := make([][]string, len(rows))
	last := len(columns) - 1
	width := make([]int, last) // of the columns before the reason
	for i, w := range rows {
		cells[i] = []string{w.label(), w.token, w.owner + w.role, w.repositories, w.used}
		if b.width < full {
			cells[i] = []string{w.label(), w.token, w.owner, w.used}
		}
		for c := range cells[i] {
			cells[i][c] = truncate(cells[i][c], most[c])
			width[c] = max(width[c], len(columns[c]), narrow.String(cells[i][c]))
		}
	}
	room := b.width - 1 // for the reason
	for _, n := range width {
		room -= n + 2
	}
	if long := "WHY (worst reason, +others)"; len(long) <= room {
		columns[last] = long
	}
	for i, w := range rows {
		why := truncate(w.why, room-len(w.more)) + w.more
		cells[i] = append(cells[i], why)
		cells[i][0] = b.paint(colorOf(cells[i][0]), cells[i][0])
	}
	i := -1 // the header
	for line := range strings.Lines(drawn(columns, cells)) {
		line = strings.TrimRight(line, "\n")
		if i >= 0 && i < len(rows) {
			if rest, whole := strings.CutPrefix(line, cells[i][0]); whole {
				line = b.link(rulePage(rows[i].rule), cells[i][0]) + rest
			}
		}
		b.line(" " + line)
		i++
	}
}

func drawn(columns []string, cells [][]string) string {
	var s strings.Builder
	plain := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Padding:    tw.CellPadding{Global: tw.Padding{Right: "  ", Overwrite: true}},
		Alignment:  tw.CellAlignment{Global: tw.AlignLeft},
	}
	table := tablewriter.NewTable(&s,
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Settings: tw.Settings{Separators: tw.SeparatorsNone, Lines: tw.LinesNone},
		})),
		tablewriter.WithConfig(tablewriter.Config{Header: plain, Row: plain}),
	)
	table.Header(columns)
	_ = table.Bulk(cells) // into memory
	_ = table.Render()
	return s.String()
}

func colorOf(label string) string {
	switch label {
	case "critical":
		return sgrAlarm
	case "high":
		return sgrRed
	case "medium":
		return sgrYellow
	case "unknown":
		return sgrPurple
	case "low", "info":
		return sgrCyan
	}
	return sgrDim
}
