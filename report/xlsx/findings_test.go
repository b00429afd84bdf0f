// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// A finding that is new, one that is old and one that was accepted look different.
func TestXLSXStatuses(t *testing.T) {
	remembered, decided := reporttest.RememberedDocument(), reporttest.DecidedDocument()
	counts, papers := map[string]int{}, map[string]string{}
	for _, d := range []*view.Document{remembered, decided} {
		f := reporttest.OpenWorkbook(t, reporttest.Write(t, Format, d))
		rows, err := f.GetRows("Findings")
		if err != nil {
			t.Fatal(err)
		}
		column := slices.Index(rows[0], "Status")
		for i, row := range rows[1:] {
			counts[row[column]]++
			cell, _ := excelize.CoordinatesToCellName(column+1, i+2)
			id, _ := f.GetCellStyle("Findings", cell)
			style, err := f.GetStyle(id)
			if err != nil {
				t.Fatal(err)
			}
			papers[row[column]] = style.Font.Color + " on " + strings.Join(style.Fill.Color, "")
		}
	}
	fresh := 0
	for r := range remembered.Runs[0].Results() {
		for _, f := range r.Findings {
			if f.FirstSeen.After(remembered.Runs[0].Since.AsOf) && f.Status == audit.Fail {
				fresh++
			}
		}
	}
	if n := counts["new"]; n != fresh || n == 0 {
		t.Errorf("%d findings are new of %d", n, fresh)
	}
	if n := counts["accepted debt"]; n != decided.Runs[0].Debt.Left || n == 0 {
		t.Errorf("%d findings are debt of %d", n, decided.Runs[0].Debt.Left)
	}
	seen := map[string]string{}
	for _, status := range []string{"new", "accepted debt", "fail", "waived"} {
		if other := seen[papers[status]]; papers[status] == "" || other != "" {
			t.Errorf("%s looks like %s: %s", status, other, papers[status])
		}
		seen[papers[status]] = status
	}
}

// The list of findings repeats nothing of a token but its name and its id, and has no column that
// is empty.
func TestXLSXFindingsAreNarrow(t *testing.T) {
	for name, d := range reporttest.Documents() {
		f := reporttest.OpenWorkbook(t, reporttest.Write(t, Format, d))
		columns, err := f.GetCols("Findings")
		if err != nil {
			t.Fatal(err)
		}
		offset := 0
		if !d.Single() {
			offset = 1
		}
		for i, cells := range columns {
			full := slices.ContainsFunc(cells[1:], func(text string) bool { return text != "" })
			if i >= offset+len(findingColumns) && !full {
				t.Errorf("%s: nothing under %q", name, cells[0])
			}
		}
		if n := offset + len(findingColumns) + len(rareColumns); len(columns) > n {
			t.Errorf("%s: %d columns", name, len(columns))
		}
	}
}
