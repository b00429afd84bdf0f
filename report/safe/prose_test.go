// SPDX-License-Identifier: Apache-2.0

package safe_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
)

func checkProse(t *testing.T, s string) {
	t.Helper()
	for _, most := range []int{safe.MostName, safe.MostProse} {
		got := safe.Prose(s, most)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, reporttest.Hidden) {
			t.Errorf("Prose(%.60q) = %.60q: not visible", s, got)
		}
		if reporttest.Markup.MatchString(got) || strings.TrimSpace(got) != got || len(got) > most {
			t.Errorf("Prose(%.60q) = %.60q: not plain text of at most %d bytes", s, got, most)
		}
		if again := safe.Prose(got, most); again != got {
			t.Errorf("Prose(%.60q) = %.60q, then %.60q", s, got, again)
		}
	}
}

func TestProse(t *testing.T) {
	for _, s := range reporttest.Payloads {
		checkProse(t, s)
	}
	for s, want := range map[string]string{
		"":                              "",
		"  ":                            "",
		"contents:write, [x] (90 days)": "contents:write, [x] (90 days)",
		"see [this](https://evil)":      `see [this]\u0028https:\u002f/evil)`,
		"{0} <b> @org/owners `x`":       `\u007b0} \u003cb> \u0040org/owners \u0060x\u0060`,
		"a\nb":                          `a\nb`,
		strings.Repeat("é", 60):         strings.Repeat("é", 45) + " … (cut)",
		strings.Repeat("é", 50):         strings.Repeat("é", 50),
	} {
		if got := safe.Prose(s, safe.MostName); got != want {
			t.Errorf("Prose(%q) = %q, want %q", s, got, want)
		}
	}
}

// TestProseOrdinary: a text of the common case is what the long way would return.
func TestProseOrdinary(t *testing.T) {
	anyText := rapid.OneOf(rapid.String(), rapid.SampledFrom(reporttest.Payloads),
		rapid.StringMatching(`[a -~]{0,9}`), rapid.StringMatching("[]w(){:/.#@&|<`\\[ a]{0,9}"))
	rapid.Check(t, func(t *rapid.T) {
		s := anyText.Draw(t, "text")
		if long := safe.ProseByRune(s, safe.MostProse); safe.OrdinaryProse(s) && long != s {
			t.Errorf("%q becomes %q", s, long)
		}
	})
}

func FuzzProse(f *testing.F) {
	for _, s := range reporttest.Payloads {
		f.Add(s)
	}
	f.Fuzz(checkProse)
}
