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
