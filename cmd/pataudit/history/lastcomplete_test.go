// SPDX-License-Identifier: Apache-2.0

package history

import (
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit/history"
)

// TestCheckClock holds that a run is young, old, or from the future, which tells of no run at all.
func TestCheckClock(t *testing.T) {
	now := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	for age, want := range map[time.Duration]string{
		0: "ok    acme:", 8 * 24 * time.Hour: "ok    acme:", 9 * 24 * time.Hour: "LATE  acme:",
		-4 * time.Minute: "ok    acme:", -6 * time.Minute: "AHEAD  acme:", -9e16: "AHEAD  acme:",
	} {
		run := history.Run{Number: 1, Complete: true, AsOf: now.Add(-age), CollectedAt: now.Add(-age)}
		run.Organization.Login = "acme"
		s := &soundCheck{age: 8 * 24 * time.Hour, now: now}
		s.findLast([]history.Run{run}, nil)
		if !strings.HasPrefix(s.lines[0], want) || (s.late+s.ahead == 0) != (want[0] == 'o') {
			t.Errorf("%v: %q, want %q", age, s.lines[0], want)
		}
	}
}
