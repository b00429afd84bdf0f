// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// MarkdownCell returns a text that is safe for a cell, an item or a heading of Markdown: visible
// as in [Terminal], of a bounded length, and without any mark that Markdown or GitHub acts on.
//
// What could begin markup is a numeric character reference: every ASCII character but those that
// are harmless where they stand. GitHub, though, looks for mentions, references and links in the
// texts of the rendered page, where a reference is a character again: "&#64;name" mentions,
// "&#35;1" links (github/cmark-gfm issue 181). Hence a <wbr> (a place where a line may break, and
// no character at all) parts such texts: after each such
// character in parting, and within what could be the name of a commit.
func MarkdownCell(s string) string {
	const most = 300 // columns
	s = Truncate(Terminal(s), most)
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
		case harmless(s, i):
			b = append(b, c)
		default:
			b = append(b, "&#"...)
			b = strconv.AppendUint(b, uint64(c), 10)
			b = append(b, ';')
			if parting[c] {
				b = append(b, "<wbr>"...)
			}
		}
		i++
	}
	return string(b)
}

// harmless reports whether the ASCII character at i is so there, that dates, sentences and names
// read well in the source, too: letters and digits; what begins no markup anywhere; and what does
// so only at the edge of a word, or of a line.
func harmless(s string, i int) bool {
	var before, after byte // 0 at the ends, whose neighbours are not known
	if i > 0 {
		before = s[i-1]
	}
	if i+1 < len(s) {
		after = s[i+1]
	}
	inside := Alphanumeric(before) && Alphanumeric(after)
	switch c := s[i]; c {
	case ' ': // blanks that begin a line are markup
		return i > 0
	case ',', ';', '(', '\'', '"', '%', '?', '^':
		return true
	case ')': // of a number that begins a list, too
		return strings.Trim(s[:i], "0123456789") != ""
	case '-': // but GH-1 is a reference
		return inside && (before|0x20 != 'h')
	case '_', '+', '=', '/':
		return inside || c == '+' && (before == ' ' || before == '(')
	case '.': // the end of a sentence, not of a number of a list; a part of a number, not of a name
		return letter(before) && (after == ' ' || after == 0) || digit(before) && digit(after)
	case ':':
		return (Alphanumeric(before) || before == ')') && after == ' ' || inside && !emoji(s, i)
	default:
		return Alphanumeric(c)
	}
}

// emoji reports whether the colon at i may begin or end the name of an emoji: only characters of
// such a name are between it and another one.
func emoji(s string, i int) bool {
	named := func(r rune) bool {
		return r == '_' || r == '+' || r == '-' || r < utf8.RuneSelf && Alphanumeric(byte(r))
	}
	return strings.HasPrefix(strings.TrimLeftFunc(s[i+1:], named), ":") ||
		strings.HasSuffix(strings.TrimRightFunc(s[:i], named), ":")
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

// Alphanumeric reports whether a byte is a letter or a digit of ASCII.
func Alphanumeric(c byte) bool { return digit(c) || letter(c) }

func digit(c byte) bool { return c >= '0' && c <= '9' }

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
