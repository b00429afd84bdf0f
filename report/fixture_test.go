// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
)

// The organizations of these tests. Their rules are fakes: this room knows no rule.

var asOf = time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)

const (
	all = audit.FactSelection | audit.FactPermissions | audit.FactGranted | audit.FactExpiry |
		audit.FactLastUsed | audit.FactOwner | audit.FactRepositories | audit.FactMembership |
		audit.FactTwoFactor
)

type check func(*audit.Subject) audit.Verdict

func (c check) Check(s *audit.Subject) audit.Verdict { return c(s) }

// limited lets tokens live 90 days.
type limited func(*audit.Subject) audit.Verdict

func (l limited) Check(s *audit.Subject) audit.Verdict { return l(s) }

func (limited) MaxLife() int { return 90 }

// bounded lets tokens reach 12 repositories.
type bounded func(*audit.Subject) audit.Verdict

func (b bounded) Check(s *audit.Subject) audit.Verdict { return b(s) }

func (bounded) MaxReach(*audit.Subject) (int, bool) { return 12, true }

func fails(message string, basis ...string) audit.Verdict {
	return audit.Verdict{Status: audit.Fail, Message: message, Basis: basis}
}

var pass = audit.Verdict{Status: audit.Pass}

func fakeRules() []*audit.Rule {
	return []*audit.Rule{
		{
			ID: "toxic-permissions", Title: "Permissions that together give control",
			Severity: audit.Critical, Guide: "7", Needs: audit.FactPermissions,
			Remedy: "Remove the permission.", New: func() audit.Checker { return check(toxic) },
		},
		{
			ID: "all-repositories", Title: "The token reaches every repository",
			Severity: audit.High, Guide: "6", Needs: audit.FactSelection,
			Remedy: "Select the repositories that it needs.",
			New:    func() audit.Checker { return check(everything) },
		},
		{
			ID: "owner-not-member", Title: "The owner is not a member", Severity: audit.High,
			Guide: "5", Needs: audit.FactMembership, Remedy: "Revoke the token.",
			New: func() audit.Checker { return check(stranger) },
		},
		{
			ID: "broad-selection", Title: "A subset that is nearly everything",
			Severity: audit.Medium, Needs: audit.FactRepositories, Remedy: "Select fewer.",
			New: func() audit.Checker { return bounded(broad) },
		},
		{
			ID: "long-expiration", Title: "The token lives too long", Severity: audit.Medium,
			Guide: "4", Needs: audit.FactExpiry | audit.FactGranted,
			Remedy: "Set an expiry within 90 days.",
			New:    func() audit.Checker { return limited(long) },
		},
		{
			ID: "undescriptive-name", Title: "The name says nothing", Severity: audit.Info,
			Guide: "4", Remedy: "Name its purpose.",
			New: func() audit.Checker { return check(nameless) },
		},
		{
			ID: "expired-grant", Title: "Expired, yet still listed", Severity: audit.Low,
			OfExpired: true, Needs: audit.FactExpiry, Remedy: "Revoke it.",
			New: func() audit.Checker { return check(gone) },
		},
		{
			ID: "owner-without-2fa", Title: "No second factor", Severity: audit.High,
			Needs: audit.FactTwoFactor, Remedy: "Enable a second factor.",
			New: func() audit.Checker { return check(factor) },
		},
		{ID: "unreviewed-token", Title: "Nobody reviewed it", Severity: audit.Medium},
	}
}

func toxic(s *audit.Subject) audit.Verdict {
	for _, p := range s.Token.Permissions {
		if p.Name == "administration" && p.Writes() {
			return fails("administration:write removes protections", p.String())
		}
	}
	return pass
}

func everything(s *audit.Subject) audit.Verdict {
	if s.Token.Selection == audit.SelectAll {
		return fails("reaches every repository, with write", "all repositories")
	}
	return pass
}

func stranger(s *audit.Subject) audit.Verdict {
	if s.Token.Known.Has(audit.FactMembership) && !s.Token.Owner.Role.IsMember() {
		return fails("the owner is no member of the organization")
	}
	return pass
}

func broad(s *audit.Subject) audit.Verdict {
	switch {
	case s.Token.Selection != audit.SelectSubset:
		return audit.Verdict{Status: audit.NotApplicable}
	case len(s.Token.Repositories) > 12:
		return fails(fmt.Sprintf("writes to %d repositories", len(s.Token.Repositories)), "over 12")
	}
	return pass
}

func long(s *audit.Subject) audit.Verdict {
	basis := []string{}
	n, known := grantedDays(s.Token)
	for _, step := range []int64{90, 180, 365} {
		if known && n > step+1 {
			basis = append(basis, fmt.Sprintf("over %d days", step))
		}
	}
	if len(basis) > 0 {
		return fails(fmt.Sprintf("expires %d days from its approval (at most 90)", n), basis...)
	}
	return pass
}

func nameless(s *audit.Subject) audit.Verdict {
	if len(s.Token.Name) < 5 {
		return fails(fmt.Sprintf("%q says nothing of its purpose", s.Token.Name))
	}
	return pass
}

func gone(s *audit.Subject) audit.Verdict {
	if s.Token.Expired {
		return fails("expired; a renewal would bring its rights back")
	}
	return pass
}

func factor(s *audit.Subject) audit.Verdict {
	if f := s.Token.Owner; f != nil && f.TwoFactor != nil && !*f.TwoFactor {
		return fails("the owner has no second factor")
	}
	return pass
}

func policy() *audit.Policy {
	p := &audit.Policy{Name: "complytime token guide", FailOn: audit.Medium}
	p.Digest = "sha256:9c1f40aa" + strings.Repeat("5e", 28)
	for _, r := range fakeRules() {
		asked := audit.PolicyRule{Rule: r, Severity: r.Severity, Asked: r.New != nil}
		if asked.Asked {
			asked.Checker = r.New()
			asked.Required = r.ID != "owner-without-2fa"
		}
		p.Rules = append(p.Rules, asked)
	}
	return p
}

func repositories(n int) []*audit.Repository {
	var list []*audit.Repository
	for i := range n {
		list = append(list, &audit.Repository{
			ID: int64(i + 1), Name: fmt.Sprintf("complytime/repo-%02d", i+1), Visibility: "public",
		})
	}
	return list
}

// A good token: narrow, short-lived, in use.
func token(id int64, name string, owner *audit.Member) *audit.Token {
	return &audit.Token{
		ID: id, TokenID: 90000 + id, Name: name, Owner: owner,
		Selection: audit.SelectSubset, Repositories: repositories(2),
		Permissions: []audit.Permission{
			{Group: audit.GroupRepository, Name: "contents", Level: audit.LevelWrite},
			{Group: audit.GroupRepository, Name: "metadata", Level: audit.LevelRead},
		},
		GrantedAt: asOf.AddDate(0, 0, -30), ExpiresAt: asOf.AddDate(0, 0, 60),
		LastUsedAt: asOf.AddDate(0, 0, -3), Known: all,
	}
}

func member(id int64, login string, role audit.Role) *audit.Member {
	yes := true
	return &audit.Member{ID: id, Login: login, Role: role, TwoFactor: &yes}
}

// administers gives a token what no token should have.
func administers(t *audit.Token) {
	t.Permissions = append(slices.Clone(t.Permissions), audit.Permission{
		Group: audit.GroupRepository, Name: "administration", Level: audit.LevelWrite,
	})
	slices.SortFunc(t.Permissions, audit.ComparePermissions)
}

func pending(a, b *audit.Member) []*audit.Request {
	agent, docs := token(900, "agent-kit", a), token(901, "docs-preview", b)
	administers(agent)
	for _, t := range []*audit.Token{agent, docs} {
		t.GrantedAt, t.LastUsedAt = time.Time{}, time.Time{}
		t.Known &^= audit.FactGranted | audit.FactLastUsed
	}
	return []*audit.Request{
		{Token: agent, Reason: "for the agents", CreatedAt: asOf.AddDate(0, 0, -12)},
		{Token: docs, Reason: "previews", CreatedAt: asOf.AddDate(0, 0, -2)},
	}
}

// violating is an organization with something of everything, all of it seen.
func violating() *audit.Evidence {
	jdoe := member(1, "jdoe", audit.RoleAdmin)
	tsuki := member(2, "tsuki", audit.RoleMember)
	kim := member(3, "ex-kim", audit.RoleNone)
	bob := member(4, "bob", audit.RoleMember)
	var tokens []*audit.Token
	add := func(name string, owner *audit.Member, change func(*audit.Token)) {
		t := token(int64(100+len(tokens)), name, owner)
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
		administers(t)
		t.Selection, t.Repositories, t.LastUsedAt = audit.SelectAll, nil, asOf
	})
	add("laptop of Kim, the old one in the drawer", kim, func(t *audit.Token) {
		t.LastUsedAt = asOf.AddDate(0, 0, -241)
	})
	add("asdf", jdoe, func(t *audit.Token) { t.LastUsedAt = time.Time{}; lives(366)(t) })
	add("ci-experiments", tsuki, administers)
	for i := range 14 {
		add(fmt.Sprintf("nightly-%02d", i+1), bob, lives(100+i))
	}
	add("sync-everything", tsuki, func(t *audit.Token) { t.Repositories = repositories(20) })
	add("ci-publish", bob, func(t *audit.Token) { t.ExpiresAt = asOf.AddDate(0, 0, 3) })
	add("sbom-upload", tsuki, func(t *audit.Token) { t.ExpiresAt = asOf.AddDate(0, 0, 11) })
	add("waived-mirror", tsuki, lives(300))
	add("x", bob, nil)
	add("last-year", bob, func(t *audit.Token) { t.Expired, t.ExpiresAt = true, time.Time{} })

	return &audit.Evidence{
		Organization: &audit.Organization{
			Login: "complytime", ID: 652551, Host: "github.com",
			Repositories: repositories(38), Known: audit.FactOrganizationRepositories,
		},
		Tokens:   tokens,
		Requests: pending(tsuki, bob),
		Coverage: []audit.Coverage{
			{
				Source: audit.SourceTokens, Status: audit.Complete, Items: len(tokens), Requests: 2,
				Reason: "listed twice with equal ids",
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
		CollectedAt: asOf,
		Digest:      "sha256:" + strings.Repeat("ab", 32),
	}
}
