// SPDX-License-Identifier: Apache-2.0

package table

import (
	"strings"

	"github.com/complytime/pataudit/report/safe"
)

// reason returns a text that starts with what is known, says why, and ends with how much more
// there is: on as few lines of a width as tell it well, two, or three where they are short. A log
// has it whole, on one.
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

// shortened returns a text in a width: it ends with the last clause that fits, and within one only
// if the first is too long.
func shortened(text string, width int) string {
	if safe.Width(text) <= width {
		return text
	}
	end := 0
	for i := 1; i < len(text); i++ {
		ends := strings.HasPrefix(text[i:], "; ") || strings.HasPrefix(text[i:], ", ") ||
			strings.HasPrefix(text[i:], ": ") || strings.HasPrefix(text[i:], " (")
		if ends && safe.Width(text[:i]) <= width {
			end = i
		}
	}
	if end*2 > width {
		return text[:end]
	}
	return safe.Truncate(text, width)
}
