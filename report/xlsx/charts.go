// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/report/view"
)

// The charts of the summary are a spreadsheet's own, of figures that stand on the same page.

// charts draws tokens by worst severity, and expiries by month beside their figures.
func (p *pen) charts(s *survey) {
	const expiryPlace, monthPlace = 5, 13
	p.head(1, "Tokens by worst severity", "", "", "", "Expiries by month", "", "", "", "", "", "", "",
		"Month", " Tokens")
	p.next()
	rows := expiryRows(&s.expiries)
	p.chart(leftHalf, 440, excelize.Bar, rightHalf, p.severityRow, p.severityRows)
	p.chart(expiryPlace, 500, excelize.Col, monthPlace, p.row, len(rows))
	for _, row := range rows {
		p.cells(monthPlace, row.label, row.n)
		p.next()
	}
}

// cellRange names cells of a column to a chart.
func cellRange(sheet, letter string, from, to int) string {
	return fmt.Sprintf("%s!$%s$%d:$%s$%d", sheet, letter, from, letter, to)
}

// monthCount is how many tokens expire in a month, or when else.
type monthCount struct {
	label string
	n     int
}

// rows are the months from this one on, and what is beyond them.
func expiryRows(e *view.Expiries) (rows []monthCount) {
	for i, n := range e.Month {
		if e.First.IsZero() {
			break
		}
		rows = append(rows, monthCount{e.First.AddDate(0, i, 0).Format("2006-01"), n})
	}
	return append(rows, monthCount{"later", e.Later}, monthCount{"never", e.Never})
}

// chart draws the figures that stand below each other right of their labels, at a place of the
// row. Its height is that of the list of months; the width is in pixels.
func (p *pen) chart(at, width int, kind excelize.ChartType, labels, row, n int) {
	const height = (view.Months + 2) * summaryRow * 96 / 72 // pixels
	cells := func(column, from, to int) string {
		letter, err := excelize.ColumnNumberToName(column)
		p.try(err)
		return cellRange(summarySheet, letter, from, to)
	}
	gap, no := uint(45), false
	font := excelize.Font{Family: "Calibri", Size: 8, Color: grey}
	p.try(p.book.f.AddChart(summarySheet, p.place(at), &excelize.Chart{
		Type: kind,
		Series: []excelize.ChartSeries{{
			Name:       cells(labels+1, row-1, row-1),
			Categories: cells(labels, row, row+n-1), Values: cells(labels+1, row, row+n-1),
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{navy}},
		}},
		Dimension:  excelize.ChartDimension{Width: uint(width), Height: height},
		Format:     excelize.GraphicOptions{OffsetX: 4, OffsetY: 4, Positioning: "oneCell"},
		Legend:     excelize.ChartLegend{Position: "none"},
		PlotArea:   excelize.ChartPlotArea{ShowVal: true},
		XAxis:      excelize.ChartAxis{ReverseOrder: kind == excelize.Bar, Font: font},
		YAxis:      excelize.ChartAxis{None: true, Font: font},
		Border:     excelize.LineOptions{Type: excelize.LineNone},
		GapWidth:   &gap,
		VaryColors: &no,
	}))
}
