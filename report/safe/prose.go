// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"strings"
	"unicode/utf8"
)

// The most bytes that [Prose] leaves of a sentence, and of a name within it.
const (
	MostProse = 1000
	MostName  = 100
)

// marks are what a viewer may take for Markdown, HTML, a mention, a link or a placeholder. A
// parenthesis or a bracket alone is none.
var marks = strings.NewReplacer(
	"`", `\u0060`, "<", `\u003c`, "|", `\u007c`, "{", `\u007b`, "@", `\u0040`, "&", `\u0026`,
	"](", `]\u0028`, "][", `]\u005b`, "://", `:\u002f/`, "www.", `www\u002e`,
)

// Prose returns a text that is safe in a document for machines whose viewers may render it: a
// SARIF message, OSCAL's markup, a text in Gemara. It is visible and on one line as in [Terminal],
// holds nothing that reads as markup, neither begins nor ends in a blank, and is cut with a mark
// if it is longer than most bytes. It is idempotent.
func Prose(s string, most int) string {
	const mark = " … (cut)"
	s = strings.TrimSpace(marks.Replace(visible(s, true)))
	if len(s) <= most {
		return s
	}
	end := most - len(mark)
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return strings.TrimSpace(s[:end]) + mark
}
