// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// parts unzips a workbook.
func parts(t testing.TB, workbook []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, file := range z.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[file.Name] = string(content)
	}
	return parts
}

func TestXLSXKeepsTexts(t *testing.T) {
	written := reporttest.Write(t, Format, reporttest.HostileDocument())
	rows, err := reporttest.OpenWorkbook(t, written).GetRows("Tokens")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, row := range rows {
		seen[row[1]] = true
	}
	for _, payload := range reporttest.Payloads {
		if !seen[safe.Cell(payload)] {
			t.Errorf("no row of %.60q", payload)
		}
	}
	if len(rows) != len(reporttest.Payloads)+1 {
		t.Errorf("%d rows of %d tokens", len(rows)-1, len(reporttest.Payloads))
	}
}

func TestXLSXDatesAndNumbers(t *testing.T) {
	e := reporttest.Violating()
	e.Tokens[0].ExpiresAt = time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)
	e.Tokens[1].ExpiresAt = time.Time{}
	f := reporttest.OpenWorkbook(t, reporttest.Write(t, Format, reporttest.Document(e)))
	for _, c := range []struct{ token, title, shown, raw string }{
		{"asdf", "Granted", "2026-10-23", "46318"},
		{"asdf", "Last used", "never", "never"},
		{"asdf", "Days granted", "366", "366"},
		{"asdf", "Token ID", "90103", "90103"},
		{"ci-experiments", "Last used", "2026-11-19", "46345"},
		{"last-year", "Expires", "expired", "expired"},
		{"last-year", "Days granted", "", ""},
		{"org-ai-access", "Expires", "12026-01-01", "12026-01-01"},
		{"release-bot-legacy", "Expires", "never", "never"},
		{"release-bot-legacy", "Repositories", "all + future", "all + future"},
		{"asdf", "Repositories", "2", "2"},
	} {
		cell := reporttest.CellOf(t, f, "Tokens", c.token, c.title)
		shown, _ := f.GetCellValue("Tokens", cell)
		raw, _ := f.GetCellValue("Tokens", cell, excelize.Options{RawCellValue: true})
		if shown != c.shown || raw != c.raw {
			t.Errorf("%s of %s: %q (%q), want %q (%q)", c.title, c.token, shown, raw, c.shown, c.raw)
		}
	}
}

func TestXLSXUnknownIsSaid(t *testing.T) {
	e := reporttest.Violating()
	e.Tokens[0].Known, e.Tokens[0].TokenID = 0, 0
	e.Tokens[0].Owner = nil
	f := reporttest.OpenWorkbook(t, reporttest.Write(t, Format, reporttest.Document(e)))
	for _, title := range []string{
		"Severity", "Owner", "Role", "Second factor", "Repositories", "Repository names",
		"Repository permissions", "Organization permissions", "Status", "Granted", "Expires",
		"Last used", "Token ID",
	} {
		cell := reporttest.CellOf(t, f, "Tokens", "org-ai-access", title)
		if got, _ := f.GetCellValue("Tokens", cell); got != "unknown" {
			t.Errorf("%s: %q", title, got)
		}
	}
}

func TestXLSXIsMadeForReviewers(t *testing.T) {
	workbook := reporttest.Write(t, Format, reporttest.Document(reporttest.Violating()))
	f := reporttest.OpenWorkbook(t, workbook)
	rules, err := f.GetDataValidations("Tokens")
	if err != nil || len(rules) != 1 || rules[0].Formula1 != `"keep,waive,reduce,revoke"` {
		t.Errorf("validations %+v, %v", rules, err)
	}
	for _, sheet := range []string{
		"Tokens", "Findings", ruleMatrix,
		permissionMatrix, "Repositories", "Owners", "Requests", "Decisions", "Coverage", "Policy",
		"Read me",
	} {
		panes, err := f.GetPanes(sheet)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: header not frozen: %+v, %v", sheet, panes, err)
		}
	}
	filters := 0
	for _, content := range parts(t, workbook) {
		filters += strings.Count(content, "<autoFilter ")
	}
	if filters != 11 {
		t.Errorf("%d filters", filters)
	}
	props, err := f.GetDocProps()
	if err != nil || props.Created != "2026-11-22T06:00:00Z" || props.Modified != props.Created {
		t.Errorf("properties %+v, %v", props, err)
	}
}

// ofTenRows returns the workbook of a document, as if a sheet could have no more rows.
func ofTenRows(t *testing.T, d *view.Document) *excelize.File {
	t.Helper()
	b := newBook(d)
	b.maxRows = 10
	if err := b.build(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := b.save(&out); err != nil {
		t.Fatal(err)
	}
	return reporttest.OpenWorkbook(t, out.Bytes())
}

func TestXLSXGoesOnInASecondSheet(t *testing.T) {
	d := reporttest.Document(reporttest.Violating())
	f := ofTenRows(t, d)
	tokens := 0
	for _, sheet := range []string{"Tokens", "Tokens 2", "Tokens 3"} {
		rows, err := f.GetRows(sheet)
		if err != nil || len(rows) > 10 || rows[0][0] != "Severity" {
			t.Errorf("%s: %d rows, %v", sheet, len(rows), err)
		}
		tokens += len(rows) - 1
	}
	if tokens != d.Runs[0].Summary.Tokens {
		t.Errorf("%d tokens of %d", tokens, d.Runs[0].Summary.Tokens)
	}
}

func TestXLSXWorstFirst(t *testing.T) {
	rows, err := reporttest.OpenWorkbook(
		t,
		reporttest.Write(t, Format, reporttest.Document(reporttest.Incomplete(reporttest.Violating()))),
	).GetRows(
		"Tokens",
	)
	if err != nil {
		t.Fatal(err)
	}
	order := []string{"critical", "high", "medium", "unknown", "low", "info", "none", "expired"}
	last := 0
	for _, row := range rows[1:] {
		for i, s := range order {
			if row[0] == s && i < last {
				t.Errorf("%s comes after %s", s, order[last])
			} else if row[0] == s {
				last = i
			}
		}
	}
	if last != len(order)-1 {
		t.Errorf("ends with %s", order[last])
	}
}
