// SPDX-License-Identifier: Apache-2.0

package encode

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/complytime/pataudit/audit"
)

// escape rewrites JSON text so that it shows as it is, and decodes to the same values: what
// does not show becomes \uXXXX, and a runner command inside a string is broken by an escape.
// Outside of strings JSON has neither, so the text need not be parsed.
func escape(dst, src []byte) []byte {
	for i := 0; i < len(src); {
		start := i
		for i < len(src) && src[i] < 0x7f && src[i] != '#' && src[i] != ':' {
			i++
		}
		if dst = append(dst, src[start:i]...); i == len(src) {
			break
		}
		rest := src[i:]
		r, size := utf8.DecodeRune(rest)
		switch {
		case !audit.Visible(r) && r >= 0x7f:
			dst = appendUTF16(dst, r)
		case r == '#' && len(rest) >= 3 && string(rest[:3]) == "##[":
			dst = append(dst, `\u0023`...)
		case r == ':' && len(rest) >= 2 && rest[1] == ':' && i > 0 && src[i-1] == '"':
			dst = append(dst, `\u003a`...)
		default:
			dst = append(dst, rest[:size]...)
		}
		i += size
	}
	return dst
}

// appendUTF16 writes a rune as JSON does: beyond the first plane as a surrogate pair.
func appendUTF16(b []byte, r rune) []byte {
	for _, unit := range utf16.AppendRune(nil, r) {
		b = fmt.Appendf(b, `\u%04x`, unit)
	}
	return b
}
