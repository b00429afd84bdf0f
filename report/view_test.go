// SPDX-License-Identifier: Apache-2.0

package report

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/report/reporttest"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

func TestNotRequiredIsNotUnknown(t *testing.T) {
	d := reporttest.Document(reporttest.Secretive())
	if f := view.Count(d.Runs[0]); f.Standing[view.Clean] != 3 {
		t.Errorf("%+v", f)
	}
	out := screen(t, d)
	for _, want := range []string{
		"CLEAN", "3 clean", "owner-without-2fa: 3 of 3 tokens cannot be",
	} {
		if !strings.Contains(strings.Join(strings.Fields(out), " "), want) {
			t.Errorf("does not say %q:\n%s", want, out)
		}
	}
	f := reporttest.OpenWorkbook(t, reporttest.Write(t, XLSX, d))
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
		if got := len(reporttest.JSONTokens(t, reporttest.Write(t, JSON, d))); got != want {
			t.Errorf("%s or worse: %d tokens, want %d", severity, got, want)
		}
	}
}

func TestExpiring(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*audit.Token)
		want   bool
	}{
		{"in use, soon", func(*audit.Token) {}, true},
		{"on the last day", func(t *audit.Token) {
			t.ExpiresAt = reporttest.AsOf.AddDate(0, 0, 14)
		}, true},
		{"late on the last day", func(t *audit.Token) {
			t.ExpiresAt = reporttest.AsOf.Truncate(24*time.Hour).AddDate(0, 0, 15).Add(-time.Second)
		}, true},
		{"later", func(t *audit.Token) { t.ExpiresAt = reporttest.AsOf.AddDate(0, 0, 15) }, false},
		{"over", func(t *audit.Token) { t.ExpiresAt = reporttest.AsOf.AddDate(0, 0, -1) }, false},
		{"never used", func(t *audit.Token) { t.LastUsedAt = time.Time{} }, false},
		{"idle", func(t *audit.Token) { t.LastUsedAt = reporttest.AsOf.AddDate(0, 0, -91) }, false},
		{"use unknown", func(t *audit.Token) { t.Known &^= audit.FactLastUsed }, false},
		{"expired", func(t *audit.Token) { t.Expired = true }, false},
	} {
		token := reporttest.Token(1, "a", nil)
		token.ExpiresAt = reporttest.AsOf.AddDate(0, 0, 5)
		c.change(token)
		if got := view.ExpiresSoon(token, reporttest.AsOf); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestUnmatched(t *testing.T) {
	f := &view.Filter{
		Owners:       []string{"JDOE", "nobody"},
		Repositories: []string{"repo-02", "complytime/repo-02", "nope", "other/repo-02"},
	}
	want := []string{"owner nobody", "repository nope", "repository other/repo-02"}
	d := reporttest.Document(reporttest.Violating())
	d.Runs[0].Organization.Repositories = nil
	if got := f.Unmatched(d.Runs); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	d.Runs[0].Organization.Repositories = []*audit.Repository{{Name: "complytime/nope"}}
	if got := f.Unmatched(d.Runs); !slices.Equal(got, slices.Delete(want, 1, 2)) {
		t.Errorf("%q", got)
	}
}
