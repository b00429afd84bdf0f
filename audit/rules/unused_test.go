// SPDX-License-Identifier: Apache-2.0

package rules_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// TestUnusedInDays: two tokens with the same words have the same answer, at whatever hour one was
// used, and judged.
func TestUnusedInDays(t *testing.T) {
	policy, err := (&testCase{}).policy()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		second := rapid.IntRange(0, 24*60*60-1)
		now := asOf.Add(time.Duration(second.Draw(t, "judged")) * time.Second)
		o := drawOrganization(t)
		one := drawToken(t, o)
		one.LastUsedAt = asOf.AddDate(0, 0, -rapid.IntRange(89, 92).Draw(t, "days")).
			Add(time.Duration(second.Draw(t, "used")) * time.Second)
		one.ExpiresAt = time.Time{}
		e := &audit.Evidence{Organization: o, Tokens: []*audit.Token{one}}
		words := fmt.Sprintf("last used %d days ago", audit.CalendarDays(one.LastUsedAt, now))
		for r := range audit.Evaluate(e, policy, audit.Options{AsOf: now}).Results() {
			for _, f := range r.Findings {
				passes := words == "last used 90 days ago" || words == "last used 89 days ago"
				if f.Rule.Rule.ID == "unused" && (passes && f.Message == words ||
					!passes && !strings.Contains(f.Message, words)) {
					t.Errorf("%s fails, %s", f.Message, now.Sub(one.LastUsedAt))
				}
			}
		}
	})
}
