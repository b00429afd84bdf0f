// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// A row is as high as its texts need, and a title as its column does.
func TestXLSXHeights(t *testing.T) {
	e := reporttest.Violating()
	e.Tokens[0].Permissions = []audit.Permission{{
		Group: audit.GroupOrganization, Name: "organization_administration", Level: "write",
	}}
	f := reporttest.OpenWorkbook(t, reporttest.Write(t, Format, reporttest.Document(e)))
	for _, c := range []struct {
		sheet       string
		row         int
		least, most float64
	}{
		{"Owners", 1, 40, 50}, // the button of the filter has a line of its own
		{permissionMatrix, 1, 190, 230},
		{"Policy", 2, 10, 20},
	} {
		if got, err := f.GetRowHeight(c.sheet, c.row); err != nil || got < c.least || got > c.most {
			t.Errorf("row %d of %s is %v points high, %v", c.row, c.sheet, got, err)
		}
	}
	for _, sheet := range []string{"Tokens", "Findings"} {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for row := 2; row <= len(rows); row++ {
			if got, _ := f.GetRowHeight(sheet, row); got != rowHeight(2) {
				t.Errorf("row %d of %s is %v points high, unlike the others", row, sheet, got)
			}
		}
	}
	for lines, want := range map[int]float64{2: 29, 31: 406, 32: mostHeight, 1000: mostHeight} {
		if got := rowHeight(lines); got != want {
			t.Errorf("%d lines are %v high, want %v", lines, got, want)
		}
	}
}

// A list of nothing says so, on one page.
func TestXLSXNone(t *testing.T) {
	workbook := reporttest.Write(t, Format, reporttest.Document(reporttest.Empty()))
	f := reporttest.OpenWorkbook(t, workbook)
	for _, sheet := range []string{"Tokens", "Findings", "Owners", "Requests", "Decisions"} {
		rows, err := f.GetRows(sheet)
		if err != nil || len(rows) != 2 || rows[1][0] != "none" {
			t.Errorf("%s: %q, %v", sheet, rows, err)
		}
		layout, err := f.GetPageLayout(sheet)
		if err != nil || *layout.FitToWidth != 1 {
			t.Errorf("%s: %+v, %v", sheet, layout, err)
		}
	}
	if filled, err := ReadDecisions(strings.NewReader(string(workbook))); err != nil ||
		len(filled) != 0 {
		t.Errorf("read back: %v, %v", filled, err)
	}
}

type tuned struct {
	Days  int      `yaml:"days"`
	Allow []string `yaml:"allow"`
	Sets  []struct {
		ID    string   `yaml:"id"`
		Needs []string `yaml:"needs"`
	} `yaml:"sets"`
	Require string `yaml:"require"`
	seen    bool
}

func (t *tuned) Check(*audit.Subject) audit.Verdict { t.seen = true; return reporttest.Pass }

func TestParameters(t *testing.T) {
	of := &tuned{Days: 30, Allow: []string{"contents", "issues"}}
	of.Sets = append(of.Sets, struct {
		ID    string   `yaml:"id"`
		Needs []string `yaml:"needs"`
	}{"workflows", []string{"x"}})
	for want, checker := range map[string]audit.Checker{
		"": reporttest.Check(nil),
		"days: 30; allow: contents, issues; sets: workflows; require: none": of,
		"days: 0; allow: none; sets: none; require: none":                   &tuned{},
	} {
		if got := parameters(checker); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := parameters(nil); got != "" {
		t.Errorf("of a report that was read back: %q", got)
	}
}

// Every list of tokens has the one order.
func TestWorstFirst(t *testing.T) {
	d := reporttest.Documents()["decided"]
	d.Runs = append(d.Runs, reporttest.Document(reporttest.Many(2_000)).Runs...)
	for _, run := range d.Runs {
		var before view.Place
		n := 0
		for r, findings := range view.WorstFirst(run, &d.View) {
			w := view.PlaceOf(run, r, findings)
			if n > 0 && view.ComparePlaces(before, w) >= 0 {
				t.Fatalf("%+v comes before %+v", before, w)
			}
			before = w
			n++
		}
		if n != run.Summary.Tokens {
			t.Errorf("%d of %d tokens", n, run.Summary.Tokens)
		}
	}
}
