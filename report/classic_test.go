// SPDX-License-Identifier: Apache-2.0

package report

import (
	"io"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/show"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/xlsx"
)

// decoded returns what a document's JSON report holds.
func decoded(t *testing.T, d *view.Document) map[string]any {
	t.Helper()
	return reporttest.DecodeJSON(t, reporttest.Write(t, json.Format, d))
}

// TestClassicShown: what each format says, and that none says it unasked.
func TestClassicShown(t *testing.T) {
	d := reporttest.Document(reporttest.Enterprise())
	shown := printed(t, d)
	for _, words := range []string{
		" CLASSIC     14 classic tokens with SAML authorization of 12 people: 3 with broad scopes, 2",
		"bob: ci-legacy; admin:org, delete_repo, repo, gist; never expires; used 3 d ago",
		"jdoe; repo; expires 2026-12-22; used 200 d ago",
		"jdoe: of which little is known; unknown scopes; expiry unknown; use unknown",
		"and 4 more", "classic tokens without SAML authorization",
	} {
		if !strings.Contains(shown, words) {
			t.Errorf("the table does not say %q:\n%s", words, shown)
		}
	}
	if strings.Contains(shown, "71c3fc11") {
		t.Error("the table shows a part of a token")
	}
	d.View.Filter.Owners = []string{"KIM"}
	if shown := printed(t, d); !strings.Contains(shown, "kim; no scopes") ||
		strings.Contains(shown, "ci-legacy") {
		t.Errorf("the filter leaves\n%s", shown)
	}
	if listed := decoded(t, d)["classic"].([]any); len(
		listed,
	) != 1 {
		t.Errorf("the filter leaves %v", listed)
	}
	unasked := reporttest.Document(reporttest.Violating())
	if found, there := decoded(t, unasked)["classic"]; found != nil ||
		!there {
		t.Errorf("unasked: %v", found)
	}
	if strings.Contains(printed(t, unasked), "CLASSIC") {
		t.Error("unasked, the table speaks of classic tokens")
	}
	workbook := reporttest.OpenWorkbook(t, reporttest.Write(t, xlsx.Format, unasked))
	for _, sheet := range workbook.GetSheetList() {
		if sheet == "Classic tokens" {
			t.Error("unasked, the workbook has a sheet of them")
		}
	}
	e := reporttest.Enterprise()
	e.Classic = []*audit.Credential{}
	none := reporttest.Document(e)
	if listed := decoded(t, none)["classic"].([]any); len(
		listed,
	) != 0 {
		t.Errorf("none: %v", listed)
	}
	if shown := printed(t, none); !strings.Contains(shown, "0 classic tokens with SAML") {
		t.Errorf("none:\n%s", shown)
	}
}

// TestLives: who approved a token and when it was made, where that is known.
func TestLives(t *testing.T) {
	d := reporttest.Document(reporttest.Enterprise())
	for i, token := range reporttest.JSONTokens(t, reporttest.Write(t, json.Format, d)) {
		by, created := token["approved_by"], token["token_created_at"]
		if known := i%2 == 0; (by == "marta-h") != known || (created != nil) != known {
			t.Errorf("token %d: %v, %v", i, by, created)
		}
	}
	f := reporttest.OpenWorkbook(t, reporttest.Write(t, xlsx.Format, d))
	for title, want := range map[string]string{"Approved by": "marta-h", "Created": "2026-10-19"} {
		cell := reporttest.CellOf(t, f, "Tokens", "org-ai-access", title)
		if got, _ := f.GetCellValue("Tokens", cell); got != want {
			t.Errorf("%s: %q", title, got)
		}
		cell = reporttest.CellOf(t, f, "Tokens", "release-bot-legacy", title)
		if got, _ := f.GetCellValue("Tokens", cell); got != "unknown" {
			t.Errorf("%s, unknown: %q", title, got)
		}
	}
	shown := reporttest.Printed(t, func(w io.Writer) error {
		_, err := show.Token(w, d.Runs[0], func(r *audit.Result) bool {
			return r.Token.Name == "org-ai-access"
		}, nil, view.View{})
		return err
	})
	if !strings.Contains(shown, "created 2026-10-19") || !strings.Contains(shown, "by marta-h") {
		t.Errorf("show token:\n%s", shown)
	}
}
