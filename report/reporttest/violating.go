// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
)

// Repositories returns n public repositories of the organization.
func Repositories(n int) []*audit.Repository {
	var list []*audit.Repository
	for i := range n {
		list = append(list, &audit.Repository{
			ID: int64(i + 1), Name: fmt.Sprintf("complytime/repo-%02d", i+1), Visibility: "public",
		})
	}
	return list
}

// Token returns a good token: narrow, short-lived, in use.
func Token(id int64, name string, owner *audit.Member) *audit.Token {
	return &audit.Token{
		ID: id, TokenID: 90000 + id, Name: name, Owner: owner,
		Selection: audit.SelectSubset, Repositories: Repositories(2),
		Permissions: []audit.Permission{
			{Group: audit.GroupRepository, Name: "contents", Level: audit.LevelWrite},
			{Group: audit.GroupRepository, Name: "metadata", Level: audit.LevelRead},
		},
		GrantedAt: AsOf.AddDate(0, 0, -30), ExpiresAt: AsOf.AddDate(0, 0, 60),
		LastUsedAt: AsOf.AddDate(0, 0, -3), Known: AllFacts,
	}
}

// Member returns a member with a second factor.
func Member(id int64, login string, role audit.Role) *audit.Member {
	yes := true
	return &audit.Member{ID: id, Login: login, Role: role, TwoFactor: &yes}
}

// Administers adds to a token what no token should have.
func Administers(t *audit.Token) {
	t.Permissions = append(slices.Clone(t.Permissions), audit.Permission{
		Group: audit.GroupRepository, Name: "administration", Level: audit.LevelWrite,
	})
	slices.SortFunc(t.Permissions, audit.ComparePermissions)
}

func pending(a, b *audit.Member) []*audit.Request {
	agent, docs := Token(900, "agent-kit", a), Token(901, "docs-preview", b)
	Administers(agent)
	for _, t := range []*audit.Token{agent, docs} {
		t.GrantedAt, t.LastUsedAt = time.Time{}, time.Time{}
		t.Known &^= audit.FactGranted | audit.FactLastUsed
	}
	return []*audit.Request{
		{Token: agent, Reason: "for the agents", CreatedAt: AsOf.AddDate(0, 0, -12)},
		{Token: docs, Reason: "previews", CreatedAt: AsOf.AddDate(0, 0, -2)},
	}
}

// Violating returns an organization with something of everything, all of it seen. It is longer
// than a function should be, for it is a list of tokens.
func Violating() *audit.Evidence {
	jdoe := Member(1, "jdoe", audit.RoleAdmin)
	tsuki := Member(2, "tsuki", audit.RoleMember)
	kim := Member(3, "ex-kim", audit.RoleNone)
	bob := Member(4, "bob", audit.RoleMember)
	var tokens []*audit.Token
	add := func(name string, owner *audit.Member, change func(*audit.Token)) {
		t := Token(int64(100+len(tokens)), name, owner)
		if change != nil {
			change(t)
		}
		tokens = append(tokens, t)
	}
	lives := func(days int) func(*audit.Token) {
		return func(t *audit.Token) { t.ExpiresAt = t.GrantedAt.AddDate(0, 0, days) }
	}
	add("org-ai-access", bob, nil)
	add("release-bot-legacy", jdoe, func(t *audit.Token) {
		Administers(t)
		t.Selection, t.Repositories, t.LastUsedAt = audit.SelectAll, nil, AsOf
	})
	add("laptop of Kim, the old one in the drawer", kim, func(t *audit.Token) {
		t.LastUsedAt = AsOf.AddDate(0, 0, -241)
	})
	add("asdf", jdoe, func(t *audit.Token) { t.LastUsedAt = time.Time{}; lives(366)(t) })
	add("ci-experiments", tsuki, Administers)
	for i := range 14 {
		add(fmt.Sprintf("nightly-%02d", i+1), bob, lives(100+i))
	}
	add("sync-everything", tsuki, func(t *audit.Token) { t.Repositories = Repositories(20) })
	add("ci-publish", bob, func(t *audit.Token) { t.ExpiresAt = AsOf.AddDate(0, 0, 3) })
	add("sbom-upload", tsuki, func(t *audit.Token) { t.ExpiresAt = AsOf.AddDate(0, 0, 11) })
	add("waived-mirror", tsuki, lives(300))
	add("x", bob, nil)
	add("last-year", bob, func(t *audit.Token) { t.Expired, t.ExpiresAt = true, time.Time{} })

	return &audit.Evidence{
		Organization: &audit.Organization{
			Login: "complytime", ID: 652551, Host: "github.com",
			Repositories: Repositories(38), Known: audit.FactOrganizationRepositories,
		},
		Tokens:   tokens,
		Requests: pending(tsuki, bob),
		Coverage: []audit.Coverage{
			{
				Source: audit.SourceTokens, Status: audit.Complete, Items: len(tokens), Requests: 2,
				Reason: audit.Reason{{Code: audit.ReasonTwice}},
			},
			{Source: audit.SourceRepositories, Status: audit.Complete, Items: 24, Requests: 24},
			{Source: audit.SourceOrganization, Status: audit.Complete, Items: 1, Requests: 1},
			{Source: audit.SourceInstallation, Status: audit.Complete, Requests: 2},
			{Source: audit.SourceMembers, Status: audit.Complete, Items: 41, Requests: 1},
			{
				Source: audit.SourceOrganizationRepositories, Status: audit.Complete, Items: 38,
				Requests: 1,
			},
			{Source: audit.SourceRequests, Status: audit.Complete, Items: 2, Requests: 1},
		},
		CollectedAt: AsOf,
		Digest:      "sha256:" + strings.Repeat("ab", 32),
	}
}
