// SPDX-License-Identifier: Apache-2.0

package safe_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
)

func TestTerminal(t *testing.T) {
	for s, want := range map[string]string{
		"":                          "",
		"plain [x] a:b":             "plain [x] a:b",
		"日本語 é ✓ 😀":                 "日本語 é ✓ 😀",
		"ok\x1b[1A":                 `ok\x1b[1A`,
		"\u009b2J":                  `\u009b2J`,
		"a\xff":                     `a\xff`,
		"a\nb\rc\td\x7f":            `a\nb\rc\td\x7f`,
		"\u202enimda":               `\u202enimda`,
		"adm\u200bin":               `adm\u200bin`,
		"\U000e0041":                `\U000e0041`,
		"::add-mask::0":             `:\u003aadd-mask:\u003a0`,
		"x ##[error]":               `x ##\u005berror]`,
		"e\u0301":                   "e\u0301",
		"\u0301":                    `\u0301`,
		"e\u0301\u0301\u0301\u0302": "e\u0301\u0301\u0301" + `\u0302`,
		"a\u00a0b\u3000c":           `a\u00a0b\u3000c`,
		`back\slash`:                `back\slash`,
	} {
		if got := safe.Terminal(s); got != want {
			t.Errorf("Terminal(%q) = %q, want %q", s, got, want)
		}
	}
	for _, s := range reporttest.Payloads {
		checkTerminal(t, s)
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if got := safe.Terminal(
			"a" + string(r),
		); got == "a"+string(r) && reporttest.Hidden(r) &&
			utf8.ValidRune(r) {
			t.Fatalf("U+%04X shows as itself", r)
		}
	}
}

// TestTerminalCommands: however a text is made of what commands are made of, none is left.
func TestTerminalCommands(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := rapid.StringMatching("[:#[a ]{0,9}").Draw(r, "text")
		got := safe.Terminal(s)
		if strings.Contains(got, "::") || strings.Contains(got, "##[") || safe.Terminal(got) != got ||
			!strings.Contains(s, "::") && !strings.Contains(s, "##[") && got != s {
			r.Errorf("Terminal(%q) = %q", s, got)
		}
	})
}

func FuzzTerminal(f *testing.F) {
	for _, s := range reporttest.Payloads {
		f.Add(s)
	}
	f.Fuzz(checkTerminal)
}

func checkCell(t *testing.T, s string) {
	t.Helper()
	got := safe.Cell(s)
	if !utf8.ValidString(got) || strings.ContainsFunc(got, reporttest.Hidden) {
		t.Errorf("Cell(%.60q) = %.60q: not visible", s, got)
	}
	if n := len(utf16.Encode([]rune(got))); n > 32767 {
		t.Errorf("Cell(%.60q): %d units", s, n)
	}
	whole := safe.Visible(s, false)
	if len(utf16.Encode([]rune(whole))) <= 32767 && got != whole ||
		got != whole && !strings.HasSuffix(got, "(cut)") {
		t.Errorf("Cell(%.60q): cut without a mark", s)
	}
}

func TestCell(t *testing.T) {
	for _, s := range reporttest.Payloads {
		checkCell(t, s)
	}
	exact := strings.Repeat("😀", 16383) + "x"
	if got := safe.Cell(exact); got != exact {
		t.Errorf("cut at %d units, though it fits", len(utf16.Encode([]rune(got))))
	}
	if got := safe.Cell(exact + "y"); !strings.HasSuffix(got, "😀 … (cut)") {
		t.Errorf("cut as %q", got[len(got)-20:])
	}
	if got := safe.Cell("=1+1"); got != "=1+1" {
		t.Errorf("changed %q", got)
	}
}

func FuzzCell(f *testing.F) {
	for _, s := range reporttest.Payloads {
		f.Add(s)
	}
	f.Fuzz(checkCell)
}

func checkTerminal(t *testing.T, s string) {
	t.Helper()
	got := safe.Terminal(s)
	if !utf8.ValidString(got) || strings.ContainsFunc(got, reporttest.Hidden) {
		t.Errorf("Terminal(%q) = %q: not visible", s, got)
	}
	if strings.Contains(got, "::") || strings.Contains(got, "##[") {
		t.Errorf("Terminal(%q) = %q: a runner command", s, got)
	}
	if again := safe.Terminal(got); again != got {
		t.Errorf("Terminal(%q) = %q, then %q", s, got, again)
	}
	marks := 0
	for _, r := range got {
		if marks++; !unicode.Is(unicode.M, r) {
			marks = 0
		}
		if marks > safe.MaxMarks {
			t.Errorf("Terminal(%q) = %q: a stack of marks", s, got)
		}
	}
}
