// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestAnnotation holds that a runner reads back what a terminal would show, and that no text ends
// a property, a command or a line.
func TestAnnotation(t *testing.T) {
	ofText := strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%")
	ofTitle := strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
	pieces := rapid.SliceOf(rapid.SampledFrom([]string{
		"%", "%0D", "%0a", "%3A", "%2C", "%25", ":", "::", ",", "title=", "\r\n", "a", "é",
	}))
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(pieces, func(all []string) string {
			return strings.Join(all, "")
		})).Draw(t, "text")
		want := Truncate(Terminal(s), mostAnnotation)
		text, title := Annotation(s), AnnotationTitle(s)
		if got := ofText.Replace(text); got != want || strings.ContainsAny(text, "\r\n") {
			t.Fatalf("text %q of %q is read as %q", text, s, got)
		}
		if got := ofTitle.Replace(title); got != want || strings.ContainsAny(title, "\r\n:,") {
			t.Fatalf("title %q of %q is read as %q", title, s, got)
		}
	})
}
