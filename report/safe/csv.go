// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"strings"

	"github.com/complytime/pataudit/audit"
)

// formulas are what makes a spreadsheet evaluate a text that begins with it, after OWASP; the last
// four are the wide forms of the first, which some programs take for them.
const formulas = "=+-@\t\r\n＝＋－＠"

// CSVCell returns a text that is safe for a field that a spreadsheet may open: visible as in
// [Terminal], cut as in [Cell], and with an apostrophe in front if it would be evaluated. It is
// idempotent. The writer quotes each field, so that no separator of any locale begins another one.
func CSVCell(s string) string {
	if evaluates(s) {
		s = "'" + s
	}
	return Cell(Terminal(s))
}

// AppendCSV appends fields to a row for a spreadsheet, and returns it: each is quoted, made
// harmless by [CSVCell], and followed by a comma.
func AppendCSV(row []byte, fields ...string) []byte {
	for _, field := range fields {
		row = append(row, '"')
		row = append(row, strings.ReplaceAll(CSVCell(field), `"`, `""`)...)
		row = append(row, `",`...)
	}
	return row
}

// EndCSV returns a row, of one field at least, with its end in place of the last comma.
func EndCSV(row []byte) []byte { return append(row[:len(row)-1], "\r\n"...) }

// evaluates looks at the first character that shows, and takes no chances with what is before it.
func evaluates(s string) bool {
	for _, r := range s {
		switch {
		case strings.ContainsRune(formulas, r):
			return true
		case r != ' ' && audit.Visible(r):
			return false
		}
	}
	return false
}
