// SPDX-License-Identifier: Apache-2.0

package words

import (
	"fmt"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// TestDaysTurnAtMidnight holds that whatever says how far away a day is agrees with the dates that
// are shown, which are in UTC: it is today until midnight, and tomorrow from then on.
func TestDaysTurnAtMidnight(t *testing.T) {
	midnight := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	lastSecond := midnight.Add(-time.Second)
	known := audit.FactExpiry | audit.FactLastUsed
	for _, test := range []struct {
		asOf, at time.Time
		date     string // of a card
		soon     string // of an expiry
		used     string
	}{
		{lastSecond.Add(-time.Hour), lastSecond, "2026-11-30, today", "today", "today"},
		{midnight.Add(-18 * time.Hour), midnight, "2026-12-01, in 1 day", "1 d", "?"},
		{lastSecond, midnight, "2026-12-01, in 1 day", "1 d", "?"},
		{midnight, midnight, "2026-12-01, today", "today", "today"},
		{midnight, midnight.Add(24*time.Hour - time.Second), "2026-12-01, today", "today", "today"},
		{midnight, midnight.Add(24 * time.Hour), "2026-12-02, in 1 day", "1 d", "?"},
		{midnight, lastSecond, "2026-11-30, 1 day ago", "", "1 d"},
		{midnight.Add(23 * time.Hour), lastSecond, "2026-11-30, 1 day ago", "", "1 d"},
		{midnight.Add(24 * time.Hour), lastSecond, "2026-11-30, 2 days ago", "", "2 d"},
		{
			midnight, time.Date(2026, 11, 30, 23, 0, 0, 0, time.FixedZone("", -5*60*60)),
			"2026-12-01, today", "today", "today", // it is the 1st in UTC
		},
	} {
		token := &audit.Token{ExpiresAt: test.at, LastUsedAt: test.at, Known: known}
		if got := Ago(view.Expires(token), test.asOf); got != test.date {
			t.Errorf("%v as of %v: %q, want %q", test.at, test.asOf, got, test.date)
		}
		if got := ExpiresText(token, test.asOf); test.soon != "" && got != test.soon {
			t.Errorf("%v as of %v: %q, want %q", test.at, test.asOf, got, test.soon)
		}
		if got := Used(token, test.asOf); got != test.used {
			t.Errorf("%v as of %v: used %q, want %q", test.at, test.asOf, got, test.used)
		}
		request := &audit.Request{CreatedAt: test.at}
		n := max(0, audit.CalendarDays(test.at, test.asOf))
		if got := Waiting(request, test.asOf); got != fmt.Sprintf("%d d", n) {
			t.Errorf("%v as of %v: waits %q, not %d d", test.at, test.asOf, got, n)
		}
		late := &audit.Finding{Due: test.at, Overdue: test.asOf.After(test.at)}
		want := ""
		if late.Overdue {
			want = "late: "
			if n > 0 {
				want = fmt.Sprintf("%d d late: ", n)
			}
		}
		if got := Age(&audit.Run{AsOf: test.asOf}, late); got != want {
			t.Errorf("%v as of %v: %q, want %q", test.at, test.asOf, got, want)
		}
	}
}
