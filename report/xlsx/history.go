// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// What a history adds to the workbook: columns of its lists, and the figures of earlier runs. A
// workbook of runs without a history has none of these.

// pastColumns are those of tokens.
var pastColumns = []column{
	{title: "First seen", width: 12, value: func(e entry) any { return view.FirstSeen(e.result) }},
	{title: "Gained", width: 36, value: func(e entry) any {
		return strings.Join(audit.GrownNames(e.result.Gained), "; ")
	}},
	{title: "Last known expiry", width: 12, value: func(e entry) any {
		return view.LastExpiry(e.result)
	}},
}

// remembers reports whether a run of the document has a history.
func remembers(d *view.Document) bool { return slices.ContainsFunc(d.Runs, words.HasHistory) }

// insertBefore returns the columns with more of them in front of one.
func insertBefore(title string, columns, more []column) []column {
	at := slices.IndexFunc(columns, func(c column) bool { return c.title == title })
	return slices.Insert(slices.Clone(columns), at, more...)
}

// trendSheet holds the figures of complete runs, of which the summary draws a chart.
const trendSheet = "Trend"

var trendColumns = append([]column{
	{title: "As of", width: 12, value: pointValue(func(p *audit.Point) any {
		return view.DayOf(p.AsOf) // a text: a chart would put weeks between real dates
	})},
	{title: "Tokens", width: 10, value: pointValue(func(p *audit.Point) any { return p.Tokens })},
	{title: "Break the policy", width: 12, value: pointValue(func(p *audit.Point) any {
		return p.Violating
	})},
	{title: "Findings overdue", width: 12, value: pointValue(func(p *audit.Point) any {
		return p.Overdue
	})},
}, partColumns()...)

// partColumns count tokens, a column per part.
func partColumns() (columns []column) {
	for _, part := range words.AllParts() {
		columns = append(columns, column{
			title: part.Label, width: 10, value: pointValue(func(p *audit.Point) any { return part.Of(p) }),
		})
	}
	return columns
}

func pointValue(value func(*audit.Point) any) func(entry) any {
	return func(e entry) any { return value(e.point) }
}

// trend lists the figures of earlier runs.
func (b *book) trend() {
	if !remembers(b.doc) {
		return
	}
	var entries []entry
	for _, run := range b.doc.Runs {
		points := words.TrendOf(run)
		for i := range points {
			entries = append(entries, entry{run: run, point: &points[i]})
		}
	}
	b.add(listOf(trendSheet, trendColumns, entries))
}

// trend draws the tokens that break the policy, and those with accepted debt alone, by run.
func (p *pen) trend(run *audit.Run) {
	n := len(words.TrendOf(run))
	first := p.trendRows + 2 // below the header, and the rows of other organizations
	if p.trendRows += n; n < 2 {
		return
	}
	const height, rows = 210, 8 // pixels, of the summary
	p.below(1, lastPlace, p.style.header, words.TrendTitle)
	p.next()
	defer func() { p.row += rows }()
	shift := 0
	if !p.book.doc.Single() {
		shift = 1 // the organization's column
	}
	cells := func(column, from, to int) string {
		return p.cellRange(trendSheet, column+shift, from, to)
	}
	chart := &excelize.Chart{
		Type:      excelize.ColStacked,
		Dimension: excelize.ChartDimension{Width: 1195, Height: height},
		Legend:    excelize.ChartLegend{Position: "right"},
		YAxis:     excelize.ChartAxis{MajorGridLines: true},
	}
	for _, part := range words.TrendParts(words.TrendOf(run)) {
		column := 1 + slices.IndexFunc(trendColumns, func(c column) bool {
			return c.title == part.Label
		})
		chart.Series = append(chart.Series, excelize.ChartSeries{
			Name:       cells(column, 1, 1),
			Categories: cells(1, first, first+n-1), Values: cells(column, first, first+n-1),
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{chartColors[part.Label]}},
		})
	}
	p.draw(p.place(leftHalf), chart, nil)
}
