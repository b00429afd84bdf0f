// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// The widths here are those of a terminal: of grapheme clusters, wide characters twice. The texts
// are sanitized already.

// narrow counts ambiguous characters (such as "…") once, wherever the program runs.
var narrow = displaywidth.Options{}

// Truncate returns a text cut to a width, with a mark, and never inside a character.
func Truncate(s string, width int) string {
	if len(s) <= width {
		return s
	}
	return narrow.TruncateString(s, max(width, 0), "…")
}

// Pad returns a text filled with blanks up to a width; a longer one as it is.
func Pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-Width(s)))
}

// Spread returns a line with two texts at its ends. If they do not fit, the left one is cut.
func Spread(left, right string, width int) string {
	left = Truncate(left, width-Width(right)-2)
	return Pad(left, width-Width(right)) + right
}

// Wrap returns a text as lines of at most width columns, broken at blanks; a word that is longer
// is broken after a character that joins its parts, else between characters. A text without a word
// has no line.
func Wrap(s string, width int) []string {
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
		size := Width(word)
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
		joint := 0 // where the line may end within the word
		for graphemes := narrow.StringGraphemes(word); graphemes.Next(); {
			for used+graphemes.Width() > width {
				rest := ""
				if joint > 0 {
					line, rest = line[:joint], line[joint:]
				}
				flush()
				line, used, joint = rest, Width(rest), 0
			}
			line, used = line+graphemes.Value(), used+graphemes.Width()
			if strings.ContainsAny(graphemes.Value(), "_/-:") {
				joint = len(line)
			}
		}
	}
	flush()
	return lines
}

// Width returns how many columns of a terminal a text takes.
func Width(s string) int { return narrow.String(s) }
