// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// The widths here are those of a terminal: of grapheme clusters, wide characters twice. The texts
// are sanitized already.

// narrow counts ambiguous characters (such as "…") once, wherever the program runs.
var narrow = displaywidth.Options{}

// truncate cuts a text to a width, with a mark, and never inside a character.
func truncate(s string, width int) string {
	if len(s) <= width {
		return s
	}
	return narrow.TruncateString(s, max(width, 0), "…")
}

// pad fills a text with blanks up to a width.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-narrow.String(s)))
}

// spread puts two texts at the two ends of a line. If they do not fit, the left one is cut.
func spread(left, right string, width int) string {
	left = truncate(left, width-narrow.String(right)-2)
	return pad(left, width-narrow.String(right)) + right
}

// wrap breaks a text at blanks into lines of at most width; a word that is longer is broken
// between characters.
func wrap(s string, width int) []string {
	width = max(width, 2) // the widest character
	var lines []string
	line, used := "", 0
	flush := func() {
		if line != "" {
			lines = append(lines, line)
			line, used = "", 0
		}
	}
	for _, word := range strings.Fields(s) {
		size := narrow.String(word)
		if used > 0 && used+1+size > width {
			flush()
		}
		if used > 0 {
			line, used = line+" ", used+1
		}
		if size <= width {
			line, used = line+word, used+size
			continue
		}
		for graphemes := narrow.StringGraphemes(word); graphemes.Next(); {
			if used+graphemes.Width() > width {
				flush()
			}
			line, used = line+graphemes.Value(), used+graphemes.Width()
		}
	}
	flush()
	return lines
}
