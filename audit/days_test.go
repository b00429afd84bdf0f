// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

func TestCalendarDays(t *testing.T) {
	at := func(text string) time.Time {
		parsed, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	for _, test := range []struct {
		from, to string
		want     int64
	}{
		{"2026-11-30T06:00:00Z", "2026-11-30T23:59:59.999999999Z", 0},
		{"2026-11-30T23:59:59.999999999Z", "2026-12-01T00:00:00Z", 1},
		{"2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z", 0},
		{"2026-11-30T23:00:00Z", "2026-12-01T01:00:00Z", 1},
		{"2026-12-01T01:00:00Z", "2026-11-30T23:00:00Z", -1},
		{"2026-11-30T23:00:00-05:00", "2026-12-01T23:00:00Z", 0}, // both are on the 1st, in UTC
		{"2024-02-28T12:00:00Z", "2024-03-01T00:00:00Z", 2},
		{"1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", 1},
		{"1969-12-31T00:00:00Z", "1969-12-31T23:59:59Z", 0},
		{"2026-01-01T00:00:00Z", "9999-12-31T00:00:00Z", 2912442},
	} {
		if got := audit.CalendarDays(at(test.from), at(test.to)); got != test.want {
			t.Errorf("from %s to %s: %d, want %d", test.from, test.to, got, test.want)
		}
	}
}

// TestCalendarDaysAreThoseOfDates holds that as many days are counted as dates lie between.
func TestCalendarDaysAreThoseOfDates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seconds := rapid.Int64Range(-2e9, 4e9)
		from, to := time.Unix(seconds.Draw(t, "from"), 0).UTC(), time.Unix(seconds.Draw(t, "to"), 0)
		n := audit.CalendarDays(from, to)
		want := to.UTC().Format(time.DateOnly)
		if got := from.AddDate(0, 0, int(n)).Format(time.DateOnly); got != want {
			t.Errorf("%s and %d days are %s, not %s", from, n, got, want)
		}
	})
}
