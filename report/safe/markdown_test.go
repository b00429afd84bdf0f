// SPDX-License-Identifier: Apache-2.0

package safe_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	htmlparser "golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
)

// checkMarkdown holds that a text shows as it is wherever it stands in a page of Markdown, and
// that nothing acts on it there.
func checkMarkdown(t *testing.T, s string) {
	t.Helper()
	for name, of := range map[string]func(string) string{
		"Markdown": safe.Markdown, "MarkdownCode": safe.MarkdownCode,
	} {
		got := of(s)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, reporttest.Hidden) || len(got) > 16*300 {
			t.Errorf("%s(%.60q) = %.60q: not visible, or %d bytes", name, s, got, len(got))
		}
		if strings.Contains(got, "<wbr>") || strings.Count(got, "&#") > strings.Count(s, "&#") {
			t.Errorf("%s(%.60q) = %.60q: has an escape", name, s, got)
		}
		cell := safe.InTable(got)
		page := "| a | b |\n| --- | --- |\n| " + cell + " | " + cell + " |\n| 1 | 2 |\n\n" + got +
			"\n\n" +
			"- **x:** " + got + "\n- " + got + "\n\n<details><summary>" + safe.MarkdownHTML(s) +
			"</summary>\n\nx\n\n</details>\n\n# " + got + "\n\n**" + safe.MarkdownCode(s) + ":** " +
			got + " " + got + "\n"
		root := reporttest.Rendered(t, page)
		reporttest.CheckPage(t, root)
		want := strings.Join(strings.Fields(safe.Truncate(safe.Terminal(s), 300)), " ")
		rows, cells := reporttest.Nodes(root, "tr"), reporttest.Nodes(root, "td")
		if len(rows) != 3 || len(cells) != 4 {
			t.Fatalf("%s(%.60q): %d rows, %d cells", name, s, len(rows), len(cells))
		}
		for place, node := range map[string]*htmlparser.Node{
			"cell": cells[0], "other cell": cells[1], "item": reporttest.Nodes(root, "li")[1],
			"heading": reporttest.Nodes(root, "h1")[0], "summary": reporttest.Nodes(root, "summary")[0],
		} {
			want := want
			if node.Data == "td" {
				want = strings.ReplaceAll(want, `\|`, `\x5c|`)
			}
			if got := reporttest.Content(node); got != want {
				t.Errorf("%s(%.60q): %s shows %.60q, want %.60q", name, s, place, got, want)
			}
		}
		if n := len(reporttest.Nodes(root, "strong")); n != 2 && want != "" {
			t.Errorf("%s(%.60q): %d labels", name, s, n)
		}
	}
}

func TestMarkdown(t *testing.T) {
	for s, want := range map[string]string{
		"":                               "",
		"  a  b":                         "a  b",
		"plain name 1":                   "plain name 1",
		"a|b":                            "`a|b`",
		"@org":                           "`@org`",
		"a\nb":                           "`a\\nb`",
		"日本 é":                           "日本 é",
		"abcdef":                         "abcdef",
		"abcdef0":                        "`abcdef0`",
		"reads acme/.github, x/y too":    "reads `acme/.github`, `x/y` too",
		"(v1.2.x). See @a (@b).":         "(`v1.2.x`). See `@a` (`@b`).",
		"two `a` #1 words":               "two `` `a` #1 `` words",
		"of 2026-11-22 06:00, 3.5 % a:b": "of 2026-11-22 06:00, 3.5 % `a:b`",
	} {
		if got := safe.Markdown(s); got != want {
			t.Errorf("Markdown(%q) = %q, want %q", s, got, want)
		}
	}
	for s, want := range map[string]string{
		"": "", "a b": "`a b`", "`": "`` ` ``", "a``b`c": "```a``b`c```", " x ": "`  x  `", " ": "` `",
		"a|b": "`a|b`",
	} {
		if got := safe.MarkdownCode(s); got != want {
			t.Errorf("MarkdownCode(%q) = %q, want %q", s, got, want)
		}
	}
	for _, s := range slices.Concat(reporttest.Payloads, reporttest.Links) {
		checkMarkdown(t, s)
	}
}

func TestMarkdownOfAny(t *testing.T) {
	alphabet := slices.Concat(strings.Split("`|\\ @#$<>&:/.-_*[](){}!~+=1aG\n\t", ""),
		reporttest.Payloads, reporttest.Links)
	rapid.Check(t, func(r *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom(alphabet), 0, 12).Draw(r, "s")
		checkMarkdown(t, strings.Join(parts, ""))
		if t.Failed() {
			r.FailNow()
		}
	})
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range slices.Concat(reporttest.Payloads, reporttest.Links) {
		f.Add(s)
	}
	f.Fuzz(checkMarkdown)
}

// The judge itself sees what it should.
func TestMarkdownJudge(t *testing.T) {
	for _, s := range []string{
		"&#64;octocat", "&#35;1", "GH&#45;7", "9c1f40aa5e", "a&#64;b", "https&#58;//x", "&#58;x&#58;",
	} {
		found := false
		for n := range reporttest.Rendered(t, s).Descendants() {
			found = found || n.Type == htmlparser.TextNode && reporttest.Act.MatchString(n.Data)
		}
		if !found {
			t.Errorf("sees nothing in %q", s)
		}
	}
}
