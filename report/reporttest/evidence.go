// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/complytime/pataudit/audit"
)

// Gaps returns why a run is incomplete: its list of tokens, for a reason that GitHub gave.
func Gaps(quoted string) audit.Gaps {
	return audit.Gaps{{
		Code: audit.GapSource, Source: audit.SourceTokens, Status: audit.Partial, Quoted: quoted,
	}}
}

// Incomplete returns the evidence changed: as where GitHub refused some of it.
func Incomplete(e *audit.Evidence) *audit.Evidence {
	for i := range e.Coverage {
		if c := &e.Coverage[i]; c.Source == audit.SourceRepositories {
			c.Status, c.Items = audit.Partial, 21
			c.Reason = audit.Because("3 of 24 repository lists refused (403): let the App read metadata")
		}
	}
	for _, t := range e.Tokens[:3] {
		t.Known &^= audit.FactRepositories
		t.Repositories = nil
	}
	e.Tokens[0].Known &^= audit.FactLastUsed
	return e
}

// Calm returns an organization where nothing is wrong.
func Calm() *audit.Evidence {
	e := Violating()
	e.Organization.Login = "quiet-org"
	e.Tokens = slices.DeleteFunc(e.Tokens, func(t *audit.Token) bool {
		return !slices.Contains([]string{"org-ai-access", "ci-publish", "waived-mirror"}, t.Name)
	})
	e.Coverage[0].Items, e.Requests = len(e.Tokens), nil
	return e
}

// Empty returns an organization without tokens.
func Empty() *audit.Evidence {
	e := Calm()
	e.Tokens, e.Coverage[0].Items = nil, 0
	return e
}

// Many returns an organization of n tokens, of which every third is of the violating kinds.
func Many(n int) *audit.Evidence {
	e := Violating()
	kinds := e.Tokens
	e.Tokens = make([]*audit.Token, n)
	for i := range e.Tokens {
		t := *kinds[0]
		if i%3 == 0 {
			t = *kinds[i/3%len(kinds)]
		}
		t.ID, t.TokenID = int64(i+1), int64(i+1_000_000)
		e.Tokens[i] = &t
	}
	return e
}

// Enterprise returns [Violating] on Enterprise Cloud, where the audit log and the classic tokens
// were asked for.
func Enterprise() *audit.Evidence {
	e := Violating()
	for i, t := range e.Tokens {
		if i%2 == 0 {
			t.ApprovedBy, t.CreatedAt = "marta-h", t.GrantedAt.AddDate(0, 0, -4)
			t.Known |= audit.FactCreated
		}
	}
	const known = audit.FactExpiry | audit.FactLastUsed
	day := AsOf.AddDate
	e.Classic = []*audit.Credential{
		{
			ID: 7, TokenID: 70, Login: "bob", Note: "ci-legacy", LastEight: "71c3fc11",
			Scopes: []string{"admin:org", "delete_repo", "gist", "repo"}, AuthorizedAt: day(-2, 0, 0),
			LastUsedAt: day(0, 0, -3), Known: known,
		},
		{
			ID: 8, TokenID: 80, Login: "bob", Note: "over", Scopes: []string{"repo"},
			AuthorizedAt: day(-1, 0, 0), ExpiresAt: day(0, 0, -1), Known: known,
		},
		{
			ID: 9, TokenID: 90, Login: "jdoe", Scopes: []string{"repo"}, AuthorizedAt: day(-1, 0, 0),
			ExpiresAt: day(0, 1, 0), LastUsedAt: day(0, 0, -200), Known: known,
		},
		{ID: 5, Login: "jdoe", Note: "of which little is known"},
		{ID: 6, Login: "kim", Scopes: []string{}, AuthorizedAt: day(-3, 0, 0), Known: known},
	}
	for i := range 9 {
		e.Classic = append(e.Classic, &audit.Credential{
			ID: int64(20 + i), TokenID: 200, Login: fmt.Sprintf("nightly-%d", i),
			Scopes: []string{"read:org"}, AuthorizedAt: day(0, 0, -9), LastUsedAt: AsOf,
			ExpiresAt: day(0, 0, 30), Known: known,
		})
	}
	e.Coverage = append(e.Coverage,
		audit.Coverage{
			Source: audit.SourceAuditLog, Status: audit.Complete, Items: 34, Requests: 1,
			Reason: audit.Reason{{Code: audit.ReasonOtherEvents, Count: 3}},
		},
		audit.Coverage{
			Source: audit.SourceAuthorizations, Status: audit.Complete, Items: len(e.Classic),
			Requests: 2, Reason: audit.Reason{{
				Code: audit.ReasonNotListed, Words: "4 of the kind SSH key",
			}},
		})
	return e
}

// WeekAgo returns [Violating] as it was a week before: one token was not there, one is gone since,
// one could do less, and one lived shorter.
func WeekAgo() *audit.Evidence {
	e := Violating()
	for _, t := range e.Tokens {
		switch t.Name {
		case "ci-experiments":
			t.Permissions = slices.DeleteFunc(slices.Clone(t.Permissions),
				func(p audit.Permission) bool { return p.Name == "administration" })
		case "nightly-01":
			t.ExpiresAt = t.ExpiresAt.AddDate(0, 0, -40)
		case "x":
			t.ID, t.TokenID, t.Name = 199, 90199, "gone-by-now"
		case "last-year":
			t.Expired, t.ExpiresAt = false, AsOf.AddDate(0, 0, -2)
		}
	}
	slices.SortFunc(e.Tokens, func(a, b *audit.Token) int { return cmp.Compare(a.ID, b.ID) })
	e.CollectedAt = AsOf.AddDate(0, 0, -7)
	return e
}

// Secretive returns an organization that shows us no second factors, which the policy does not
// require.
func Secretive() *audit.Evidence {
	e := Calm()
	for _, t := range e.Tokens {
		t.Known &^= audit.FactTwoFactor
		t.Owner.TwoFactor = nil
	}
	return e
}

// Moved returns [Violating] after a week in which everything happened.
func Moved() *audit.Evidence {
	e := Violating()
	yes := true
	for _, t := range e.Tokens {
		switch t.Name {
		case "org-ai-access":
			owner := *t.Owner
			owner.Role, owner.TwoFactor, t.Owner = audit.RoleAdmin, &yes, &owner
		case "release-bot-legacy":
			t.Selection, t.Repositories = audit.SelectSubset, Repositories(3)
			t.Permissions = t.Permissions[1:]
		case "asdf":
			t.ExpiresAt = t.GrantedAt.AddDate(0, 0, 60)
		case "sbom-upload":
			t.Repositories = Repositories(7)
		case "nightly-02":
			t.ID = 500
		}
	}
	slices.SortFunc(e.Tokens, func(a, b *audit.Token) int { return int(a.ID - b.ID) })
	return e
}

// Linked returns an organization whose every text would be made something of.
func Linked() *audit.Evidence {
	e := Violating()
	e.Organization.Login = "org@evil #1"
	for i, s := range Links {
		t := Token(int64(1000+i), s, Member(int64(1000+i), Links[(i+1)%len(Links)], audit.RoleMember))
		t.Permissions = []audit.Permission{
			{Group: audit.GroupRepository, Name: "administration", Level: s},
		}
		t.ExpiresAt = AsOf.AddDate(0, 0, 3)
		e.Tokens = append(e.Tokens, t)
	}
	e.Requests[0].Token.Name, e.Requests[0].Token.Owner.Login = "@octocat", "#1"
	e.Coverage[0].Reason, e.Coverage[1].Reason = audit.Because(Links[0]), audit.Because(Links[1])
	e.Coverage[1].Status = audit.Partial
	return e
}

// Hostile returns an organization in which every text is one of the payloads.
func Hostile() *audit.Evidence {
	e := Violating()
	e.Organization.Login = "::error::\x1b[2Jorg"
	e.Tokens = nil
	for i, payload := range Payloads {
		t := Token(int64(i+1), payload, Member(int64(i+1), payload, audit.RoleMember))
		t.Repositories = []*audit.Repository{{ID: 1, Name: "o/" + payload}}
		t.Selection = audit.SelectAll
		t.ExpiresAt = AsOf.AddDate(0, 0, 5)
		t.Permissions = []audit.Permission{
			{Group: audit.GroupRepository, Name: payload, Level: audit.LevelWrite},
		}
		if i%2 == 0 {
			t.Selection = audit.SelectSubset
			t.GrantedAt = AsOf.AddDate(-1, 0, 0)
		}
		t.ApprovedBy, t.CreatedAt, t.Known = payload, AsOf, t.Known|audit.FactCreated
		e.Tokens = append(e.Tokens, t)
		e.Classic = append(e.Classic, &audit.Credential{
			ID: int64(i + 1), Login: payload, Note: payload, LastEight: payload,
			Scopes: []string{payload, "repo"},
		})
	}
	e.Coverage = append(e.Coverage,
		audit.Coverage{
			Source: audit.SourceAuditLog, Status: audit.Refused, Reason: audit.Because(Payloads[0]),
		},
		audit.Coverage{
			Source: audit.SourceAuthorizations, Status: audit.Partial, Items: len(e.Classic),
			Reason: audit.Because(Payloads[9]),
		})
	e.Coverage[0].Reason = audit.Because(Payloads[0])
	e.Coverage[1].Status, e.Coverage[1].Reason = audit.Refused, audit.Because(Payloads[9])
	e.Requests[0].Reason, e.Requests[0].Token.Name = Payloads[1], Payloads[2]
	return e
}
