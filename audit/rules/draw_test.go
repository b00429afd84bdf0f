// SPDX-License-Identifier: Apache-2.0

package rules_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/rules"
)

// What the properties are tried with: permissions of the whole table and strange ones, every
// selection, and policies that set parameters, severities and which rules are asked.

// levels in the order of what they allow; the last one nobody knows.
var levels = []string{audit.LevelRead, audit.LevelWrite, audit.LevelAdmin, "superuser"}

// drawPermission draws one of the table's, or one that nobody knows.
func drawPermission(t *rapid.T) audit.Permission {
	level := rapid.SampledFrom(levels).Draw(t, "level")
	if rapid.IntRange(0, 9).Draw(t, "strange") == 0 {
		return audit.Permission{
			Group: rapid.SampledFrom([]string{"repository", "organization", "other", "galaxy"}).
				Draw(t, "group"),
			Name: rapid.SampledFrom([]string{"moon", "contents", "members"}).Draw(t, "name"), Level: level,
		}
	}
	info := rapid.SampledFrom(audit.GitHubPermissions().All()).Draw(t, "permission")
	return audit.Permission{Group: info.Group, Name: info.Name, Level: level}
}

// drawPermissions draws what a token holds. What takes part in combinations comes more often.
func drawPermissions(t *rapid.T) []audit.Permission {
	one := rapid.OneOf(rapid.Custom(drawPermission), rapid.Custom(func(t *rapid.T) audit.Permission {
		p := audit.ParsePermission(rapid.SampledFrom([]string{
			"repository:contents:", "repository:workflows:", "repository:actions:",
			"repository:deployments:", "repository:statuses:", "repository:attestations:",
			"repository:issues:", "repository:security_events:", "repository:secrets:",
			"repository:metadata:", "repository:repository_custom_properties:",
			"organization:organization_custom_properties:",
		}).Draw(t, "name"))
		p.Level = rapid.SampledFrom(levels[:2]).Draw(t, "level")
		return p
	}))
	return sorted(rapid.SliceOfNDistinct(one, 0, 6, nameOf).Draw(t, "permissions"))
}

func nameOf(p audit.Permission) string { return p.Group + ":" + p.Name }

func sorted(permissions []audit.Permission) []audit.Permission {
	slices.SortFunc(permissions, audit.ComparePermissions)
	return permissions
}

// drawPolicy draws a policy without overrides. About half of its settings are the defaults.
func drawPolicy(t *rapid.T) *audit.Policy {
	some := func(what string) bool { return rapid.IntRange(0, 3).Draw(t, what) == 0 }
	c := &testCase{Params: map[string]map[string]any{}}
	few := rapid.Bool().Draw(t, "few rules")
	for _, rule := range rules.All {
		if some("off") != few {
			c.Off = append(c.Off, rule.ID)
		}
	}
	set := func(rule, key string, value any) {
		if some(key) {
			if c.Params[rule] == nil {
				c.Params[rule] = map[string]any{}
			}
			c.Params[rule][key] = value
		}
	}
	days := rapid.IntRange(1, 400)
	set("protected-repository", "repositories", []string{"infra", "r1*", "docs"})
	set("excess-write", "allow", []string{"issues", "contents", "organization:members"})
	set("toxic-permissions", "combinations", drawCombinations(t))
	set("broad-selection", "max_repositories", rapid.IntRange(0, 30).Draw(t, "repositories"))
	set("broad-selection", "percent", rapid.IntRange(0, 100).Draw(t, "percent"))
	set("never-used", "days", days.Draw(t, "never used"))
	set("unused", "days", days.Draw(t, "unused"))
	set("long-expiration", "max_days", days.Draw(t, "life"))
	if some("added") {
		c.Permissions = []permission{
			{Group: "repository", Name: "moon", Levels: levels[:2], Class: "low", Read: "medium"},
			{Group: "organization", Name: "moon", Levels: levels[:3], Class: "high", Read: "unknown"},
		}
	}
	p, err := c.policy()
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.Rules {
		if some("severity") {
			p.Rules[i].Severity = rapid.SampledFrom([]audit.Severity{
				audit.Info, audit.Low, audit.Medium, audit.High, audit.Critical,
			}).Draw(t, "severity")
		}
	}
	return p
}

func drawCombinations(t *rapid.T) (all []map[string]any) {
	for range rapid.IntRange(1, 4).Draw(t, "combinations") {
		var needs []string
		for range rapid.IntRange(1, 2).Draw(t, "needs") {
			p := drawPermission(t)
			if p.Group == "galaxy" || p.Level == "superuser" {
				p = audit.Permission{Group: "repository", Name: "issues", Level: audit.LevelWrite}
			}
			needs = append(needs, p.String())
		}
		all = append(all, map[string]any{
			"id": "own", "needs": needs, "reason": "we say so",
			"severity": rapid.SampledFrom(audit.SeverityNames()).Draw(t, "combination's severity"),
		})
	}
	return all
}

// drawOrganization draws one with 1 to 40 repositories.
func drawOrganization(t *rapid.T) *audit.Organization {
	return organizationFacts{Repositories: rapid.IntRange(1, 40).Draw(t, "of")}.organization()
}

// drawToken draws an active token of which everything is known, and which was used.
func drawToken(t *rapid.T, o *audit.Organization) *audit.Token {
	token := &audit.Token{
		ID: 1, TokenID: 1, Name: "sbom-upload", Known: everyFact,
		Selection: rapid.SampledFrom([]audit.Selection{
			audit.SelectNone, audit.SelectSubset, audit.SelectSubset, audit.SelectAll,
		}).Draw(t, "selection"),
		Permissions: drawPermissions(t),
		GrantedAt:   asOf.Add(-30 * day), ExpiresAt: asOf.Add(60 * day), LastUsedAt: asOf,
		Owner: &audit.Member{
			ID: 1, Login: "octocat", TwoFactor: new(true),
			Role: rapid.SampledFrom([]audit.Role{audit.RoleAdmin, audit.RoleMember}).Draw(t, "role"),
		},
	}
	if token.Selection == audit.SelectSubset {
		token.Repositories = someOf(t, o.Repositories, 0, len(o.Repositories))
	}
	if rapid.Bool().Draw(t, "times as they should be") {
		return token
	}
	token.GrantedAt = drawInstant(t, "granted", -400, 0)
	token.LastUsedAt = drawInstant(t, "used", -400, 0)
	token.ExpiresAt = drawInstant(t, "expires", 1, 500)
	if rapid.IntRange(0, 3).Draw(t, "for ever") == 0 {
		token.ExpiresAt = time.Time{}
	}
	return token
}

func drawInstant(t *rapid.T, what string, least, most int) time.Time {
	return asOf.Add(time.Duration(rapid.IntRange(least, most).Draw(t, what)) * day)
}

// drawStronger draws a token that is one step beyond another: one more permission or a stronger
// one, more reach, a longer life, or an older use. What holds of each step holds of many.
func drawStronger(t *rapid.T, o *audit.Organization, weak *audit.Token) *audit.Token {
	strong := *weak
	days := time.Duration(rapid.IntRange(0, 400).Draw(t, "days more")) * day
	switch rapid.SampledFrom([]string{
		"permission", "level", "reach", "reach", "life", "for ever", "use",
	}).Draw(t, "more") {
	case "permission":
		for _, p := range drawPermissions(t) {
			if !slices.ContainsFunc(weak.Permissions, func(held audit.Permission) bool {
				return nameOf(held) == nameOf(p)
			}) {
				strong.Permissions = sorted(append(slices.Clone(weak.Permissions), p))
			}
		}
	case "level":
		strong.Permissions = slices.Clone(weak.Permissions)
		for i, p := range weak.Permissions {
			strong.Permissions[i].Level = rapid.SampledFrom(levels[slices.Index(levels, p.Level):]).
				Draw(t, "raised to")
		}
	case "reach":
		strong.Selection, strong.Repositories = drawWider(t, o, weak)
	case "life":
		if !strong.ExpiresAt.IsZero() {
			strong.ExpiresAt = strong.ExpiresAt.Add(days)
		}
	case "for ever":
		strong.ExpiresAt = time.Time{}
	case "use":
		strong.LastUsedAt = strong.LastUsedAt.Add(-days)
	}
	return &strong
}

// drawWider draws a reach that holds a token's.
func drawWider(t *rapid.T, o *audit.Organization, weak *audit.Token) (
	audit.Selection, []*audit.Repository,
) {
	wider := []audit.Selection{audit.SelectNone, audit.SelectSubset, audit.SelectAll}
	selection := rapid.SampledFrom(wider[slices.Index(wider, weak.Selection):]).Draw(t, "widened to")
	if selection != audit.SelectSubset {
		return selection, nil
	}
	var repositories []*audit.Repository
	more := someOf(t, o.Repositories, 0, len(o.Repositories))
	for _, r := range o.Repositories {
		if slices.Contains(more, r) || slices.Contains(weak.Repositories, r) {
			repositories = append(repositories, r)
		}
	}
	return selection, repositories
}
