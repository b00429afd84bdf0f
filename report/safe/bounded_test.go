// SPDX-License-Identifier: Apache-2.0

package safe_test

import (
	"strings"
	"testing"

	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
)

func checkHTMLText(t *testing.T, s string) {
	t.Helper()
	got := safe.HTMLText(s)
	if strings.ContainsFunc(got, reporttest.Hidden) || strings.Contains(got, "##[") ||
		len(got) > 40_000 {
		t.Errorf("HTMLText(%.60q) = %.60q", s, got)
	}
	if again := safe.HTMLText(got); again != got {
		t.Errorf("HTMLText(%.60q) = %.60q, then %.60q", s, got, again)
	}
}

func TestHTMLText(t *testing.T) {
	for _, s := range reporttest.Payloads {
		checkHTMLText(t, s)
	}
	if got := safe.HTMLText("<b>\x1b[1m" + strings.Repeat("é", 5000)); !strings.HasSuffix(got, "…") ||
		!strings.HasPrefix(got, `<b>\x1b[1m`) {
		t.Errorf("got %.30q … %q", got, got[len(got)-9:])
	}
}

func FuzzHTMLText(f *testing.F) {
	for _, s := range reporttest.Payloads {
		f.Add(s)
	}
	f.Fuzz(checkHTMLText)
}
