// SPDX-License-Identifier: Apache-2.0

package screen

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// TestTableAligns holds that each cell of any text is whole, and stands beneath its title.
func TestTableAligns(t *testing.T) {
	var texts []string
	for _, text := range slices.Concat(reporttest.Payloads, reporttest.Links) {
		lines := safe.Wrap(safe.Truncate(safe.Terminal(text), 90), 30)
		texts = append(texts, strings.Join(lines, "\n"))
	}
	short := []string{
		"", " ", "a\n\nb", "日本\n語", "two  blanks", "  5 x", "  5 ███", "👩‍👩‍👧‍👦\n🇯🇵", "e\u0301",
	}
	rapid.Check(t, func(r *rapid.T) {
		columns := rapid.IntRange(1, 5).Draw(r, "columns")
		text := rapid.OneOf(rapid.SampledFrom(texts), rapid.SampledFrom(short))
		row := rapid.SliceOfN(text, columns, columns)
		table := &Table{Rows: rapid.SliceOfN(row, 0, 6).Draw(r, "rows")}
		for range columns {
			table.Titles = append(table.Titles, "TITLE "[:rapid.IntRange(1, 6).Draw(r, "title")])
		}
		var got strings.Builder
		if err := table.Write(&got); err != nil {
			r.Fatal(err)
		}
		if want := aligned(table); got.String() != want {
			r.Fatalf("got\n%s\nwant\n%s", got.String(), want)
		}
		var page strings.Builder
		p := NewPage(&page, &view.View{Width: 80})
		table.First = func(_ int, text string) string { return text }
		table.Last = table.First
		p.Table(table)
		if err := p.Flush(); err != nil {
			r.Fatal(err)
		}
		blank := regexp.MustCompile(`(?m)^\n`) // two of them are one on a page
		want := regexp.MustCompile(`(?m)^(.)`).ReplaceAllString(got.String(), " $1")
		if want = blank.ReplaceAllString(want, ""); blank.ReplaceAllString(page.String(), "") != want {
			r.Fatalf("on a page\n%s\nwant\n%s", page.String(), want)
		}
	})
}

// aligned is what a table should look like.
func aligned(t *Table) string {
	widths := make([]int, len(t.Titles))
	all := append([][]string{t.Titles}, t.Rows...)
	for _, cells := range all {
		for i, cell := range cells {
			for line := range strings.SplitSeq(cell, "\n") {
				widths[i] = max(widths[i], safe.Width(line))
			}
		}
	}
	var b strings.Builder
	for _, cells := range all {
		height := 0
		for _, cell := range cells {
			height = max(height, strings.Count(cell, "\n")+1)
		}
		for n := range height {
			line := ""
			for i, cell := range cells {
				lines := append(strings.Split(cell, "\n"), make([]string, height)...)
				line += safe.Pad(lines[n], widths[i]) + "  "
			}
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
	}
	return b.String()
}

func TestTableError(t *testing.T) {
	table := &Table{Titles: []string{"A"}, Rows: [][]string{{"x"}}}
	if err := table.Write(&reporttest.FailingWriter{Left: 3}); !errors.Is(err, reporttest.ErrFull) {
		t.Errorf("error %v", err)
	}
}
