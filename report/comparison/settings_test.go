// SPDX-License-Identifier: Apache-2.0

package comparison

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
)

// TestSettingsTold: a comparison that tells nothing of a claim means that all that a run says of
// it is as it was, and a policy by which fewer tokens contradict one is milder.
func TestSettingsTold(t *testing.T) {
	run := func(t *rapid.T, label string) *audit.Run {
		run := *reporttest.ClaimedDocument().Runs[0]
		s := audit.SettingResult{
			Setting: audit.SettingMaxLifetime, Value: "90",
			Against: rapid.IntRange(0, 3).Draw(t, label+" against"),
		}
		if days := rapid.IntRange(0, 2).Draw(t, label+" since"); days > 0 {
			s.Since = time.Date(2026, 11, days, 0, 0, 0, 0, time.UTC)
		}
		s.State = audit.StateOf(s.Against, "")
		run.Settings = []audit.SettingResult{s}
		return &run
	}
	rapid.Check(t, func(t *rapid.T) {
		before, now := run(t, "before"), run(t, "now")
		c := &Comparison{Old: before, New: now, Policies: true}
		old, s := &before.Settings[0], &now.Settings[0]
		alike := old.Against == s.Against && old.Since.Equal(s.Since)
		if changes := c.settings(); alike != (len(changes) == 0) {
			t.Fatalf("%+v, then %+v: %d changes", old, s, len(changes))
		}
		shift := c.shift()
		want := same
		if s.Against > old.Against {
			want = stricter
		} else if s.Against < old.Against {
			want = milder
		}
		if got := shift.direction(); got != want {
			t.Fatalf("%d against, then %d: %s", old.Against, s.Against, got)
		}
		if text := shift.String(); (want == same) != strings.Contains(text, "no finding changes") {
			t.Fatal(text)
		}
	})
}
