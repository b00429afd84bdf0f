// SPDX-License-Identifier: Apache-2.0

package safe_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
)

func checkCSVCell(t *testing.T, s string) {
	t.Helper()
	got := safe.CSVCell(s)
	if !utf8.ValidString(got) || strings.ContainsFunc(got, reporttest.Hidden) {
		t.Errorf("CSVCell(%.60q) = %.60q: not visible", s, got)
	}
	r, _ := utf8.DecodeRuneInString(s)
	if plain := unicode.IsLetter(r) || unicode.IsDigit(r); reporttest.Evaluated(got) ||
		(reporttest.Evaluated(s) || plain) && strings.HasPrefix(got, "'") == plain {
		t.Errorf("CSVCell(%.60q) = %.60q: a formula, or guarded for nothing", s, got)
	}
	if strings.Contains(got, "::") || strings.Contains(got, "##[") {
		t.Errorf("CSVCell(%.60q) = %.60q: a runner command", s, got)
	}
	if n := len(utf16.Encode([]rune(got))); n > 32767 {
		t.Errorf("CSVCell(%.60q): %d units", s, n)
	}
	if again := safe.CSVCell(got); again != got {
		t.Errorf("CSVCell(%.60q) = %.60q, then %.60q", s, got, again)
	}
	if whole := safe.Terminal(s); len(whole) < 30000 && strings.TrimPrefix(got, "'") !=
		strings.TrimPrefix(whole, "'") {
		t.Errorf("CSVCell(%.60q) = %.60q: another text", s, got)
	}
}

func TestCSVCell(t *testing.T) {
	for s, want := range map[string]string{
		"":                  "",
		"plain; a,b \"c\"":  "plain; a,b \"c\"",
		"=1+1":              "'=1+1",
		"+1":                "'+1",
		"-1":                "'-1",
		"@SUM(1)":           "'@SUM(1)",
		"＝1":                "'＝1",
		"＠x":                "'＠x",
		"  =1":              "'  =1",
		"\t=1":              `'\t=1`,
		"\tplain":           `'\tplain`,
		"\u200b=1":          `'\u200b=1`,
		"\x00\u202e\u00a0@": `'\x00\u202e\u00a0@`,
		"'=1":               "'=1",
		"a=1":               "a=1",
		"2026-11-22":        "2026-11-22",
		"##[x]::":           `##\u005bx]:\u003a`,
	} {
		if got := safe.CSVCell(s); got != want {
			t.Errorf("CSVCell(%q) = %q, want %q", s, got, want)
		}
	}
	for _, s := range reporttest.Payloads {
		checkCSVCell(t, s)
	}
}

func FuzzCSVCell(f *testing.F) {
	for _, s := range reporttest.Payloads {
		f.Add(s)
	}
	f.Fuzz(checkCSVCell)
}
