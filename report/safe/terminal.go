// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/complytime/pataudit/audit"
)

// Whatever comes from GitHub was typed by someone: names, logins, reasons. A writer passes each
// such text through the one function here that is made for its kind of output, and so shows it as
// it is, without obeying it.

// maxMarks is how many combining marks a character may carry; more are a stack that climbs into
// the rows above. Vietnamese and Thai need two, Hebrew three.
const maxMarks = 3

// Terminal returns a text that is safe to print in a terminal or a log: on one line, and with
// everything that is not a plain visible character written out, as \x1b or \u202e. Runner commands
// ("::" and "##[") are broken likewise. It is idempotent; a backslash stays a backslash, so that
// its output cannot be turned back.
func Terminal(s string) string { return visible(s, true) }

// Cell returns a text that is safe for a cell of a workbook: visible as in [Terminal], and cut
// with a mark where the format would cut it silently.
func Cell(s string) string {
	const limit, mark = 32767, " … (cut)" // in UTF-16 units, as spreadsheets count
	s = visible(s, false)
	if len(s) <= limit {
		return s
	}
	units, cut := 0, 0
	for i, r := range s {
		if units <= limit-len(mark) {
			cut = i
		}
		units += utf16.RuneLen(r)
	}
	if units <= limit {
		return s
	}
	return s[:cut] + mark
}

// visible writes out whatever does not show. If commands is true, it also breaks what a workflow
// runner would take for a command when it reads the log.
func visible(s string, commands bool) string {
	if plain(s) {
		return s
	}
	b := make([]byte, 0, len(s)+16)
	marks := maxMarks // a mark without a base would climb onto what stands before the text
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		isMark := unicode.Is(unicode.M, r)
		switch {
		case r == utf8.RuneError && size == 1:
			b = fmt.Appendf(b, `\x%02x`, s[i])
		case !audit.Visible(r), isMark && marks >= maxMarks, commands && startsCommand(b, r):
			b = appendEscape(b, r)
		default:
			b = append(b, s[i:i+size]...)
		}
		if marks++; !isMark {
			marks = 0
		}
		i += size
	}
	return string(b)
}

// plain reports whether a text is of the common case: printable ASCII without a start of a
// command.
func plain(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c >= 0x7f,
			i > 0 && c == ':' && s[i-1] == ':', i > 0 && c == '[' && s[i-1] == '#':
			return false
		}
	}
	return true
}

// startsCommand reports whether r after b would read as a runner command. "::" counts anywhere: a
// text may come to stand at the start of a line.
func startsCommand(b []byte, r rune) bool {
	return r == ':' && strings.HasSuffix(string(b[max(0, len(b)-1):]), ":") ||
		r == '[' && strings.HasSuffix(string(b[max(0, len(b)-2):]), "##")
}

// appendEscape writes a rune out as Go would in a string.
func appendEscape(b []byte, r rune) []byte {
	switch {
	case r == '\n':
		return append(b, `\n`...)
	case r == '\r':
		return append(b, `\r`...)
	case r == '\t':
		return append(b, `\t`...)
	case r < utf8.RuneSelf && r != ':' && r != '[':
		return fmt.Appendf(b, `\x%02x`, r)
	case r > 0xffff:
		return fmt.Appendf(b, `\U%08x`, r)
	}
	return fmt.Appendf(b, `\u%04x`, r)
}
