// SPDX-License-Identifier: Apache-2.0

package html

import (
	"fmt"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// The charts are drawn here, in whole units of a fixed canvas: the page loads nothing.

// chart is a picture of bars with their figures, and the same in words.
type chart struct {
	ID, Title, Words string
	Class            string // "lying" or "standing": how its bars are
	Width, Height    int
	Bars             []chartBar
}

// chartBar is one bar of a chart; its label and its figure stand where they find room.
type chartBar struct {
	Class, Label, Figure string
	X, Y, Width, Height  int
	LabelX, LabelY       int
	FigureX, FigureY     int
}

// severityChart counts tokens by the severity that the list shows, in lying bars.
func severityChart(id, title string, counts map[string]int) *chart {
	const left, row, bar, room = 66, 18, 11, 210
	c := &chart{
		ID: id + "-severity", Title: title, Class: "lying", Width: left + room + 46,
	}
	most := 1
	for _, n := range counts {
		most = max(most, n)
	}
	var words []string
	y := 0
	for _, name := range view.Labels {
		n := counts[name]
		if _, err := audit.ParseSeverity(name); n == 0 && err != nil {
			continue
		}
		width := max(n*room/most, min(n, 2))
		c.Bars = append(c.Bars, chartBar{
			Class: name, Label: name, Figure: fmt.Sprint(n),
			X: left, Y: y + (row-bar)/2, Width: width, Height: bar,
			LabelX: left - 8, LabelY: y + row/2 + 4, FigureX: left + width + 6, FigureY: y + row/2 + 4,
		})
		words = append(words, fmt.Sprintf("%d %s", n, name))
		y += row
	}
	c.Height, c.Words = y, strings.Join(words, ", ")
	return c
}

// expiryChart counts tokens by the month in which they expire, in standing bars; nil without a
// date to count from.
func expiryChart(id string, run *audit.Run, e view.Expiries) *chart {
	if run.AsOf.IsZero() {
		return nil
	}
	const column, bar, top, room, foot = 34, 22, 16, 72, 20
	c := &chart{
		ID: id + "-expiry", Title: "Expiries by month", Class: "standing",
		Width: column * (view.Months + 2), Height: top + room + foot,
	}
	counts := append(e.Month[:], e.Later, e.Never)
	most := max(1, slices.Max(counts))
	var words []string
	for i, n := range counts {
		label, class := e.First.AddDate(0, i, 0).Format("Jan"), "month"
		said := e.First.AddDate(0, i, 0).Format("January 2006")
		switch i {
		case view.Months:
			label, said = "later", "later"
		case view.Months + 1:
			label, said, class = "never", "never", "never"
		}
		height := max(n*room/most, min(n, 2))
		middle := i*column + column/2
		c.Bars = append(c.Bars, chartBar{
			Class: class, Label: label, Figure: fmt.Sprint(n),
			X: middle - bar/2, Y: top + room - height, Width: bar, Height: height,
			LabelX: middle, LabelY: top + room + 16,
			FigureX: middle, FigureY: top + room - height - 5,
		})
		if n > 0 {
			words = append(words, fmt.Sprintf("%s: %d", said, n))
		}
	}
	for _, other := range []struct {
		n    int
		what string
	}{
		{e.Past, "before this month"}, {e.Expired, "expired already"}, {e.Unknown, "not known"},
	} {
		if other.n > 0 {
			words = append(words, fmt.Sprintf("%s: %d", other.what, other.n))
		}
	}
	c.Words = strings.Join(words, ", ")
	return c
}
