// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/complytime/pataudit/report/safe"
)

// firstYear is before all that is asked about. The zero time stands for what is not said.
const firstYear = 1970

// ParseTime reads a date, which begins at midnight UTC, or an instant. An empty text is zero.
func ParseTime(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil && at.UTC().Year() < firstYear {
			return at, fmt.Errorf("%q is too long ago: no time before %d can be meant", text, firstYear)
		} else if err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is neither a date (2026-11-22) nor RFC 3339", text)
}

// ageUnits are those of an age; a month has no fixed length.
var ageUnits = map[byte]time.Duration{'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}

// ParseAge reads "8d", "36h" or "2w".
func ParseAge(text string) (time.Duration, error) {
	const most = 100 * 366 * 24 * time.Hour
	wrong := fmt.Errorf("%q is no age: 8d, 36h or 2w", text)
	if text == "" {
		return 0, wrong
	}
	unit := ageUnits[text[len(text)-1]]
	n, err := strconv.ParseInt(text[:len(text)-1], 10, 64)
	if err != nil || unit == 0 || n <= 0 || strings.HasPrefix(text, "+") ||
		n > int64(most/unit) {
		return 0, wrong
	}
	return time.Duration(n) * unit, nil
}

// AgeWords returns how long ago something was.
func AgeWords(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Hour:
		return "less than an hour"
	case d < 2*day:
		return safe.Plural(int(d/time.Hour), "hour")
	}
	return safe.Plural(int(d/day), "day")
}
