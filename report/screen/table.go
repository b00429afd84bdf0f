// SPDX-License-Identifier: Apache-2.0

package screen

import (
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// Table returns lines in which cells are aligned under their columns. The table writer measures by
// its own global setting, which is taken from the environment unless it is set here.
func Table(columns []string, cells [][]string) (lines []string) {
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
	return strings.Split(s.String(), "\n")
}
