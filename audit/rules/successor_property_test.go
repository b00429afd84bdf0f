// SPDX-License-Identifier: Apache-2.0

package rules_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// aboutOwner are the rules that settings of a token do not mend.
var aboutOwner = []string{"owner-not-member", "owner-without-2fa", "unreviewed-token"}

// TestSuccessorsAreClean: whatever a token is, what is proposed in its place passes, and every
// permission that passes by itself stays.
func TestSuccessorsAreClean(t *testing.T) {
	policies := successorPolicies(t)
	rapid.Check(t, func(t *rapid.T) {
		var policy *audit.Policy
		if i := rapid.IntRange(0, 2*len(policies)-1).Draw(t, "policy"); i < len(policies) {
			policy = policies[i]
		} else {
			policy = drawPolicy(t)
		}
		unknown := audit.Facts(rapid.Uint16Range(0, 1<<10-1).Draw(t, "unknown")) &
			audit.Facts(rapid.Uint16Range(0, 1<<10-1).Draw(t, "and also unknown"))
		e := drawSubject(t)(unknown)
		if rapid.Bool().Draw(t, "all else as it should be") {
			e.Organization = drawOrganization(t)
			one := drawToken(t, e.Organization)
			if e.Tokens, e.Requests = []*audit.Token{one}, nil; rapid.Bool().Draw(t, "no list") {
				one.Repositories, one.Known = nil, one.Known&^audit.FactRepositories
			}
		}
		policy = waiving(t, e, policy)
		run := audit.Evaluate(e, policy, audit.Options{AsOf: asOf})
		for _, results := range []func(func(*audit.Result) bool){run.Results(), run.Requests()} {
			for r := range results {
				checkSuccessors(t, e, policy, r)
			}
		}
	})
}

// checkSuccessors holds what is proposed against the rules, and against what the token held.
func checkSuccessors(t *rapid.T, e *audit.Evidence, policy *audit.Policy, r *audit.Result) {
	proposed := r.Successors()
	failing := func(one *audit.Token) []string { return failingAlone(e.Organization, policy, one) }
	kept := map[audit.Permission]bool{}
	for _, s := range proposed {
		one := *s.Token
		if s.MaxDays > 0 {
			one.ExpiresAt = asOf.AddDate(0, 0, s.MaxDays)
		}
		choose(t, e.Organization, s, &one)
		rules := failing(&one)
		if !slices.Equal(rules, s.StillFails) {
			t.Errorf("%q fail %s on %q, not %q", rules, successorText(s), namesOf(one.Repositories),
				s.StillFails)
		}
		anew := one
		anew.TokenID = 99
		for _, rule := range failing(&anew) {
			if !slices.Contains(rules, rule) && !slices.Contains(s.NeedsWaivers, rule) {
				t.Errorf("%s fails %s as another token, and no waiver is said to be needed",
					rule, successorText(s))
			}
		}
		for _, rule := range rules {
			if !slices.Contains(aboutOwner, rule) {
				t.Errorf("%s fails %s", rule, successorText(s))
			}
		}
		for _, p := range one.Permissions {
			kept[p] = true
		}
	}
	if len(proposed) == 0 {
		for _, f := range r.Findings {
			if r.Token.Known.Has(audit.FactPermissions) && // else no reach may be known to pass
				f.Status == audit.Fail && f.Rule.Rule.Mending != audit.MendElsewhere &&
				f.Rule.Rule.Mending != audit.MendByReviewers {
				t.Errorf("nothing is proposed, though %s fails", f.Rule.Rule.ID)
			}
		}
		return
	}
	for _, p := range r.Token.Permissions {
		if !r.Token.Known.Has(audit.FactPermissions) || kept[p] {
			continue
		}
		with, without := *proposed[0].Token, *proposed[0].Token
		with.Permissions, without.Permissions = []audit.Permission{p}, nil
		passes := len(failing(&with)) == len(failing(&without))
		if !with.Known.Has(audit.FactRepositories) { // on any that may be chosen
			with.Known |= audit.FactRepositories
			without.Known |= audit.FactRepositories
			passes = slices.ContainsFunc(e.Organization.Repositories, func(r *audit.Repository) bool {
				with.Repositories = []*audit.Repository{r}
				without.Repositories = with.Repositories
				return len(failing(&with)) == len(failing(&without))
			})
		}
		if passes {
			t.Errorf("%s is left out of %s, and no rule fails it", p, successorText(proposed[0]))
		}
	}
}

// waiving is a policy with waivers of some of what fails of the tokens.
func waiving(t *rapid.T, e *audit.Evidence, policy *audit.Policy) *audit.Policy {
	if !rapid.Bool().Draw(t, "waivers") {
		return policy
	}
	with := *policy
	with.Decisions = slices.Clone(policy.Decisions)
	for r := range audit.Evaluate(e, policy, audit.Options{AsOf: asOf}).Results() {
		for _, f := range r.Findings {
			if f.Status != audit.Fail || r.Token.Owner == nil || !rapid.Bool().Draw(t, "waived") {
				continue
			}
			with.Decisions = append(with.Decisions, &audit.Decision{
				TokenID: r.Token.TokenID, OwnerID: r.Token.Owner.ID, Kind: audit.Waive,
				Rule: f.Rule.Rule.ID, Severity: audit.Critical, Basis: f.Basis,
				Reach: audit.ReachOf(r.Token), On: asOf.Add(-day), Until: asOf.Add(30 * day),
			})
		}
	}
	return &with
}

// choose gives a successor repositories such as its owner may choose.
func choose(t *rapid.T, o *audit.Organization, s *audit.Successor, one *audit.Token) {
	pool, most := one.Repositories, s.MaxRepositories
	if one.Selection == audit.SelectSubset && !one.Known.Has(audit.FactRepositories) {
		for _, r := range o.Repositories {
			if public := r.Visibility == audit.VisibilityPublic; !slices.Contains(s.LeftOut, r) &&
				(s.Visibility == "" || s.Visibility == audit.VisibilityPublic == public) {
				pool = append(pool, r)
			}
		}
		one.Known |= audit.FactRepositories
	} else if most == 0 {
		return
	}
	if most == 0 {
		most = len(pool)
	}
	one.Repositories = someOf(t, pool, min(1, len(pool)), min(most, len(pool)))
}

func namesOf(repositories []*audit.Repository) (names []string) {
	for _, r := range repositories {
		names = append(names, r.Name)
	}
	return names
}

// failingAlone returns the rules that fail a token, or that limit its life and cannot tell.
func failingAlone(o *audit.Organization, p *audit.Policy, one *audit.Token) (rules []string) {
	alone := &audit.Evidence{Organization: o, Tokens: []*audit.Token{one}}
	for r := range audit.Evaluate(alone, p, audit.Options{AsOf: asOf}).Results() {
		for _, f := range r.Findings {
			_, limits := f.Rule.Checker.(audit.LifeLimit)
			if f.Status == audit.Fail || f.Status == audit.Indeterminate && limits {
				rules = append(rules, f.Rule.Rule.ID)
			}
		}
	}
	return rules
}

// successorPolicies are the default one, and some that ask otherwise.
func successorPolicies(t *testing.T) (policies []*audit.Policy) {
	for _, c := range []*testCase{
		{},
		{Off: []string{"all-repositories", "unknown-permission", "long-expiration"}},
		{Params: map[string]map[string]any{
			"protected-repository": {"repositories": []string{"infra", "r1*"}},
			"long-expiration":      {"max_days": 7},
			"broad-selection":      {"max_repositories": 3, "percent": 10},
			"excess-write":         {"allow": []string{"contents"}},
		}},
		{Params: map[string]map[string]any{"protected-repository": {"repositories": []string{"*"}}}},
		{Off: []string{"no-expiration"}, Params: map[string]map[string]any{
			"excess-write": {"allow": []string{
				"contents", "pull_requests", "issues", "workflows", "pages", "actions", "secrets",
				"organization:members",
			}},
			"toxic-permissions": {"combinations": []map[string]any{
				{
					"id": "one", "needs": []string{"contents:write", "workflows:write"},
					"severity": "high", "reason": "x",
				},
				{
					"id": "two", "needs": []string{"contents:write", "actions:write"},
					"severity": "high", "reason": "x",
				},
				{
					"id": "three", "needs": []string{"workflows:write", "actions:read"},
					"severity": "high", "reason": "x",
				},
			}},
			"broad-selection": {"max_repositories": 0},
		}},
	} {
		policy, err := c.policy()
		if err != nil {
			t.Fatal(err)
		}
		policies = append(policies, policy)
	}
	return append(policies, overridingPolicy(t))
}

// overridingPolicy judges some tokens more strictly, and some as if a waiver accepted a right.
func overridingPolicy(t *testing.T) *audit.Policy {
	policy, err := (&testCase{}).policy()
	if err != nil {
		t.Fatal(err)
	}
	strict, err := (&testCase{
		Off: []string{"unreviewed-token"},
		Params: map[string]map[string]any{
			"long-expiration": {"max_days": 14}, "excess-write": {"allow": []string{"pull_requests"}},
		},
	}).policy()
	if err != nil {
		t.Fatal(err)
	}
	for i := range strict.Rules {
		strict.Rules[i].Asked = policy.Rules[i].Asked
	}
	policy.Overrides = []audit.Override{
		{Name: "owner", When: audit.Condition{
			Owners: []audit.Account{{ID: 1}}, Repositories: []string{"docs"},
		}, Rules: strict.Rules},
		{Name: "name", When: audit.Condition{Names: []string{"test*"}}, Rules: strict.Rules},
	}
	policy.Decisions = []*audit.Decision{{
		TokenID: 1, OwnerID: 1, Kind: audit.Waive, Rule: "toxic-permissions",
		Severity: audit.Critical, On: asOf.Add(-day), Until: asOf.Add(30 * day),
		Basis: []string{"repository:contents:write", "repository:workflows:write", "write-ci"},
	}}
	return policy
}

// TestSuccessorsByOverrides holds that a draft is asked every rule of the policy and of overrides
// that judge beside it, whichever of them fails it first.
func TestSuccessorsByOverrides(t *testing.T) {
	o := (&testCase{}).Organization.organization()
	one, err := (&testCase{}).Token.token(o)
	if err != nil {
		t.Fatal(err)
	}
	one.Name = "test-1"
	one.Permissions = []audit.Permission{
		{Group: audit.GroupRepository, Name: "contents", Level: audit.LevelWrite},
		{Group: audit.GroupRepository, Name: "pull_requests", Level: audit.LevelWrite},
	}
	e := &audit.Evidence{Organization: o, Tokens: []*audit.Token{one}}
	run := audit.Evaluate(e, overridingPolicy(t), audit.Options{AsOf: asOf})
	var got []string
	for r := range run.Results() {
		got = successorTexts(r.Successors())
	}
	want := []string{
		"contents:write pull_requests:write; subset, at most 6, private; 14 days",
		"contents:write pull_requests:write; subset, at most 6, public, not docs; 14 days",
	}
	if !slices.Equal(got, want) {
		t.Errorf("proposed %q; want %q", got, want)
	}
}
