// SPDX-License-Identifier: Apache-2.0

package safe

import "strings"

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
