// SPDX-License-Identifier: Apache-2.0

package view

import (
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
)

// TestHeadline holds that the verdict's sentence names everything that fails a run, whatever else
// fails it.
func TestHeadline(t *testing.T) {
	const claim = `the claim "approval: required" is contradicted`
	const requests = "1 pending request breaks the policy"
	for at := range 16 {
		run := &audit.Run{Organization: &audit.Organization{}, Policy: audit.PolicyName{}}
		f, want := &Figures{}, []string{}
		if at&1 != 0 {
			run.Summary.Tokens, run.Summary.Active, run.Summary.Violating = 1, 1, 1
			want = append(want, "1 of 1 token breaks the policy")
		}
		if at&2 != 0 {
			run.Settings = []audit.SettingResult{{
				Setting: audit.SettingApproval, Value: "required", State: audit.SettingContradicted,
			}}
			want = append(want, claim)
		}
		if at&4 != 0 {
			run.Policy.FailOnOverdue, run.Summary.Overdue = true, 1
			want = append(want, "overdue")
		}
		if at&8 != 0 {
			run.Policy.FailOnRequests, run.Summary.RequestsViolating = true, 1
			want = append(want, requests)
		}
		text := Headline(run, f)
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("case %d: %q lacks %q", at, text, part)
			}
		}
	}
}
