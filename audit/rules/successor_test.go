// SPDX-License-Identifier: Apache-2.0

package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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
	for r := range audit.Evaluate(e, policy, audit.Options{AsOf: asOf}).Results() {
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
	for i, r := range s.LeftOut {
		text += []string{", not ", " "}[min(i, 1)] + strings.TrimPrefix(r.Name, "complytime/")
	}
	text += fmt.Sprintf("; %d days", s.MaxDays)
	if len(s.NeedsWaivers) > 0 {
		text += "; waivers of " + strings.Join(s.NeedsWaivers, " ")
	}
	return text
}

// onAll makes a token reach every repository.
func onAll(t *audit.Token, _ *audit.Organization) {
	t.Selection, t.Repositories = audit.SelectAll, nil
}

// unlisted makes a token never expire, and its list of repositories unknown.
func unlisted(t *audit.Token, _ *audit.Organization) {
	t.Repositories, t.ExpiresAt = nil, time.Time{}
	t.Known &^= audit.FactRepositories
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

// TestSuccessors is longer than a function should be, for it is a table.
func TestSuccessors(t *testing.T) {
	allow := func(names ...string) map[string]map[string]any {
		return map[string]map[string]any{"excess-write": {"allow": names}}
	}
	protect := func(globs ...string) map[string]map[string]any {
		return map[string]map[string]any{"protected-repository": {"repositories": globs}}
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
			params: protect("docs"),
			change: func(t *audit.Token, o *audit.Organization) { t.Repositories = o.Repositories[2:5] },
			want:   []string{"contents:write; subset complyctl complypack; 90 days"},
		},
		"protected repositories alone": {
			rights: []string{"contents:write"},
			params: protect("complyctl"),
			want:   []string{"contents:read; subset complyctl; 90 days"},
		},
		"all repositories are protected": {
			rights: []string{"contents:write", "metadata:read"},
			params: protect("*"),
			change: onAll,
			want:   []string{"contents:read metadata:read; subset; 90 days"},
		},
		"some of all repositories are protected": {
			rights: []string{"contents:write", "metadata:read"},
			params: protect("infra", "web*"),
			change: onAll,
			want: []string{
				"contents:write metadata:read; subset, at most 6, private, not infra; 90 days",
				"contents:write metadata:read; subset, at most 6, public, not website; 90 days",
			},
		},
		"a list that is not known": {
			rights: []string{"contents:write"},
			change: unlisted,
			want: []string{
				"contents:write; subset, at most 6, private; 90 days",
				"contents:write; subset, at most 6, public; 90 days",
			},
		},
		"a list that is not known, and no repository may be written to": {
			rights: []string{"contents:write"},
			params: map[string]map[string]any{"broad-selection": {"max_repositories": 0}},
			change: unlisted,
			want:   []string{"contents:read; subset; 90 days"},
		},
		"a list that is not known, of which nothing is wrong but the owner": {
			rights: []string{"contents:write"},
			change: func(t *audit.Token, o *audit.Organization) {
				unlisted(t, o)
				t.ExpiresAt, t.Owner.TwoFactor = asOf.Add(30*day), new(false)
			},
		},
		"longer than GitHub's form has": {
			rights: []string{"contents:write", "workflows:write"},
			params: map[string]map[string]any{"long-expiration": {"max_days": 1000}},
			want:   []string{"contents:write; subset complyctl; 366 days"},
		},
		"too many": {
			rights: []string{"contents:write"},
			change: func(t *audit.Token, o *audit.Organization) { t.Repositories = o.Repositories[:7] },
			want: []string{"contents:write; subset .github community complyctl complypack docs gemara " +
				"oscal, at most 6; 90 days"},
		},
		"all": {
			rights: []string{"contents:write"},
			change: onAll,
			want: []string{
				"contents:write; subset, at most 6, private; 90 days",
				"contents:write; subset, at most 6, public; 90 days",
			},
		},
		"all, where that is allowed": {
			rights: []string{"metadata:read", "secrets:write"},
			off:    []string{"all-repositories"},
			change: onAll,
			want:   []string{"metadata:read secrets:read; all; 90 days"},
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
