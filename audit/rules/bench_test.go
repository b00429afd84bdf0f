// SPDX-License-Identifier: Apache-2.0

package rules_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
)

// BenchmarkEvaluate judges 100,000 varied tokens by every rule.
func BenchmarkEvaluate(b *testing.B) {
	policy, err := (&testCase{}).policy()
	if err != nil {
		b.Fatal(err)
	}
	e := manyTokens(100_000)
	b.ReportAllocs()
	for b.Loop() {
		if run := audit.Evaluate(e, policy, asOf); run.Summary.Tokens != len(e.Tokens) {
			b.Fatal("tokens were left out")
		}
	}
}

// manyTokens makes tokens of which most are ordinary and about one in three breaks a rule.
func manyTokens(n int) *audit.Evidence {
	o := organizationFacts{Repositories: 400}.organization()
	sets := [][]audit.Permission{example{}.permissions()}
	for _, more := range []audit.Permission{
		{Group: "repository", Name: "actions", Level: "read"},
		{Group: "repository", Name: "actions_variables", Level: "read"},
		{Group: "repository", Name: "issues", Level: "write"},
		{Group: "repository", Name: "workflows", Level: "write"},
		{Group: "organization", Name: "members", Level: "read"},
	} {
		sets = append(sets, append(sets[0][:3:3], more))
	}
	e := &audit.Evidence{Organization: o}
	for i := range n {
		member := &audit.Member{ID: int64(i / 5), Login: "someone", Role: audit.RoleMember}
		member.TwoFactor = new(i%97 != 0)
		t := &audit.Token{
			ID: int64(i + 1), TokenID: int64(i + 1), Name: fmt.Sprintf("build-%d", i),
			Owner: member, Selection: audit.SelectSubset, Permissions: sets[0],
			Repositories: o.Repositories[i%300 : i%300+1+i%12], Known: everyFact,
			GrantedAt: asOf.Add(-time.Duration(i%60) * 24 * time.Hour), LastUsedAt: asOf,
		}
		t.ExpiresAt = t.GrantedAt.AddDate(0, 0, 60)
		switch i % 20 {
		case 0:
			t.ExpiresAt = time.Time{}
		case 1:
			t.ExpiresAt = t.GrantedAt.AddDate(1, 0, 0)
		case 2:
			t.Selection = audit.SelectAll
		case 3, 4, 5:
			t.Permissions = sets[i%len(sets)]
		case 6:
			t.LastUsedAt = asOf.AddDate(0, -6, 0)
		}
		e.Tokens = append(e.Tokens, t)
	}
	return e
}
