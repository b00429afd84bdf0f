// SPDX-License-Identifier: Apache-2.0

package safe

import "strings"

// HTMLText returns a text that is safe to show in a page of HTML: visible as in [Terminal], since
// a page may be printed to a log, and of a bounded length. The template escapes markup. It is
// idempotent.
func HTMLText(s string) string {
	const most = 2000 // columns
	return Truncate(Terminal(s), most)
}

// JUnitText returns a text that is safe for an attribute or a text of JUnit: visible as in
// [Terminal], which leaves nothing that XML 1.0 forbids, and of a bounded length. The encoder
// escapes markup. It is idempotent.
func JUnitText(s string) string {
	const most = 2000 // columns
	return Truncate(Terminal(s), most)
}

// mostAnnotation is how many columns an annotation of a workflow holds. GitHub shows a few lines
// of one, and drops what is very long.
const mostAnnotation = 600

var (
	annotationText     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	annotationProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A",
		",", "%2C")
)

// Annotation returns a text that is safe as the message of a workflow command, which ends a line.
func Annotation(s string) string {
	return annotationText.Replace(Truncate(Terminal(s), mostAnnotation))
}

// AnnotationTitle returns a text that is safe as the value of a workflow command's property.
func AnnotationTitle(s string) string {
	return annotationProperty.Replace(Truncate(Terminal(s), mostAnnotation))
}
