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
	if len(s) <= most && ordinary(s) {
		return s
	}
	return prose(s, most)
}

// ordinary reports whether a text is of the common case, in which [prose] changes nothing but
// its length: printable ASCII between no blanks, without a character that may begin markup or a
// command.
func ordinary(s string) bool {
	for i := range len(s) {
		switch c := s[i]; c {
		case '`', '<', '|', '{', '@', '&', '#':
			return false
		case '(', '[':
			if i > 0 && s[i-1] == ']' {
				return false
			}
		case ':', '/', 'w':
			if i > 0 && s[i-1] == c { // "::", "://", "www."
				return false
			}
		default:
			if c < ' ' || c > '~' {
				return false
			}
		}
	}
	return s == "" || s[0] != ' ' && s[len(s)-1] != ' '
}

func prose(s string, most int) string {
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
