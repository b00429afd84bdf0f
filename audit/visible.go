// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"unicode"
	"unicode/utf8"
)

// lookAlikes are runes that Unicode counts as graphic and that show as nothing, as a blank, or as
// something far wider than its cell.
var lookAlikes = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x034f, Hi: 0x034f, Stride: 1}, // combining grapheme joiner
	{Lo: 0x115f, Hi: 0x1160, Stride: 1}, // Hangul fillers
	{Lo: 0x17b4, Hi: 0x17b5, Stride: 1}, // Khmer inherent vowels
	{Lo: 0x2800, Hi: 0x2800, Stride: 1}, // the empty Braille pattern
	{Lo: 0x3164, Hi: 0x3164, Stride: 1}, // Hangul filler
	{Lo: 0xfdfd, Hi: 0xfdfd, Stride: 1}, // a whole sentence in one character
	{Lo: 0xffa0, Hi: 0xffa0, Stride: 1}, // Hangul filler, half width
}, R32: []unicode.Range32{
	{Lo: 0x13441, Hi: 0x13446, Stride: 1}, // Egyptian blanks and lost signs
	{Lo: 0x16fe4, Hi: 0x16fe4, Stride: 1}, // Khitan filler
	{Lo: 0x1d159, Hi: 0x1d159, Stride: 1}, // a note without a head
}}

// Visible reports whether people see a rune for what it is: it is on the whitelist of graphic
// runes, and no look-alike of nothing. Of all spaces only the plain one is.
func Visible(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= ' ' && r != 0x7f
	}
	return unicode.IsGraphic(r) && !unicode.Is(unicode.Zs, r) && !unicode.Is(lookAlikes, r) &&
		!unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}
