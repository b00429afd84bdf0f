// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strconv"
	"unicode/utf8"
)

// MarkdownCell makes a text safe for a cell, an item or a heading of [Markdown]: visible as in
// [Terminal], of a bounded length, and without any mark that Markdown or GitHub acts on.
//
// Every ASCII character but letters, digits and inner blanks is a numeric character reference, so
// that it begins no markup. GitHub, though, looks for mentions, references and links in the texts
// of the rendered page, where a reference is a character again: "&#64;name" mentions, "&#35;1"
// links (github/cmark-gfm issue 181). Hence a <wbr> (a place where a line may break, and no
// character at all) parts such texts: after each character in parting, and within what could be
// the name of a commit.
func MarkdownCell(s string) string {
	const most = 300 // columns
	s = truncate(Terminal(s), most)
	b := make([]byte, 0, len(s)+64)
	hex := 0 // how many hexadecimal digits stand before this character
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			_, size := utf8.DecodeRuneInString(s[i:])
			b = append(b, s[i:i+size]...)
			i, hex = i+size, 0
			continue
		}
		if hex = hexRun(hex, c); hex > longestHex {
			b, hex = append(b, "<wbr>"...), 1
		}
		switch {
		case alphanumeric(c), c == ' ' && i > 0: // blanks that begin a line are markup
			b = append(b, c)
		default:
			b = append(b, "&#"...)
			b = strconv.AppendUint(b, uint64(c), 10)
			b = append(b, ';')
		}
		if parting[c] {
			b = append(b, "<wbr>"...)
		}
		i++
	}
	return string(b)
}

// parting are the characters that mentions (@x), references (#1, GH-1), links (http:, www.),
// e-mail addresses, emoji (:x:) and formulas ($x$) do without.
var parting = [utf8.RuneSelf]bool{
	'@': true, '#': true, '-': true, ':': true, '.': true, '$': true,
}

// longestHex is how many hexadecimal digits are too few to name a commit.
const longestHex = 6

// hexRun counts on over a character.
func hexRun(n int, c byte) int {
	if c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' {
		return n + 1
	}
	return 0
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
