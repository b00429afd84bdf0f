// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// TestWhyNotAsked holds that a run says of each rule that it did not ask why, and of no other one;
// and that what was skipped by choice is told among what was not seen.
func TestWhyNotAsked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SampledFrom([]audit.Facts{
			0, audit.FactHistory, audit.FactApproval, audit.FactRepositories, audit.FactTwoFactor,
		})
		rule := asking("r", audit.Verdict{Status: audit.Pass}, facts.Draw(t, "needs")|
			facts.Draw(t, "needs, too"))
		rule.Asked = rapid.Bool().Draw(t, "on")
		options := audit.Options{AsOf: noon, Skip: rapid.SampledFrom([]audit.Facts{
			0, audit.FactRepositories,
		}).Draw(t, "skip")}
		if rapid.Bool().Draw(t, "history") {
			options.Memory = &audit.Memory{Earlier: rapid.Bool().Draw(t, "earlier run")}
		}
		e := seen()
		if rapid.Bool().Draw(t, "log") {
			e.Coverage = append(e.Coverage, audit.Coverage{
				Source: audit.SourceAuditLog, Status: audit.Complete,
			})
		}
		run := audit.Evaluate(e, asked(rule), options)
		got := run.Rules[0]
		if got.Asked != (got.NotAsked == "") || got.Counts == (audit.Counts{}) == got.Asked {
			t.Errorf("asked %v, not asked %q, answers %v", got.Asked, got.NotAsked, got.Counts)
		}
		if !rule.Asked && got.NotAsked != audit.RuleOff {
			t.Errorf("the policy does not ask it, and the run says %q", got.NotAsked)
		}
		if (got.NotAsked == audit.Skipped) != slices.ContainsFunc(run.NotSeen, func(g audit.Gap) bool {
			return g.Code == audit.GapSkipped
		}) {
			t.Errorf("not asked %q, not seen %q", got.NotAsked, run.NotSeen)
		}
	})
}
