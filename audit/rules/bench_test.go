// SPDX-License-Identifier: Apache-2.0

package rules_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
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
		run := audit.Evaluate(e, policy, audit.Options{AsOf: asOf})
		if run.Summary.Tokens != len(e.Tokens) {
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

// BenchmarkEvaluatePolicy judges them by a policy that has grown old: 20 overrides, 500 waivers
// and 5,000 debts. It is to stay under 1.5 s.
func BenchmarkEvaluatePolicy(b *testing.B) {
	policy, err := (&testCase{}).policy()
	if err != nil {
		b.Fatal(err)
	}
	e := manyTokens(100_000)
	policy.Overrides = manyOverrides(policy, 20)
	until := asOf.AddDate(0, 1, 0)
	policy.Baseline = &audit.Baseline{}
	for result := range audit.Evaluate(e, policy, audit.Options{AsOf: asOf}).Results() {
		for _, f := range result.Findings {
			switch {
			case f.Status != audit.Fail:
			case len(policy.Decisions) < 500 && result.Token.ID%7 == 0:
				policy.Decisions = append(policy.Decisions, &audit.Decision{
					TokenID: result.Token.TokenID, OwnerID: result.Token.Owner.ID, Kind: audit.Waive,
					Rule: f.Rule.Rule.ID, Basis: f.Basis, Severity: f.Severity, Until: until,
					Reach: audit.ReachOf(result.Token),
				})
			case len(policy.Baseline.Debts) < 5000:
				policy.Baseline.Debts = append(policy.Baseline.Debts, audit.Debt{
					Kind: audit.KindGrant, ID: result.Token.ID, Rule: f.Rule.Rule.ID,
					Basis: f.Basis, Severity: f.Severity, Until: until,
					Reach: audit.ReachOf(result.Token),
				})
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		run := audit.Evaluate(e, policy, audit.Options{AsOf: asOf})
		if run.Summary.Findings[audit.Waived] != 500 || run.Debt.Left != 5000 {
			b.Fatalf("%+v, %+v", run.Summary, run.Debt)
		}
	}
}

// manyOverrides makes overrides of every kind of condition, of which most match few tokens.
func manyOverrides(p *audit.Policy, n int) (overrides []audit.Override) {
	for i := range n {
		var when audit.Condition
		switch i % 5 {
		case 0:
			when.Owners = []audit.Account{{ID: int64(i)}, {ID: int64(1000 + i)}}
		case 1:
			when.Repositories = []string{fmt.Sprintf("r1%d*", i), "release-keys"}
		case 2:
			when.Permissions = []string{"organization:members:read", "administration:write"}
		case 3:
			when.Names = []string{fmt.Sprintf("build-%d*", i), "release-*"}
		case 4:
			when.Tokens = []int64{int64(i), int64(100 * i), int64(1000 * i)}
		}
		overrides = append(overrides, audit.Override{
			Name: fmt.Sprintf("override-%d", i), When: when, Rules: slices.Clone(p.Rules),
		})
	}
	return overrides
}

// BenchmarkEvaluateAll judges 20,000 tokens that reach all of 5,000 repositories, by 20 overrides
// of repositories.
func BenchmarkEvaluateAll(b *testing.B) {
	policy, err := (&testCase{}).policy()
	if err != nil {
		b.Fatal(err)
	}
	e := manyTokens(20_000)
	e.Organization = organizationFacts{Repositories: 5000}.organization()
	for _, t := range e.Tokens {
		t.Selection, t.Repositories = audit.SelectAll, nil
	}
	for i := range 20 {
		policy.Overrides = append(policy.Overrides, audit.Override{
			Name: fmt.Sprintf("override-%d", i), Rules: slices.Clone(policy.Rules),
			When: audit.Condition{Repositories: []string{fmt.Sprintf("*-secret-%d", i)}},
		})
	}
	b.ReportAllocs()
	for b.Loop() {
		audit.Evaluate(e, policy, audit.Options{AsOf: asOf})
	}
}

// BenchmarkGuide reads the guide's policy, as each command that judges does first.
func BenchmarkGuide(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := policy.Guide(rules.All); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDiff compares two runs of 100,000 tokens, one in ten of which changed.
func BenchmarkDiff(b *testing.B) {
	policy, err := (&testCase{}).policy()
	if err != nil {
		b.Fatal(err)
	}
	old, later := manyTokens(100_000), manyTokens(100_000)
	for i := 0; i < len(later.Tokens); i += 10 {
		later.Tokens[i].Selection = audit.SelectAll
	}
	before := audit.Evaluate(old, policy, audit.Options{AsOf: asOf})
	after := audit.Evaluate(later, policy, audit.Options{AsOf: asOf})
	b.ReportAllocs()
	for b.Loop() {
		if n := len(audit.Diff(before, after)); n < len(later.Tokens)/20 {
			b.Fatalf("%d differences", n)
		}
	}
}
