// SPDX-License-Identifier: Apache-2.0

package audit

import "time"

// CalendarDays counts the midnights from one instant to another, in UTC, as reports show days: one
// from any hour of today to any hour of tomorrow. It is negative if the other one is earlier.
func CalendarDays(from, to time.Time) int64 { return dayNumber(to) - dayNumber(from) }

// dayNumber counts the days since 1970. It counts in Unix seconds: a time.Duration saturates at
// 292 years, and GitHub takes any year up to 9999.
func dayNumber(t time.Time) int64 {
	const perDay = 24 * 60 * 60
	seconds := t.Unix()
	if seconds < 0 {
		seconds -= perDay - 1
	}
	return seconds / perDay
}
