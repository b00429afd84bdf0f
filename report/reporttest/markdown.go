// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
	htmlparser "golang.org/x/net/html"
)

var gfm = goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote),
	goldmark.WithRendererOptions(html.WithUnsafe()))

// Rendered returns the page that a browser gets of a text of Markdown.
func Rendered(t *testing.T, markdown string) *htmlparser.Node {
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

// Act is what GitHub's filters look for in each text of a rendered page.
var Act = regexp.MustCompile(`(?i)@[a-z0-9]|#[0-9]|\bgh-[0-9]|\b[0-9a-f]{7,40}\b` +
	`|www\.\w|[a-z]+://|\S@\S|:[a-z0-9_+-]+:|\$.+\$`)

// markdownElements are all that a rendered report is made of.
var markdownElements = strings.Fields("html head body h1 h2 h3 p ul ol li strong table thead " +
	"tbody tr th td details summary code a")

// ours are the pages that a report links to: those of rules, GitHub's settings.
var ours = regexp.MustCompile(`^https://(github\.com/complytime/pataudit/blob/main/audit/rules/` +
	`[a-z0-9-]+\.md|[a-z0-9.:-]+/(organizations/[A-Za-z0-9-]+/)?settings/personal-access-tokens` +
	`(/active|/new(\?[A-Za-z0-9_=&%+.~-]+)?)?)$`)

// CheckPage fails the test for whatever GitHub would act on in a page. It leaves code alone, and
// links are ours.
func CheckPage(t *testing.T, root *htmlparser.Node) {
	t.Helper()
	for n := range root.Descendants() {
		switch n.Type {
		case htmlparser.ElementNode:
			link := n.Data == "a" && len(n.Attr) == 1 && n.Attr[0].Key == "href" &&
				ours.MatchString(n.Attr[0].Val)
			if !slices.Contains(markdownElements, n.Data) || len(n.Attr) > 0 && !link {
				t.Errorf("element %s %v", n.Data, n.Attr)
			}
		case htmlparser.TextNode:
			left := n.Parent.Data == "code" || n.Parent.Data == "a"
			if found := Act.FindString(n.Data); found != "" && !left {
				t.Errorf("GitHub acts on %q in %.80q", found, n.Data)
			}
			if s := strings.ReplaceAll(n.Data, "\n", ""); strings.ContainsFunc(s, Hidden) {
				t.Errorf("not visible: %.80q", n.Data)
			}
		case htmlparser.CommentNode:
			t.Errorf("comment %q", n.Data)
		default: // the document itself
		}
	}
}

// Content returns an element's text as a reader sees it: with single blanks.
func Content(n *htmlparser.Node) string {
	return strings.Join(strings.Fields(TextOf(n)), " ")
}
