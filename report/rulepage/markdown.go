// SPDX-License-Identifier: Apache-2.0

package rulepage

import (
	"strings"

	"github.com/complytime/pataudit/report/safe"
)

// MarkdownLink returns a rule's id as a link of Markdown, whose address [MarkdownAddresses] writes
// at the end of the text; an id without a page as a code span.
func MarkdownLink(id string) string {
	if Link(id) == "" {
		return safe.MarkdownCode(id)
	}
	return "[" + id + "]"
}

// MarkdownAddresses returns the addresses of rules that a text of Markdown has links to, a line
// each; "" for none.
func MarkdownAddresses(ids []string) string {
	var b strings.Builder
	for _, id := range ids {
		if address := Link(id); address != "" {
			b.WriteString("[" + id + "]: " + address + "\n")
		}
	}
	return b.String()
}
