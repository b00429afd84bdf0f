// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"fmt"
	"slices"
	"strings"
)

// List returns words joined as a sentence does, with a word before the last: "a, b or c".
func List(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + " " + last + " " + words[n]
}

// Around returns a text between two others; "" if the text is empty.
func Around(before, text, after string) string {
	if text == "" {
		return ""
	}
	return before + text + after
}

// Plural returns a count with its noun: "1 token", "2 repositories".
func Plural(n int, noun string) string { return fmt.Sprintf("%d %s", n, Noun(n, noun)) }

// Counted returns a count with what it is of, which reads alike for one and for several: "3 gone".
// It is "" for none.
func Counted(n int, what string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d %s", n, what)
}

// Join joins the texts that are not empty. It moves them to the front of a slice it is given.
func Join(separator string, texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), separator)
}

// Form returns the form of a word that agrees with a count: that of one, or of any other number.
func Form(n int, one, several string) string {
	if n == 1 {
		return one
	}
	return several
}

// Noun returns a noun as it reads after a number of its things.
func Noun(n int, noun string) string {
	if n == 1 {
		return noun
	}
	if stem, ok := strings.CutSuffix(noun, "ry"); ok {
		return stem + "ries"
	}
	return noun + "s"
}
