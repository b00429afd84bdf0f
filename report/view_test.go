// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/xlsx"
)

func TestNotRequiredIsNotUnknown(t *testing.T) {
	d := reporttest.Document(reporttest.Secretive())
	if f := view.Count(d.Runs[0]); f.Standing[view.Clean] != 3 {
		t.Errorf("%+v", f)
	}
	out := printed(t, d)
	for _, want := range []string{
		"CLEAN", "3 clean", "owner-without-2fa: 3 of 3 tokens cannot be",
	} {
		if !strings.Contains(strings.Join(strings.Fields(out), " "), want) {
			t.Errorf("does not say %q:\n%s", want, out)
		}
	}
	f := reporttest.OpenWorkbook(t, reporttest.Write(t, xlsx.Format, d))
	cell := reporttest.CellOf(t, f, "Tokens", "ci-publish", "Second factor")
	if got, _ := f.GetCellValue("Tokens", cell); got != "unknown" {
		t.Errorf("second factor: %q", got)
	}
}

// What could not be judged may be as bad as its rule, and is not filtered away by severity.
func TestFilterKeepsTheUnjudged(t *testing.T) {
	d := reporttest.Document(reporttest.Secretive())
	for severity, want := range map[audit.Severity]int{audit.High: 3, audit.Critical: 0} {
		d.View.Filter.Severity = severity
		if got := len(reporttest.JSONTokens(t, reporttest.Write(t, json.Format, d))); got != want {
			t.Errorf("%s or worse: %d tokens, want %d", severity, got, want)
		}
	}
}
