// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// Both charts of each organization draw figures that stand on the page.
func TestXLSXCharts(t *testing.T) {
	d := reporttest.Documents()["several"]
	workbook := reporttest.Write(t, Format, d)
	f := reporttest.OpenWorkbook(t, workbook)
	ref := regexp.MustCompile(`<f>Summary!\$([A-Z])\$([0-9]+):\$[A-Z]\$([0-9]+)</f>`)
	charts, sums := 0, map[int]int{}
	for name, content := range parts(t, workbook) {
		if !strings.HasPrefix(name, "xl/charts/chart") {
			continue
		}
		charts++
		colored := []string{"critical"} // as what never expires is
		if strings.Contains(content, `val="bar"`) {
			colored = []string{"critical", "high", "medium", "low", "info"}
		}
		for _, label := range colored {
			if strings.Count(content, fmt.Sprintf(`srgbClr val="%s"`, chartColors[label])) != 1 {
				t.Errorf("%s: not one bar has the colour of %s", name, label)
			}
		}
		refs := ref.FindAllStringSubmatch(content, -1)
		if len(refs) != 3 {
			t.Fatalf("%s refers to %q", name, refs)
		}
		first, _ := strconv.Atoi(refs[2][2])
		last, _ := strconv.Atoi(refs[2][3])
		sum := 0
		for row := first; row <= last; row++ {
			label, _ := f.GetCellValue(summarySheet, fmt.Sprint(refs[1][1], row))
			value, _ := f.GetCellValue(summarySheet, fmt.Sprint(refs[2][1], row))
			n, err := strconv.Atoi(value)
			if err != nil || label == "" {
				t.Errorf("%s: %q is %q", name, label, value)
			}
			sum += n
		}
		sums[sum]++
	}
	want := map[int]int{}
	for _, run := range d.Runs {
		dated, worst := run.Summary.Active, 0
		for r := range run.Results() {
			switch view.PlaceOf(run, r, r.Findings).Label() {
			case view.CleanLabel, view.NoneLabel:
			default:
				worst++
			}
		}
		want[worst]++
		want[dated]++
	}
	if diff := cmp.Diff(want, sums); diff != "" || charts != 6 {
		t.Errorf("%d charts, of (-want +got):\n%s", charts, diff)
	}
}

// What to do first is what the list of tokens begins with, and the severities add up.
func TestXLSXSummary(t *testing.T) {
	d := reporttest.Documents()["decided"]
	run := d.Runs[0]
	for i, ends := range []int{20, 40, 10} {
		waivers := slices.DeleteFunc(slices.Clone(run.Decisions), func(r audit.DecisionResult) bool {
			return r.Decision.Kind != audit.Waive || r.State == audit.DecisionExpired
		})
		waivers[i].Decision.Until = reporttest.AsOf.AddDate(0, 0, ends)
	}
	f := reporttest.OpenWorkbook(t, reporttest.Write(t, Format, d))
	tokens, err := f.GetRows("Tokens")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows(summarySheet)
	if err != nil {
		t.Fatal(err)
	}
	at := func(title string) int {
		return slices.IndexFunc(rows, func(row []string) bool { return slices.Contains(row, title) })
	}
	for i, row := range rows[at("To do first")+1:][:mostFirst] {
		if got := row[:2]; got[0] != tokens[i+1][0] || got[1] != tokens[i+1][1] {
			t.Errorf("%d: %q, want %q", i, got, tokens[i+1][:2])
		}
	}
	var fresh, known, waived int
	for _, row := range rows[at("Severity")+1:][:audit.Critical] {
		for i, sum := range []*int{&fresh, &known, &waived} {
			n, err := strconv.Atoi(row[11+i])
			if err != nil {
				t.Error(err)
			}
			*sum += n
		}
	}
	s := run.Summary
	if fresh+known != s.Findings[audit.Fail] || waived != s.Findings[audit.Waived] ||
		known != run.Debt.Left || known == 0 || waived == 0 {
		t.Errorf("%d new, %d known, %d waived of %+v", fresh, known, waived, s)
	}
	ends := rows[at("Waivers of the next 30 days")+1:]
	if ends[0][9] != "2026-12-02" || ends[1][9] != "2026-12-12" || len(ends[2]) > 9 {
		t.Errorf("waivers end: %q", ends[:3])
	}
}

// What a reviewer fills in takes on a colour.
func TestXLSXConditions(t *testing.T) {
	f := reporttest.OpenWorkbook(
		t,
		reporttest.Write(t, Format, reporttest.Document(reporttest.Violating())),
	)
	formats, err := f.GetConditionalFormats("Tokens")
	if err != nil || len(formats) != 1 || len(formats["G2:G26"]) != len(decisions) {
		t.Errorf("%+v, %v", formats, err)
	}
	formats, err = f.GetConditionalFormats("Repositories")
	if err != nil || len(formats) != 1 || formats["C2:C39"][0].Type != "data_bar" {
		t.Errorf("%+v, %v", formats, err)
	}
}

// Every part of a workbook is the same twice, not only its cells.
func TestXLSXSameParts(t *testing.T) {
	d := reporttest.Documents()["several"]
	first, again := reporttest.Write(t, Format, d), reporttest.Write(t, Format, d)
	if diff := cmp.Diff(parts(t, first), parts(t, again)); diff != "" || len(first) != len(again) {
		t.Errorf("%d bytes, then %d (-first +second):\n%s", len(first), len(again), diff)
	}
}

// Where debt alone is left, the page says so, is not green, and names the worst of it.
func TestXLSXDebt(t *testing.T) {
	f := reporttest.OpenWorkbook(t, reporttest.Write(t, Format, reporttest.Owing()))
	rows, err := f.GetRows(summarySheet)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(rows, func(row []string) bool {
		return slices.Contains(row, "Accepted debt, the worst first")
	})
	if at < 0 || rows[at-1][0] != "none" || rows[at+1][0] != "medium" ||
		rows[at+1][1] != "org-ai-access" || rows[at+1][4] != "long-expiration" {
		t.Fatalf("to do: %q", rows[max(at, 1)-1:][:3])
	}
	if text := rows[2][0]; !strings.HasPrefix(text, "CLEAN OF NEW: ") {
		t.Errorf("banner %q", text)
	}
	id, err := f.GetCellStyle(summarySheet, "A3")
	if err != nil {
		t.Fatal(err)
	}
	style, err := f.GetStyle(id)
	if err != nil || !slices.Contains(style.Fill.Color, amber) {
		t.Errorf("coloured %v, %v", style.Fill.Color, err)
	}
}
