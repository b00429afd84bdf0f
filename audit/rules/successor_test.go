// SPDX-License-Identifier: Apache-2.0

package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// successors judges a case's token, once it is changed, and gives what is proposed in its place.
func (c *testCase) successors(
	t *testing.T, change func(*audit.Token, *audit.Organization),
) (proposed []*audit.Successor) {
	t.Helper()
	policy, err := c.policy()
	if err != nil {
		t.Fatal(err)
	}
	o := c.Organization.organization()
	one, err := c.Token.token(o)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(one, o)
	}
	e := &audit.Evidence{Organization: o, Tokens: []*audit.Token{one}}
	for r := range audit.Evaluate(e, policy, asOf).Results() {
		proposed = append(proposed, r.Successors()...)
	}
	return proposed
}

func successorTexts(proposed []*audit.Successor) (texts []string) {
	for _, s := range proposed {
		texts = append(texts, successorText(s))
	}
	return texts
}

// successorText words what is proposed: permissions, selection, how many repositories, days.
func successorText(s *audit.Successor) string {
	var parts []string
	for _, p := range s.Token.Permissions {
		parts = append(parts, strings.TrimPrefix(p.String(), "repository:"))
	}
	text := strings.Join(parts, " ") + "; " + string(s.Token.Selection)
	for _, r := range s.Token.Repositories {
		text += " " + strings.TrimPrefix(r.Name, "complytime/")
	}
	if s.MaxRepositories > 0 {
		text += fmt.Sprintf(", at most %d", s.MaxRepositories)
	}
	if s.Visibility != "" {
		text += ", " + s.Visibility
	}
	return text + fmt.Sprintf("; %d days", s.MaxDays)
}

func repositoryRights(rights ...string) map[string]map[string]string {
	all := map[string]map[string]string{"repository": {}}
	for _, right := range rights {
		parts := strings.Split(right, ":")
		if len(parts) == 2 {
			parts = append([]string{"repository"}, parts...)
		}
		if all[parts[0]] == nil {
			all[parts[0]] = map[string]string{}
		}
		all[parts[0]][parts[1]] = parts[2]
	}
	return all
}

func TestSuccessors(t *testing.T) {
	allow := func(names ...string) map[string]map[string]any {
		return map[string]map[string]any{"excess-write": {"allow": names}}
	}
	for name, test := range map[string]struct {
		rights []string
		params map[string]map[string]any
		off    []string
		change func(*audit.Token, *audit.Organization)
		want   []string
	}{
		"nothing is wrong": {rights: []string{"contents:write", "metadata:read"}},
		"workflows cannot be read": {
			rights: []string{"contents:write", "metadata:read", "workflows:write"},
			want:   []string{"contents:write metadata:read; subset complyctl; 90 days"},
		},
		"administration is read only": {
			rights: []string{"administration:write", "contents:write", "metadata:read"},
			want: []string{
				"administration:read contents:write metadata:read; subset complyctl; 90 days",
			},
		},
		"what is secret by nature is not even read": {
			rights: []string{
				"organization:organization_administration:write", "pull_requests:write",
				"secret_scanning_alerts:write",
			},
			want: []string{"pull_requests:write; subset complyctl; 90 days"},
		},
		"two rights that the policy allows, but not in one token": {
			rights: []string{"contents:write", "issues:write", "metadata:read", "workflows:write"},
			params: allow("contents", "issues", "workflows"),
			want: []string{
				"contents:write issues:write metadata:read; subset complyctl; 90 days",
				"issues:write metadata:read workflows:write; subset complyctl; 90 days",
			},
		},
		"private and public": {
			rights: []string{"contents:write", "metadata:read"},
			change: func(t *audit.Token, o *audit.Organization) { t.Repositories = o.Repositories[7:10] },
			want: []string{
				"contents:write metadata:read; subset infra platform, private; 90 days",
				"contents:write metadata:read; subset website, public; 90 days",
			},
		},
		"a protected repository": {
			rights: []string{"contents:write"},
			params: map[string]map[string]any{
				"protected-repository": {"repositories": []string{"docs"}},
			},
			change: func(t *audit.Token, o *audit.Organization) { t.Repositories = o.Repositories[2:5] },
			want:   []string{"contents:write; subset complyctl complypack; 90 days"},
		},
		"protected repositories alone": {
			rights: []string{"contents:write"},
			params: map[string]map[string]any{
				"protected-repository": {"repositories": []string{"complyctl"}},
			},
			want: []string{"contents:read; subset complyctl; 90 days"},
		},
		"too many": {
			rights: []string{"contents:write"},
			change: func(t *audit.Token, o *audit.Organization) { t.Repositories = o.Repositories[:7] },
			want: []string{"contents:write; subset .github community complyctl complypack docs gemara " +
				"oscal, at most 6; 90 days"},
		},
		"all": {
			rights: []string{"contents:write"},
			change: func(t *audit.Token, _ *audit.Organization) {
				t.Selection, t.Repositories = audit.SelectAll, nil
			},
			want: []string{
				"contents:write; subset, at most 6, private; 90 days",
				"contents:write; subset, at most 6, public; 90 days",
			},
		},
		"all, where that is allowed": {
			rights: []string{"metadata:read", "secrets:write"},
			off:    []string{"all-repositories"},
			change: func(t *audit.Token, _ *audit.Organization) {
				t.Selection, t.Repositories = audit.SelectAll, nil
			},
			want: []string{"metadata:read secrets:read; all; 90 days"},
		},
		"no limit on the life": {
			rights: []string{"secrets:write"},
			off:    []string{"long-expiration"},
			want:   []string{"secrets:read; subset complyctl; 0 days"},
		},
		"expired": {
			rights: []string{"contents:write", "workflows:write"},
			change: func(t *audit.Token, _ *audit.Organization) {
				t.Expired, t.ExpiresAt = true, time.Time{}
			},
			want: []string{"contents:write; subset complyctl; 90 days"},
		},
		"nothing but the owner": {
			rights: []string{"contents:write"},
			change: func(t *audit.Token, _ *audit.Organization) { t.Owner.TwoFactor = new(false) },
		},
		"permissions that are not known": {
			change: func(t *audit.Token, _ *audit.Organization) {
				t.Selection, t.Repositories, t.Permissions = audit.SelectAll, nil, nil
				t.Known &^= audit.FactPermissions
			},
			want: []string{"; subset, at most 6; 90 days"},
		},
		"a name that GitHub did not document": {
			rights: []string{"contents:write", "moon:read"},
			want:   []string{"contents:write; subset complyctl; 90 days"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := &testCase{
				Token: newExample(), Params: test.params, Off: append(test.off, "unreviewed-token"),
			}
			c.Token.Permissions = repositoryRights(test.rights...)
			if got := successorTexts(c.successors(t, test.change)); !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

// TestSuccessorsAreNamed: a name that a rule refuses gets another one, which says what it is for.
func TestSuccessorsAreNamed(t *testing.T) {
	c := &testCase{Token: newExample()}
	c.Token.Name = "test"
	if s := c.successors(t, nil); len(s) != 1 || s[0].Token.Name != "complyctl-contents" {
		t.Errorf("proposes %s", successorTexts(s))
	}
	c.Params = map[string]map[string]any{"undescriptive-name": {"require": "^team-"}}
	if s := c.successors(t, nil); len(s) != 1 || s[0].Token.Name != "test" {
		t.Errorf("proposes %s, a name that does not pass", successorTexts(s))
	}
}

// aboutOwner are the rules that settings of a token do not mend.
var aboutOwner = []string{"owner-not-member", "owner-without-2fa", "privileged-owner",
	"unreviewed-token"}

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
			e.Tokens, e.Requests = []*audit.Token{drawToken(t, e.Organization)}, nil
		}
		run := audit.Evaluate(e, policy, asOf)
		for _, results := range []func(func(*audit.Result) bool){run.Results(), run.Requests()} {
			for r := range results {
				checkSuccessors(t, e, policy, r)
			}
		}
	})
}

func checkSuccessors(t *rapid.T, e *audit.Evidence, policy *audit.Policy, r *audit.Result) {
	proposed := r.Successors()
	failing := func(one *audit.Token) (rules []string) {
		alone := &audit.Evidence{Organization: e.Organization, Tokens: []*audit.Token{one}}
		for r := range audit.Evaluate(alone, policy, asOf).Results() {
			for _, f := range r.Findings {
				_, limits := f.Rule.Checker.(audit.LifeLimit)
				if f.Status == audit.Fail || f.Status == audit.Indeterminate && limits {
					rules = append(rules, f.Rule.Rule.ID)
				}
			}
		}
		return rules
	}
	kept := map[audit.Permission]bool{}
	for _, s := range proposed {
		one := *s.Token
		if s.MaxDays > 0 {
			one.ExpiresAt = asOf.AddDate(0, 0, s.MaxDays)
		}
		if s.MaxRepositories > 0 && len(one.Repositories) > s.MaxRepositories {
			one.Repositories = one.Repositories[len(one.Repositories)-s.MaxRepositories:]
		}
		rules := failing(&one)
		if !slices.Equal(rules, s.StillFails) {
			t.Errorf("%q fail %s, not %q", rules, successorText(s), s.StillFails)
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
			mending := f.Rule.Rule.Mending
			if f.Status == audit.Fail && mending != audit.MendElsewhere &&
				mending != audit.MendByReviewers {
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
			passes = slices.ContainsFunc(e.Organization.Repositories, func(r *audit.Repository) bool {
				with.Repositories = []*audit.Repository{r}
				return len(failing(&with)) == len(failing(&without))
			})
		}
		if passes {
			t.Errorf("%s is left out of %s, and no rule fails it", p, successorText(proposed[0]))
		}
	}
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
			Owners: []string{"octocat"}, Repositories: []string{"docs"},
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
