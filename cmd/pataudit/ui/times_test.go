// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"testing"
	"time"
)

func TestParseAge(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"8d": 8 * day, "36h": 36 * time.Hour, "2w": 14 * day, "400d": 400 * day,
		"": 0, "d": 0, "8": 0, "0d": 0, "-1d": 0, "+1d": 0, "8D": 0, "1.5d": 0, "8 d": 0, "1y": 0,
		"9223372036854775807w": 0, "99999999999d": 0, "8m": 0,
	} {
		got, err := ParseAge(text)
		if got != want || (err == nil) != (want != 0) {
			t.Errorf("%q: %v, %v, want %v", text, got, err, want)
		}
	}
}

// TestParseTime holds that no text but an empty one is read as the zero time, which stands for
// what is not said.
func TestParseTime(t *testing.T) {
	if at, err := ParseTime(""); err != nil || !at.IsZero() {
		t.Errorf("%v, %v", at, err)
	}
	if at, err := ParseTime("1970-01-01"); err != nil || at.Unix() != 0 {
		t.Errorf("%v, %v", at, err)
	}
	for _, text := range []string{
		"0001-01-01", "0001-01-01T00:00:00Z", "0001-01-01T01:00:00+01:00", "0000-12-31",
		"1969-12-31T23:59:59Z", "1970-01-01T00:00:00+01:00", "2026-13-01", "now", "0",
	} {
		if at, err := ParseTime(text); err == nil {
			t.Errorf("%q: %v", text, at)
		}
	}
}
