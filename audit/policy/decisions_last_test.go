// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit/policy"
)

// TestWaiversEnd holds that no days of a waiver, however odd, make it last longer than the policy
// lets it.
func TestWaiversEnd(t *testing.T) {
	p, err := policy.Guide(rules())
	if err != nil {
		t.Fatal(err)
	}
	const longest = 90 * 24 * time.Hour // of a finding that is high
	day := rapid.OneOf(
		rapid.SampledFrom([]string{
			"0001-01-01", "0000-01-01", "1969-12-31", "1970-01-01", "9999-12-31",
		}),
		rapid.Custom(func(t *rapid.T) string {
			on := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
			return on.AddDate(0, 0, rapid.IntRange(-200, 200).Draw(t, "days")).Format(time.DateOnly)
		}),
	)
	rapid.Check(t, func(t *rapid.T) {
		text := fmt.Sprintf("version: 1\ndecisions:\n- {token: 1, owner: 1, kind: waive, rule: unused, "+
			"basis: [over 90 days], reach: none, severity: high, reason: a, by: b, on: %s, until: %s}\n",
			day.Draw(t, "on"), day.Draw(t, "until"))
		decisions, err := policy.ParseDecisions("d.yaml", []byte(text), p)
		if err != nil {
			return
		}
		d := decisions[0]
		if lasts := d.Until.Sub(d.On); lasts < 0 || lasts > longest {
			t.Fatalf("%s lasts %v", text, lasts)
		}
	})
}
