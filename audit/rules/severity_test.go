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

// severityOf judges one token by itself.
func severityOf(p *audit.Policy, o *audit.Organization, token *audit.Token) audit.Severity {
	e := &audit.Evidence{Organization: o, Tokens: []*audit.Token{token}}
	for result := range audit.Evaluate(e, p, audit.Options{AsOf: asOf}).Results() {
		return result.Severity
	}
	return audit.NoSeverity
}

// TestSeverityIsMonotone: more permission, more reach, a longer life or an older use never gives a
// milder token, whatever the policy.
func TestSeverityIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, o := drawPolicy(t), drawOrganization(t)
		weak := drawToken(t, o)
		strong := drawStronger(t, o, weak)
		if a, b := severityOf(p, o, weak), severityOf(p, o, strong); b < a {
			t.Fatalf("%s, but %s of\n%s\nwhich can do no less than\n%s", a, b,
				described(p, o, strong), described(p, o, weak))
		}
	})
}

// holding is one or two permissions of the table; the second may be none.
type holding [2]audit.Permission

// TestSeverityOfTheTable: the same for every two permissions of the whole table, by the default
// policy.
func TestSeverityOfTheTable(t *testing.T) {
	p, err := (&testCase{Off: []string{"unreviewed-token"}}).policy()
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range []audit.Role{audit.RoleAdmin, audit.RoleMember} {
		var narrower map[holding]audit.Severity
		for _, selection := range []audit.Selection{
			audit.SelectNone, audit.SelectSubset, audit.SelectAll,
		} {
			got := severitiesOfTheTable(p, role, selection)
			for h, severity := range got {
				if severity < narrower[h] {
					t.Fatalf("%s %v: %s, but %s with less reach", selection, h, severity, narrower[h])
				}
				for _, less := range h.less() {
					if got[less] > severity {
						t.Fatalf("%s %v: %s, but %s with %v", selection, h, severity, got[less], less)
					}
				}
			}
			narrower = got
		}
	}
}

// less returns what holds one permission less, or one to read that this one holds to write.
func (h holding) less() (all []holding) {
	for i := range h {
		milder := h
		milder[i].Level = audit.LevelRead
		all = append(all, milder)
	}
	if h[1].Name != "" {
		all = append(all, holding{h[0]}, holding{h[1]})
	}
	return all
}

// severitiesOfTheTable judges tokens of every one and every two permissions, to read and to write.
func severitiesOfTheTable(
	p *audit.Policy, role audit.Role, selection audit.Selection,
) map[holding]audit.Severity {
	var single []audit.Permission
	for _, info := range audit.GitHubPermissions().All() {
		for _, level := range levels[:2] {
			single = append(single, audit.Permission{Group: info.Group, Name: info.Name, Level: level})
		}
	}
	var all []holding
	for i, first := range single {
		all = append(all, holding{first})
		for _, second := range single[:i] {
			if first.Name != second.Name {
				all = append(all, holding{first, second})
			}
		}
	}
	e := &audit.Evidence{Organization: organizationFacts{}.organization()}
	owner := &audit.Member{ID: 1, Login: "octocat", Role: role, TwoFactor: new(true)}
	for i, h := range all {
		held := h[:]
		if h[1].Name == "" {
			held = h[:1]
		}
		token := &audit.Token{
			ID: int64(i + 1), TokenID: 1, Name: "sbom-upload", Known: everyFact, Owner: owner,
			Selection: selection, Permissions: sorted(slices.Clone(held)),
			GrantedAt: asOf.Add(-30 * day), ExpiresAt: asOf.Add(60 * day), LastUsedAt: asOf,
		}
		if selection == audit.SelectSubset {
			token.Repositories = e.Organization.Repositories[:1]
		}
		e.Tokens = append(e.Tokens, token)
	}
	severities := map[holding]audit.Severity{}
	for result := range audit.Evaluate(e, p, audit.Options{AsOf: asOf}).Results() {
		severities[all[result.Token.ID-1]] = result.Severity
	}
	return severities
}

// TestCoveringIsNoMilder: where a rule covers another, the token is no milder than without it. So
// too if facts are missing.
func TestCoveringIsNoMilder(t *testing.T) {
	covering := []string{"toxic-permissions", "all-repositories", "no-expiration", "never-used"}
	rapid.Check(t, func(t *rapid.T) {
		p, o := drawPolicy(t), drawOrganization(t)
		token := drawToken(t, o)
		if rapid.Bool().Draw(t, "never used") {
			token.LastUsedAt = time.Time{}
		}
		if rapid.Bool().Draw(t, "not all is known") {
			forget(token, o, audit.Facts(rapid.Uint16Range(0, 1<<10-1).Draw(t, "unknown")))
		}
		id := rapid.SampledFrom(covering).Draw(t, "covering")
		at := slices.IndexFunc(p.Rules, func(r audit.PolicyRule) bool { return r.Rule.ID == id })
		p.Rules[at].Asked = true
		if rapid.Bool().Draw(t, "mild") {
			p.Rules[at].Severity = audit.Info
		}
		if !failed(p, o, token, id) {
			return
		}
		with := severityOf(p, o, token)
		without := *p
		without.Rules = slices.Clone(p.Rules)
		without.Rules[at].Asked = false
		if got := severityOf(&without, o, token); got > with {
			t.Fatalf("%s, but %s without %s:\n%s", with, got, id, described(p, o, token))
		}
	})
}

func failed(p *audit.Policy, o *audit.Organization, token *audit.Token, id string) bool {
	e := &audit.Evidence{Organization: o, Tokens: []*audit.Token{token}}
	return slices.ContainsFunc(findings(e, p), func(f *audit.Finding) bool {
		return f.Rule.Rule.ID == id && f.Status == audit.Fail
	})
}

// described says what a token is, and what the rules say of it.
func described(p *audit.Policy, o *audit.Organization, token *audit.Token) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s of %d, %d repositories, %v, granted %s, expires %s, used %s, %s\n",
		token.Selection, len(o.Repositories), len(token.Repositories), token.Permissions,
		token.GrantedAt.Format(time.DateOnly), token.ExpiresAt.Format(time.DateOnly),
		token.LastUsedAt.Format(time.DateOnly), token.Known)
	e := &audit.Evidence{Organization: o, Tokens: []*audit.Token{token}}
	for _, f := range findings(e, p) {
		if f.Status == audit.Fail {
			fmt.Fprintf(&b, "  %s %s: %s\n", f.Severity, f.Rule.Rule.ID, f.Message)
		}
	}
	return b.String()
}
