// SPDX-License-Identifier: Apache-2.0

package table

import (
	"regexp"
	"strings"

	"github.com/complytime/pataudit/report/safe"
)

// reason returns a text that starts with what is known, says why, and ends with how much more there
// is: on as few lines of a width as tell it well, two, or three where they are short. A log has it
// whole, on one.
func (b *block) reason(start, why, more string, width int) string {
	if b.log() {
		return safe.Truncate(start+why, mostWide) + more
	}
	const short = 30
	most := 2
	if width < short {
		most = 3
	}
	for room := most * width; ; room-- {
		text := start + shortened(why, room-safe.Width(start)-len(more)) + more
		if lines := safe.Wrap(text, width); len(lines) <= most || room <= width {
			return strings.Join(lines, "\n")
		}
	}
}

// mayWrite is a permission with which a reason begins.
var mayWrite = regexp.MustCompile(`^([a-z_]+):write( \+ |: )`)

// shortened returns a reason in a width. What begins with permissions to write names them without
// that word: "contents+workflows: any CI job". Then the text ends with the last clause that fits,
// and within one only if the first is too long.
func shortened(why string, width int) string {
	if safe.Width(why) <= width {
		return why
	}
	names := ""
	for m := mayWrite.FindStringSubmatch(why); m != nil; m = mayWrite.FindStringSubmatch(why) {
		why = why[len(m[0]):]
		names += strings.Replace(m[1], "organization_", "org_", 1) + strings.TrimSpace(m[2])
		if m[2] == ": " {
			names += " "
			break
		}
	}
	text := names + why
	end := 0
	for i := len(names) + 1; i < len(text); i++ {
		ends := strings.HasPrefix(text[i:], "; ") || strings.HasPrefix(text[i:], ", ") ||
			strings.HasPrefix(text[i:], ": ") || strings.HasPrefix(text[i:], " (")
		if ends && safe.Width(text[:i]) <= width {
			end = i
		}
	}
	if safe.Width(text) <= width {
		return text
	}
	if end*2 > width {
		return text[:end]
	}
	return safe.Truncate(text, width)
}
