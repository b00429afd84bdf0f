// SPDX-License-Identifier: Apache-2.0

package safe_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	htmlparser "golang.org/x/net/html"

	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
)

func checkMarkdownCell(t *testing.T, s string) {
	t.Helper()
	got := safe.MarkdownCell(s)
	if !utf8.ValidString(got) || strings.ContainsFunc(got, reporttest.Hidden) || len(got) > 16*300 {
		t.Errorf("MarkdownCell(%.60q) = %.60q: not visible, or %d bytes", s, got, len(got))
	}
	marks := strings.ReplaceAll(got, "<wbr>", "")
	if strings.ContainsAny(marks, "!$*<>@[\\]`{|}~") ||
		strings.Count(marks, "&") != strings.Count(marks, "&#") ||
		strings.Count(marks, "&#") != strings.Count(marks, "#") {
		t.Errorf("MarkdownCell(%.60q) = %.60q: not all is a reference", s, got)
	}
	table := "| a | b |\n| --- | --- |\n| " + got + " | " + got + " |\n| 1 | 2 |\n\n" + got + "\n\n" +
		"- **x:** " + got + "\n\n<details><summary>" + got + "</summary>\n\nx\n\n</details>\n\n" +
		"# " + got + "\n"
	root := reporttest.Rendered(t, table)
	reporttest.CheckPage(t, root)
	want := strings.Join(strings.Fields(safe.Truncate(safe.Terminal(s), 300)), " ")
	if rows, cells := reporttest.Nodes(
		root,
		"tr",
	), reporttest.Nodes(
		root,
		"td",
	); len(rows) != 3 ||
		len(cells) != 4 {
		t.Errorf("MarkdownCell(%.60q): %d rows, %d cells", s, len(rows), len(cells))
	} else if reporttest.Content(cells[0]) != want ||
		reporttest.Content(cells[1]) != want {
		t.Errorf("MarkdownCell(%.60q) shows %.60q, want %.60q", s, reporttest.Content(cells[0]), want)
	}
	if again := safe.MarkdownCell(want); strings.Join(strings.Fields(s), " ") == s && again != got {
		t.Errorf("MarkdownCell(%.60q) = %.60q, then %.60q", s, got, again)
	}
}

func TestMarkdownCell(t *testing.T) {
	for s, want := range map[string]string{
		"":                 "",
		"  a  b":           "&#32; a  b",
		"plain name 1":     "plain name 1",
		"a|b":              "a&#124;b",
		"@org":             "&#64;<wbr>org",
		"a\nb":             "a&#92;nb",
		"日本 é":             "日本 é",
		"abcdef":           "abcdef",
		"abcdef0":          "abcdef<wbr>0",
		"x0123456789abcde": "x012345<wbr>6789ab<wbr>cde",
	} {
		if got := safe.MarkdownCell(s); got != want {
			t.Errorf("MarkdownCell(%q) = %q, want %q", s, got, want)
		}
	}
	for _, s := range slices.Concat(reporttest.Payloads, reporttest.Links) {
		checkMarkdownCell(t, s)
	}
}

func FuzzMarkdownCell(f *testing.F) {
	for _, s := range slices.Concat(reporttest.Payloads, reporttest.Links) {
		f.Add(s)
	}
	f.Fuzz(checkMarkdownCell)
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
