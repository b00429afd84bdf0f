// SPDX-License-Identifier: Apache-2.0

package view_test

import (
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// TestTally: a failure that a restored run does not hold is a violation.
func TestTally(t *testing.T) {
	run := reporttest.Lasting(func(p *audit.Policy) { p.FailOn = audit.High }).Runs[0]
	for extra, want := range []int{0, 1, 2} {
		for i := range run.Rules {
			if run.Rules[i].Rule.ID == "long-expiration" {
				run.Rules[i].Counts[audit.Fail] = 1 + extra
			}
		}
		c := view.Tally(run)["long-expiration"]
		if c[view.WeightViolation] != want || c[view.WeightBelow] != 1 {
			t.Errorf("%d more: %s", extra, c)
		}
	}
}
