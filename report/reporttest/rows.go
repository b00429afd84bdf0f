// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"strings"
)

// TableRows returns the names of the tokens that have a row in a table on a screen,
// in order.
func TableRows(out string) (names []string) {
	in := false
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, " SEVERITY"):
			in = true
		case len(fields) == 0 || strings.Contains(line, " more token"):
			in = false
		case strings.HasPrefix(line, "  "), strings.HasPrefix(line, " ? "):
			// a reason goes on; what is not known
		case in:
			names = append(names, fields[1])
		}
	}
	return names
}
