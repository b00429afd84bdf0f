// SPDX-License-Identifier: Apache-2.0

package encode

import (
	"time"

	"github.com/complytime/pataudit/audit"
)

// OrNull returns a value, or null for the zero value, which is unknown.
func OrNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// Instant returns a time of UTC after RFC 3339; null for the zero time, which is unknown or does
// not exist.
func Instant(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.UTC().Format(time.RFC3339Nano)
	return &s
}

// Severity returns a severity's name; null for none.
func Severity(s audit.Severity) *string {
	if s == audit.NoSeverity {
		return nil
	}
	name := s.String()
	return &name
}
