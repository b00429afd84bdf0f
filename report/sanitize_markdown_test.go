// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
	htmlparser "golang.org/x/net/html"
)

// links are payloads that GitHub would make something of.
var links = []string{
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

var gfm = goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote),
	goldmark.WithRendererOptions(html.WithUnsafe()))

// page is what a browser gets of a text of Markdown.
func rendered(t *testing.T, markdown string) *htmlparser.Node {
	t.Helper()
	var b bytes.Buffer
	if err := gfm.Convert([]byte(markdown), &b); err != nil {
		t.Fatal(err)
	}
	root, err := htmlparser.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// act is what GitHub's filters look for in each text of a rendered page.
var act = regexp.MustCompile(`(?i)@[a-z0-9]|#[0-9]|\bgh-[0-9]|\b[0-9a-f]{7,40}\b` +
	`|www\.\w|[a-z]+://|\S@\S|:[a-z0-9_+-]+:|\$.+\$`)

// markdownElements are all that a rendered report is made of.
var markdownElements = strings.Fields("html head body h1 h2 h3 p ul li strong table thead tbody " +
	"tr th td details summary wbr")

// checkPage reports what GitHub would act on.
func checkPage(t *testing.T, root *htmlparser.Node) {
	t.Helper()
	for n := range root.Descendants() {
		switch n.Type {
		case htmlparser.ElementNode:
			if !slices.Contains(markdownElements, n.Data) || len(n.Attr) > 0 {
				t.Errorf("element %s %v", n.Data, n.Attr)
			}
		case htmlparser.TextNode:
			if found := act.FindString(n.Data); found != "" {
				t.Errorf("GitHub acts on %q in %.80q", found, n.Data)
			}
			if s := strings.ReplaceAll(n.Data, "\n", ""); strings.ContainsFunc(s, hidden) {
				t.Errorf("not visible: %.80q", n.Data)
			}
		case htmlparser.CommentNode:
			t.Errorf("comment %q", n.Data)
		default: // the document itself
		}
	}
}

// content is an element's text, as a reader sees it.
func content(n *htmlparser.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == htmlparser.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func tagsOf(root *htmlparser.Node, name string) (found []*htmlparser.Node) {
	for n := range root.Descendants() {
		if n.Type == htmlparser.ElementNode && n.Data == name {
			found = append(found, n)
		}
	}
	return found
}

func checkMarkdownCell(t *testing.T, s string) {
	t.Helper()
	got := MarkdownCell(s)
	if !utf8.ValidString(got) || strings.ContainsFunc(got, hidden) || len(got) > 16*300 {
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
	root := rendered(t, table)
	checkPage(t, root)
	want := strings.Join(strings.Fields(truncate(Terminal(s), 300)), " ")
	if rows, cells := tagsOf(root, "tr"), tagsOf(root, "td"); len(rows) != 3 || len(cells) != 4 {
		t.Errorf("MarkdownCell(%.60q): %d rows, %d cells", s, len(rows), len(cells))
	} else if content(cells[0]) != want || content(cells[1]) != want {
		t.Errorf("MarkdownCell(%.60q) shows %.60q, want %.60q", s, content(cells[0]), want)
	}
	if again := MarkdownCell(want); strings.Join(strings.Fields(s), " ") == s && again != got {
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
		if got := MarkdownCell(s); got != want {
			t.Errorf("MarkdownCell(%q) = %q, want %q", s, got, want)
		}
	}
	for _, s := range slices.Concat(payloads, links) {
		checkMarkdownCell(t, s)
	}
}

func FuzzMarkdownCell(f *testing.F) {
	for _, s := range slices.Concat(payloads, links) {
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
		for n := range rendered(t, s).Descendants() {
			found = found || n.Type == htmlparser.TextNode && act.MatchString(n.Data)
		}
		if !found {
			t.Errorf("sees nothing in %q", s)
		}
	}
}
