// SPDX-License-Identifier: Apache-2.0

package words

import (
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
)

// TestWhyNotCompared holds why a rule that compares with an earlier run was not asked.
func TestWhyNotCompared(t *testing.T) {
	rule := audit.PolicyRule{Rule: &audit.Rule{
		ID: "widened", Needs: audit.FactHistory | audit.FactRepositories,
	}, Asked: true}
	for _, c := range []struct {
		memory *audit.Memory
		skip   audit.Facts
		want   string
	}{
		{nil, 0, "no history"},
		{nil, audit.FactRepositories, "no history"},
		{&audit.Memory{}, 0, "no earlier run"},
		{
			&audit.Memory{Earlier: true, Last: audit.Evaluate(
				reporttest.WeekAgo(), reporttest.Policy(), reporttest.Options)},
			audit.FactRepositories,
			"repository lists were not asked for",
		},
	} {
		p := &audit.Policy{Rules: []audit.PolicyRule{rule}}
		run := audit.Evaluate(reporttest.Violating(), p,
			audit.Options{AsOf: reporttest.AsOf, Memory: c.memory, Skip: c.skip})
		if got := WhyNotAsked(&run.Rules[0]); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
