// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"fmt"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// The colours of a workbook.
const (
	ink   = "1F2933"
	grey  = "616E7C"
	white = "FFFFFF"
	navy  = "243B53"
	ochre = "8D6A00"
	cream = "FFF9E5"
	red   = "A61B1B"
	green = "2F7D4F"
	amber = "B4690E"
	sand  = "FCE8B2"
	faint = "D9DEE4"
)

// styles are the workbook's, by their ids.
type styles struct {
	header, headerRight               int
	listHeader, inputHeader           int
	uprightHeader, link, sign         int
	text, remark, input, date, number int
	title, subtitle, note, hint       int
	good, bad, open, warning          int
	badge                             map[string]int // by the name of a severity or a state
	choice                            map[string]int // conditional, by a decision
}

// ofDecision stands before a decision's states among the badges: an expired one has to be looked
// at, an expired token does not.
const ofDecision = "decision "

// cell returns the cell of a value. A text wraps in it.
func (s *styles) cell(c column, value any) cell {
	of := cell{s.remark, value}
	switch v := value.(type) {
	case string:
		badge := s.badge[c.colors+v]
		if badge == 0 {
			badge = s.badge[c.other]
		}
		if c.color && badge != 0 && v != "" {
			of.style = badge
		}
	case int, int64:
		of.style = s.number
	case time.Time:
		of = s.day(v)
	}
	if c.input {
		of.style = s.input
	}
	return of
}

// day returns a real date; a text where the format knows no such date, and nothing of the zero
// time.
func (s *styles) day(t time.Time) cell {
	y, m, d := t.UTC().Date()
	if t.IsZero() {
		return cell{style: s.remark}
	}
	if y < 1901 || y > 9999 {
		return cell{s.date, fmt.Sprintf("%d-%02d-%02d", y, m, d)}
	}
	return cell{s.date, time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}
}

// makeStyles makes the styles of cells in which texts stand so. It is longer than a function
// should be, for it is a table.
func (b *book) makeStyles(vertical string) styles {
	left := &excelize.Alignment{Vertical: vertical, Horizontal: "left", Indent: 1}
	right := &excelize.Alignment{Vertical: vertical, Horizontal: "right"}
	middle := &excelize.Alignment{Vertical: vertical, Horizontal: "center"}
	flush := &excelize.Alignment{Vertical: vertical}
	upright := &excelize.Alignment{Vertical: "top", Horizontal: "center", TextRotation: 90}
	heading := &excelize.Alignment{Vertical: "top", Horizontal: "left", Indent: 1, WrapText: true}
	wrapped := &excelize.Alignment{
		Vertical: vertical, Horizontal: "left", Indent: 1, WrapText: true,
	}
	isoDate := "yyyy-mm-dd"
	const asText, thousands = 49, 3 // built-in number formats
	line := []excelize.Border{{Type: "bottom", Color: faint, Style: 1}}
	banner := func(paper string) int {
		return b.newStyle(13, true, white, paper, excelize.Style{Alignment: wrapped})
	}
	s := styles{
		header:      b.newStyle(10, true, white, navy, excelize.Style{Alignment: left}),
		listHeader:  b.newStyle(10, true, white, navy, excelize.Style{Alignment: heading}),
		headerRight: b.newStyle(10, true, white, navy, excelize.Style{Alignment: right}),
		inputHeader: b.newStyle(10, true, white, ochre, excelize.Style{Alignment: heading}),

		uprightHeader: b.newStyle(10, true, white, navy, excelize.Style{Alignment: upright}),

		text:   b.newStyle(10, false, ink, "", excelize.Style{Border: line, Alignment: left}),
		remark: b.newStyle(10, false, ink, "", excelize.Style{Border: line, Alignment: wrapped}),
		input: b.newStyle(10, false, ink, cream,
			excelize.Style{Border: line, Alignment: left, NumFmt: asText}),
		date: b.newStyle(10, false, ink, "",
			excelize.Style{Border: line, Alignment: middle, CustomNumFmt: &isoDate}),
		number: b.newStyle(10, false, ink, "",
			excelize.Style{Border: line, Alignment: right, NumFmt: thousands}),

		link: b.newStyle(10, false, "1B4B7A", "", excelize.Style{Border: line, Alignment: wrapped}),
		sign: b.newStyle(10, false, ink, cream, excelize.Style{Border: line, Alignment: left}),

		title:    b.newStyle(18, true, ink, "", excelize.Style{Alignment: flush}),
		subtitle: b.newStyle(11, false, grey, "", excelize.Style{Alignment: flush}),
		note:     b.newStyle(10, false, ink, "", excelize.Style{Alignment: wrapped}),
		hint:     b.newStyle(9, false, grey, "", excelize.Style{Alignment: wrapped}),

		good: banner(green), bad: banner(red), open: banner(amber),
		warning: b.newStyle(10, false, ink, sand, excelize.Style{Alignment: wrapped}),
		badge:   map[string]int{}, choice: map[string]int{},
	}
	for _, c := range []struct{ name, ink, paper string }{
		{"critical", white, red},
		{"high", "7A0C0C", "F4C7C3"},
		{"medium", "6B4E00", sand},
		{"low", "1B4B7A", "DCEBFA"},
		{"info", grey, "ECEFF3"},
		{"unknown", "4B2A73", "E5D9F2"},
		{view.NoneLabel, grey, ""},
		{view.CleanLabel, grey, ""},
		{view.ExpiredLabel, grey, ""},
		{view.DebtLabel, "6B4E00", "F3EBD8"},
		{view.WeightDebt.String(), "6B4E00", "F3EBD8"},
		{"new", white, "1B4B7A"}, // a finding that no earlier complete run saw
		{answerPass, green, "E3F3E8"},
		{answerWaived, "1B4B7A", "DCEBFA"},
		{answerNotApplicable, grey, ""},
		{answerNotShown, grey, ""},
		{audit.LevelRead, "1B4B7A", "DCEBFA"},
		{audit.LevelWrite, "6B4E00", sand},
		{audit.LevelAdmin, "7A0C0C", "F4C7C3"},
		{string(audit.DecisionOverdue), white, red},
		{ofDecision + string(audit.DecisionOverdue), white, red},
		{ofDecision + string(audit.DecisionExceeded), "7A0C0C", "F4C7C3"},
		{ofDecision + string(audit.DecisionExpired), "6B4E00", sand},
		{ofDecision + string(audit.DecisionUnused), "6B4E00", sand},
	} {
		quiet := c.ink == grey || c.name == answerPass || c.name == audit.LevelRead
		s.badge[c.name] = b.newStyle(10, !quiet, c.ink, c.paper,
			excelize.Style{Border: line, Alignment: middle})
	}
	s.choice = map[string]int{
		audit.Keep: b.condition(green, "E3F3E8"), audit.Waive: b.condition("6B4E00", sand),
		audit.Reduce: b.condition("7A0C0C", "F4C7C3"), audit.Revoke: b.condition(white, red),
	}
	return s
}

// newStyle makes a style. It adds a font and a paper to a style; "" is no paper.
func (b *book) newStyle(size float64, bold bool, ink, paper string, s excelize.Style) int {
	s.Font = &excelize.Font{Family: "Calibri", Size: size, Bold: bold, Color: ink}
	if paper != "" {
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{paper}}
	}
	id, err := b.f.NewStyle(&s)
	b.try(err)
	return id
}

// condition is a style that a cell takes on when its value asks for it.
func (b *book) condition(ink, paper string) int {
	id, err := b.f.NewConditionalStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true, Color: ink},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{paper}},
	})
	b.try(err)
	return id
}
