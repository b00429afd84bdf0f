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

// Every printed page says whose it is, which of how many, and that it is confidential.
func TestXLSXPages(t *testing.T) {
	d := reporttest.Document(reporttest.Violating())
	d.Runs[0].Organization.Login = "R&D"
	f := reporttest.OpenWorkbook(t, reporttest.Write(t, Format, d))
	for _, sheet := range f.GetSheetList() {
		page, err := f.GetHeaderFooter(sheet)
		if err != nil || page == nil {
			t.Errorf("%s: %v, %v", sheet, page, err)
			continue
		}
		said := page.OddHeader + page.OddFooter
		for _, what := range []string{"R&&D", "Confidential", "Page &P of &N"} {
			if !strings.Contains(said, what) {
				t.Errorf("%s: no %q on a page: %q", sheet, what, said)
			}
		}
		layout, err := f.GetPageLayout(sheet)
		props, err2 := f.GetSheetProps(sheet)
		if err != nil || err2 != nil || !*props.FitToPage || *layout.FitToWidth < 1 {
			t.Errorf("%s: %+v, %+v, %v, %v", sheet, layout, props, err, err2)
		}
	}
}

// However long the names of organizations are, and whatever they hold, a page can say them.
func TestXLSXPagesOfHostileNames(t *testing.T) {
	for _, payload := range reporttest.Payloads {
		d := reporttest.Document(reporttest.Calm())
		d.Runs[0].Organization.Login = payload
		d.Failed = []view.Failure{{Organization: strings.Repeat("&", 300), Reason: audit.Because("404")}}
		reporttest.Write(t, Format, d)
	}
}

// On paper the lists to work with are as wide as one page, and legible.
func TestXLSXOnPaper(t *testing.T) {
	for _, d := range []*view.Document{
		reporttest.DecidedDocument(), reporttest.Document(reporttest.Enterprise()),
		reporttest.RememberedDocument(),
	} {
		f := reporttest.OpenWorkbook(t, reporttest.Write(t, Format, d))
		for sheet, last := range map[string]string{
			"Tokens": noteTitle, "Decisions": "Reason", "Requests": "Fails", "Findings": "",
		} {
			rows, err := f.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			printed := printedColumns(f, sheet, rows[0])
			width := 0.0
			for i := range printed {
				letter, _ := excelize.ColumnNumberToName(i + 1)
				w, err := f.GetColWidth(sheet, letter)
				if err != nil {
					t.Fatal(err)
				}
				width += w
			}
			layout, err := f.GetPageLayout(sheet)
			if last != "" && (printed[len(printed)-1] != last || *layout.FitToWidth != 1 ||
				width > 1.2*pageWidth) || err != nil {
				t.Errorf("%s: %q is %v wide, %v", sheet, printed, width, err)
			}
		}
	}
}

// printedColumns are the titles that a sheet prints.
func printedColumns(f *excelize.File, sheet string, titles []string) []string {
	for _, name := range f.GetDefinedName() {
		if name.Name == "_xlnm.Print_Area" && name.Scope == sheet {
			letters := strings.Split(name.RefersTo, "$")[3]
			n, _ := excelize.ColumnNameToNumber(letters)
			return titles[:n]
		}
	}
	return titles
}

// The button of a filter lies at the bottom of a heading: the text begins at the top, and ends
// above it.
func TestXLSXHeadings(t *testing.T) {
	f := reporttest.OpenWorkbook(t, reporttest.Write(t, Format, reporttest.DecidedDocument()))
	for _, sheet := range f.GetSheetList()[1:] {
		height, err := f.GetRowHeight(sheet, 1)
		if err != nil || height < 2*lineHeight {
			t.Errorf("%s: headings are %v points high, %v", sheet, height, err)
		}
		id, _ := f.GetCellStyle(sheet, "A1")
		if style, err := f.GetStyle(id); err != nil || style.Alignment.Vertical != "top" {
			t.Errorf("%s: headings stand at the %v, %v", sheet, style.Alignment, err)
		}
	}
}

// A row of tokens holds what a decision needs, the decision, and the command that records one, in
// this order.
func TestXLSXDecisionColumns(t *testing.T) {
	e := reporttest.Violating()
	broad := reporttest.Named(e, "sync-everything") // has two findings of one severity now
	broad.ExpiresAt = broad.GrantedAt.AddDate(0, 0, 300)
	d := reporttest.Document(e)
	run := d.Runs[0]
	deciding := view.NewDeciding(run, "pataudit", []string{"--decisions", "a b.yaml"}, nil)
	d.View.Deciding = map[*audit.Run]*view.Deciding{run: deciding}
	f := reporttest.OpenWorkbook(t, reporttest.Write(t, Format, d))
	rows, err := f.GetRows("Tokens")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"Severity", "Token", tokenIDTitle, "Owner", "Worst rule", "Worst reason", decisionTitle,
		reviewerTitle, dateTitle, noteTitle, commandTitle,
	}
	if !slices.Equal(rows[0][:len(want)], want) {
		t.Errorf("columns %q", rows[0])
	}
	byGrant := cellsUnder(t, f, "Tokens", grantIDTitle)
	commands := 0
	for r := range run.Results() {
		said := ""
		for severity := audit.Critical; severity > audit.NoSeverity && said == ""; severity-- {
			for _, finding := range r.Findings {
				if line, ok := deciding.Waive(r, finding); ok && finding.Severity == severity {
					said = line.String()
					commands++
					break
				}
			}
		}
		row := byGrant[view.GrantID(r.Token)]
		if row[commandTitle] != said {
			t.Errorf("%s: %q, want %q", r.Token.Name, row[commandTitle], said)
		}
	}
	if commands < 10 {
		t.Errorf("%d commands", commands)
	}
}
