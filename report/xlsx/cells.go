// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"strconv"
	"time"

	"github.com/complytime/pataudit/report/safe"
)

// The rows of lists as the format has them, XML: a report of a large organization has millions of
// cells, and the library takes several times as long for one.

// cell is a value with its style.
type cell struct {
	style int
	value any // a string, an int, an int64, a time.Time of a day, or nil
}

// appendRow appends a row to its sheet. Its height is in points; 0 is what is usual.
func appendRow(to []byte, row int, height float64, letters []string, cells []cell) []byte {
	to = append(to, `<row r="`...)
	to = strconv.AppendInt(to, int64(row), 10)
	if height > 0 {
		to = append(to, `" ht="`...)
		to = strconv.AppendFloat(to, height, 'f', -1, 64)
		to = append(to, `" customHeight="1`...)
	}
	to = append(to, `">`...)
	for i, c := range cells {
		to = append(to, `<c r="`...)
		to = append(to, letters[i]...)
		to = strconv.AppendInt(to, int64(row), 10)
		to = append(to, `" s="`...)
		to = strconv.AppendInt(to, int64(c.style), 10)
		to = appendValue(to, c.value)
	}
	return append(to, `</row>`...)
}

// appendValue appends a cell's value, from the end of its last attribute on. A text is written as
// a text, whatever it begins with.
func appendValue(to []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		if v == "" {
			return append(to, `"/>`...)
		}
		v = safe.Cell(v)
		to = append(to, `" t="inlineStr"><is><t`...)
		if v[0] == ' ' || v[len(v)-1] == ' ' {
			to = append(to, ` xml:space="preserve"`...)
		}
		return append(appendText(append(to, '>'), v), `</t></is></c>`...)
	case int:
		to = strconv.AppendInt(append(to, `"><v>`...), int64(v), 10)
	case int64:
		to = strconv.AppendInt(append(to, `"><v>`...), v, 10)
	case time.Time:
		to = strconv.AppendInt(append(to, `"><v>`...), serial(v), 10)
	default:
		return append(to, `"/>`...)
	}
	return append(to, `</v></c>`...)
}

// serial is the number that the format has for a day.
func serial(t time.Time) int64 {
	y, m, d := t.UTC().Date()
	const beforeUnix = 25569 // days
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()/86400 + beforeUnix
}

// appendText appends a text that was made visible, as XML has it. What the format would take for a
// character that is written out, as _x0041_, stays what it is.
func appendText(to []byte, text string) []byte {
	from := 0
	for i := range len(text) {
		var written string
		switch c := text[i]; {
		case c == '&':
			written = "&amp;"
		case c == '<':
			written = "&lt;"
		case c == '>':
			written = "&gt;"
		case c == '_' && writtenOut(text[i:]):
			written = "_x005F_"
		default:
			continue
		}
		to = append(append(to, text[from:i]...), written...)
		from = i + 1
	}
	return append(to, text[from:]...)
}

// writtenOut reports whether a text begins with a character that is written out.
func writtenOut(text string) bool {
	if len(text) < len("_x0041_") || text[1] != 'x' || text[6] != '_' {
		return false
	}
	_, err := strconv.ParseUint(text[2:6], 16, 16)
	return err == nil
}
