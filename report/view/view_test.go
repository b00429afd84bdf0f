// SPDX-License-Identifier: Apache-2.0

package view_test

import (
	"slices"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

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

// TestExpiredLast: what can no longer act, and breaks nothing, comes after everything else, and
// its label says so.
func TestExpiredLast(t *testing.T) {
	seen := 0
	for name, d := range reporttest.Documents() {
		for _, run := range d.Runs {
			before := false
			for r, findings := range view.WorstFirst(run, &view.View{Only: view.OnlyAll}) {
				w := view.PlaceOf(run, r, findings)
				expired := w.Standing == view.Expired
				if before && !expired {
					t.Errorf("%s: %s comes after an expired grant", name, r.Token.Name)
				}
				if expired != (w.Label() == view.ExpiredLabel) {
					t.Errorf("%s: %s is called %s", name, r.Token.Name, w.Label())
				}
				if before = expired; expired {
					seen++
				}
			}
		}
	}
	if seen == 0 {
		t.Error("no grant is expired")
	}
}
