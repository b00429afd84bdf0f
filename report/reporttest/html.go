// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// ParseHTML returns a page as a browser without scripts reads it.
func ParseHTML(t *testing.T, page []byte) *html.Node {
	t.Helper()
	root, err := html.ParseWithOptions(bytes.NewReader(page), html.ParseOptionEnableScripting(false))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// Nodes returns the elements of a name; all of them for "".
func Nodes(root *html.Node, name string) (found []*html.Node) {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && (name == "" || n.Data == name) {
			found = append(found, n)
		}
	}
	return found
}

// Attribute returns an element's attribute; "" if it has none.
func Attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// TextOf returns all texts of an element, joined.
func TextOf(n *html.Node) string {
	var s strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			s.WriteString(d.Data)
		}
	}
	return s.String()
}

// Classed returns the elements of a class.
func Classed(root *html.Node, class string) (found []*html.Node) {
	for _, n := range Nodes(root, "") {
		if slices.Contains(strings.Fields(Attribute(n, "class")), class) {
			found = append(found, n)
		}
	}
	return found
}

var (
	ownStyle  = regexp.MustCompile(`(?s)<style>.*?</style>`)
	ownScript = regexp.MustCompile(`(?s)<script>.*?</script>`)

	// hash64 is a hash as the policy has it, where a plus sign is a character reference.
	hash64 = regexp.MustCompile(`sha256-(?:[A-Za-z0-9/=]|&#43;)+`)
)

// WithoutOwn returns a page without its script and its style, which have files of their own, and
// with each token on a line of its own.
func WithoutOwn(page []byte) []byte {
	head, rest, _ := strings.Cut(string(page), "<meta name")
	rest = ownStyle.ReplaceAllString(rest, "<style>[style]</style>")
	rest = ownScript.ReplaceAllString(rest, "<script>[script]</script>")
	rest = strings.ReplaceAll(rest, `},{"key":`, "},\n"+`{"key":`)
	return []byte(hash64.ReplaceAllString(head, "sha256-[hash]") + "<meta name" + rest)
}
