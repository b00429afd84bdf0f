// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/report/view"
)

// The charts of the summary are a spreadsheet's own, of figures that stand on the same page.

// charts draws tokens by worst severity, and expiries by month beside their figures.
func (p *pen) charts(s *survey) {
	const expiryPlace, monthPlace = 4, 14
	p.head(1, "Tokens by worst severity", "", "", "Expiries by month", "", "", "", "", "", "", "", "",
		"", "Month", " Tokens")
	p.next()
	rows := expiryRows(&s.expiries)
	p.chart(leftHalf, 345, excelize.Bar, rightHalf, p.severityRow, p.labels)
	months := slices.Repeat([]string{""}, len(rows))
	months[len(months)-1] = "critical" // those that never expire
	p.chart(expiryPlace, 690, excelize.Col, monthPlace, p.row, months)
	for _, row := range rows {
		p.cells(monthPlace, row.label, row.n)
		p.next()
	}
}

// cellRange returns what a chart calls some cells of a column.
func (p *pen) cellRange(sheet string, column, from, to int) string {
	letter, err := excelize.ColumnNumberToName(column)
	p.try(err)
	return fmt.Sprintf("%s!$%s$%d:$%[2]s$%[4]d", sheet, letter, from, to)
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

// chartColors are those of bars, by the label that a bar has. The rest is navy.
var chartColors = map[string]string{
	"critical": red, "high": "D9822B", "medium": "E3C34A", "low": "8FB4DB", "info": "B4BCC8",
	view.Unknown: "8E6BB5", view.DebtLabel: "CBD2D9", view.ExpiredLabel: "9AA5B1",
}

// chart draws the figures that stand below each other right of their labels, at a place of the
// row. Its height is that of the list of months; the width is in pixels. The bars have the colours
// of labels.
func (p *pen) chart(at, width int, kind excelize.ChartType, column, row int, labels []string) {
	const height = (view.Months + 2) * summaryRow * 96 / 72 // pixels
	last := row + len(labels) - 1
	cells := func(column, from, to int) string {
		return p.cellRange(summarySheet, column, from, to)
	}
	gap, no, values := uint(45), false, excelize.ChartTickLabelNextToAxis
	if kind == excelize.Bar { // it is drawn from the top to the bottom, and so would its axis be
		values = excelize.ChartTickLabelHigh
	}
	p.draw(p.place(at), &excelize.Chart{
		Type: kind,
		Series: []excelize.ChartSeries{{
			Name:       cells(column+1, row-1, row-1),
			Categories: cells(column, row, last), Values: cells(column+1, row, last),
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{navy}},
		}},
		Dimension:  excelize.ChartDimension{Width: uint(width), Height: height},
		Legend:     excelize.ChartLegend{Position: "none"},
		PlotArea:   excelize.ChartPlotArea{ShowVal: true},
		XAxis:      excelize.ChartAxis{ReverseOrder: kind == excelize.Bar},
		YAxis:      excelize.ChartAxis{MajorGridLines: true, TickLabelPosition: values},
		GapWidth:   &gap,
		VaryColors: &no,
	}, labels)
}

// draw adds a chart to the page, with the colours of the labels of its only series; those of more
// have their own.
func (p *pen) draw(place string, chart *excelize.Chart, labels []string) {
	font := excelize.Font{Family: "Calibri", Size: 9, Color: ink}
	chart.XAxis.Font, chart.YAxis.Font = font, font
	chart.Format = excelize.GraphicOptions{OffsetX: 4, OffsetY: 4, Positioning: "oneCell"}
	chart.Border = excelize.LineOptions{Type: excelize.LineNone}
	p.try(p.book.f.AddChart(summarySheet, place, chart))
	p.drawn++
	part := fmt.Sprintf("xl/charts/chart%d.xml", p.drawn)
	drawn, ok := p.book.f.Pkg.Load(part)
	if !ok {
		p.try(fmt.Errorf("no %s was drawn", part))
		return
	}
	var bars []byte
	for i, label := range labels {
		if color := chartColors[label]; color != "" {
			bars = fmt.Appendf(bars, `<dPt><idx val="%d"/><invertIfNegative val="0"/>`+
				`<spPr><a:solidFill><a:srgbClr val="%s"/></a:solidFill></spPr></dPt>`, i, color)
		}
	}
	if bars == nil {
		return
	}
	// The library colours the parts of a pie alone. They stand before the labels of a series.
	before, after, found := bytes.Cut(drawn.([]byte), []byte("<dLbls>"))
	if !found {
		p.try(fmt.Errorf("%s has no labels", part))
		return
	}
	p.book.f.Pkg.Store(part, slices.Concat(before, bars, []byte("<dLbls>"), after))
}
