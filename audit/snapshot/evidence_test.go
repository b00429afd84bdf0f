// SPDX-License-Identifier: Apache-2.0

package snapshot_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// sample is a small organization with one of everything.
func sample() *audit.Evidence {
	no := false
	day := func(y int, m time.Month, d int) time.Time {
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	a := &audit.Repository{ID: 2, Name: "complytime/a"}
	b := &audit.Repository{ID: 1, Name: "complytime/b", Visibility: "public"}
	owner := &audit.Member{ID: 7, Login: "octocat", Role: audit.RoleMember, TwoFactor: &no}
	common := []audit.Permission{
		{Group: "repository", Name: "contents", Level: "write"},
		{Group: "repository", Name: "metadata", Level: "read"},
	}
	return &audit.Evidence{
		Organization: &audit.Organization{
			Login: "complytime", ID: 652551, Host: "github.com", TwoFactorRequired: &no,
			Repositories: []*audit.Repository{a, b}, Known: audit.FactOrganizationRepositories,
		},
		CollectedAt: time.Date(2026, 11, 22, 6, 0, 0, 1, time.UTC),
		Coverage: []audit.Coverage{
			{Source: audit.SourceTokens, Status: audit.Complete, Items: 2, Requests: 2},
			{
				Source: audit.SourceMembers, Status: audit.Refused, Requests: 1,
				Reason: audit.Because("no permission"),
			},
		},
		Tokens: []*audit.Token{
			{
				ID: 10, TokenID: 99, Name: "a\x1b[2K\u202eb", Owner: owner,
				Selection: audit.SelectSubset, Permissions: common,
				Repositories: []*audit.Repository{b},
				GrantedAt:    day(2026, 10, 1), ExpiresAt: day(2027, 1, 29),
				CreatedAt: day(2026, 9, 30), ApprovedBy: "h\u202e",
				ApproverRole: &audit.RoleThen{Role: audit.RoleMember},
				Known: audit.FactSelection | audit.FactPermissions | audit.FactGranted |
					audit.FactExpiry | audit.FactLastUsed | audit.FactOwner |
					audit.FactRepositories | audit.FactCreated,
			},
			{
				ID: 11, Expired: true, Permissions: []audit.Permission{},
				Repositories: []*audit.Repository{},
			},
		},
		Requests: []*audit.Request{{
			Token:  &audit.Token{ID: 3, Owner: owner, Permissions: common},
			Reason: "please", CreatedAt: day(2026, 11, 1),
		}},
		Dropped: []audit.Dropped{
			{ID: 11, Reason: "listed twice"}, {ID: 12, Reason: "revoked during the run"},
		},
		Manifest: []audit.Exchange{
			{
				Source: audit.SourceTokens, Route: "GET /orgs/complytime/personal-access-tokens",
				Page: 1, Pass: 1, Status: 200, Attempts: 2, RequestID: "C0DE:\u202e", Rows: 4,
				Date: day(2026, 11, 22), Hash: "sha256:" + strings.Repeat("0a", 32),
			},
			{
				Source: audit.SourceTokens, Route: "GET /orgs/complytime/personal-access-tokens",
				Page: 1, Pass: 2, Status: 304, Attempts: 1, Rows: 4, Cached: true, Accepted: true,
			},
			// One of them was revoked, and another one was granted meanwhile.
			{
				Source: audit.SourceTokens, Route: "GET /orgs/complytime/personal-access-tokens",
				Page: 1, Pass: 3, Status: 200, Attempts: 1, Rows: 4,
			},
			{
				Source: audit.SourceTokens, Route: "GET /orgs/complytime/personal-access-tokens",
				Page: 1, Pass: 4, Status: 200, Attempts: 1, Rows: 4,
			},
			listExchange(10, 1), goneExchange(12),
			{Source: audit.SourceMembers, Route: "POST /graphql", Status: 403, Attempts: 1},
		},
		Classic: []*audit.Credential{
			{
				ID: 5, TokenID: 50, Login: "a\x1b", Note: "ci", LastEight: "71c3fc11",
				Scopes: []string{"admin:org", "repo"}, AuthorizedAt: day(2026, 1, 1),
				LastUsedAt: day(2026, 11, 1), ExpiresAt: day(2027, 1, 1),
				Known: audit.FactLastUsed | audit.FactExpiry,
			},
			{ID: 4, Login: "b", Scopes: []string{}},
		},
	}
}

// evidence draws any evidence that a source may collect.
func evidence(t *rapid.T) *audit.Evidence {
	repositories := byID(t, "repositories", func(id int64) *audit.Repository {
		return &audit.Repository{ID: id, Name: text(t), Visibility: text(t)}
	})
	members := byID(t, "members", func(id int64) *audit.Member {
		role := rapid.SampledFrom([]audit.Role{
			audit.RoleUnknown, audit.RoleAdmin, audit.RoleMember, audit.RoleOutside,
			audit.RoleNone, audit.RoleNotMember,
		}).Draw(t, "role")
		return &audit.Member{ID: id, Login: text(t), Role: role, TwoFactor: three(t)}
	})
	sets := [][]audit.Permission{nil, {}}
	for range rapid.IntRange(0, 3).Draw(t, "sets") {
		sets = append(sets, rapid.SliceOfNDistinct(
			rapid.Custom(func(t *rapid.T) audit.Permission {
				return audit.Permission{Group: text(t), Name: text(t), Level: text(t)}
			}), 0, 3, func(p audit.Permission) [2]string { return [2]string{p.Group, p.Name} },
		).Draw(t, "set"))
	}
	token := func(id int64) *audit.Token {
		token := &audit.Token{
			ID:           id,
			TokenID:      rapid.Int64Min(0).Draw(t, "token id"),
			Name:         text(t),
			Selection:    audit.Selection(text(t)),
			Permissions:  rapid.SampledFrom(sets).Draw(t, "permissions"),
			Repositories: some(t, repositories),
			GrantedAt:    moment(t),
			CreatedAt:    moment(t),
			ApprovedBy:   text(t),
			ExpiresAt:    moment(t),
			LastUsedAt:   moment(t),
			Expired:      rapid.Bool().Draw(t, "expired"),
			Known:        facts(t),
		}
		if rapid.Bool().Draw(t, "approver role known") {
			token.ApproverRole = &audit.RoleThen{
				Role:  rapid.SampledFrom([]audit.Role{audit.RoleAdmin, audit.RoleMember}).Draw(t, "role"),
				Since: moment(t), Until: moment(t),
			}
		}
		if len(members) > 0 && rapid.Bool().Draw(t, "owned") {
			token.Owner = rapid.SampledFrom(members).Draw(t, "owner")
		} else {
			token.Known &^= audit.FactOwner | audit.FactMembership | audit.FactTwoFactor
		}
		if token.Permissions == nil {
			token.Known &^= audit.FactPermissions
		}
		if token.ApprovedBy == "" {
			token.Known &^= audit.FactApproval
		}
		if token.CreatedAt.IsZero() ||
			!token.ExpiresAt.IsZero() && token.CreatedAt.After(token.ExpiresAt) {
			token.Known &^= audit.FactCreated
		}
		if rapid.Bool().Draw(t, "documented") {
			token.Selection = audit.SelectSubset
		} else {
			token.Known &^= audit.FactSelection
		}
		if token.Repositories == nil {
			token.Known &^= audit.FactRepositories
		}
		return token
	}
	e := &audit.Evidence{
		Organization: &audit.Organization{
			Login: text(t), ID: rapid.Int64().Draw(t, "organization"), Host: text(t),
			Repositories: some(t, repositories), Known: facts(t), TwoFactorRequired: three(t),
		},
		Tokens: byID(t, "tokens", token),
		Requests: byID(t, "requests", func(id int64) *audit.Request {
			return &audit.Request{Token: token(id), Reason: text(t), CreatedAt: moment(t)}
		}),
		Classic:     classic(t),
		Contacts:    contacts(t),
		Coverage:    coverage(t),
		CollectedAt: moment(t),
	}
	if e.Organization.Repositories == nil {
		e.Organization.Known &^= audit.FactOrganizationRepositories
	}
	for i := range e.Coverage {
		switch c := &e.Coverage[i]; c.Source {
		case audit.SourceTokens:
			c.Items = len(e.Tokens)
		case audit.SourceRepositories:
			c.Items = 0
			for _, token := range e.Tokens {
				if token.Selection == audit.SelectSubset && !token.Expired {
					c.Items++
				}
			}
		case audit.SourceOrganization:
			if c.Status == audit.Complete {
				e.Organization.ID = max(e.Organization.ID, 1)
			}
		case audit.SourceRequests:
			c.Items = len(e.Requests)
		case audit.SourceOrganizationRepositories:
			c.Items = len(e.Organization.Repositories)
		case audit.SourceAuthorizations:
			if c.Status == audit.Complete && e.Classic == nil {
				e.Classic = []*audit.Credential{}
			}
			c.Items = len(e.Classic)
		}
	}
	e.Dropped = byID(t, "dropped", func(id int64) audit.Dropped {
		return audit.Dropped{ID: id, Reason: audit.DroppedRevoked}
	})
	e.Dropped = slices.DeleteFunc(e.Dropped, func(d audit.Dropped) bool {
		return slices.ContainsFunc(e.Tokens, func(t *audit.Token) bool { return t.ID == d.ID })
	})
	e.Manifest = manifest(t, e)
	for i := range e.Coverage { // nothing shows that it is
		if c := &e.Coverage[i]; len(e.Manifest) == 0 && c.Status == audit.Complete {
			c.Status = audit.Unverified
		}
	}
	return e
}

// manifest draws one that balances: each source was answered, and every list is as long as it is.
func manifest(t *rapid.T, e *audit.Evidence) (drawn []audit.Exchange) {
	if rapid.Bool().Draw(t, "nothing was asked") {
		return nil
	}
	for _, source := range audit.Sources {
		for range rapid.IntRange(0, 2).Draw(t, "exchanges") {
			drawn = append(drawn, audit.Exchange{
				Source: source, Route: "GET /" + text(t), Page: rapid.IntMin(0).Draw(t, "page"),
				Status:    rapid.SampledFrom([]int{0, 200, 201, 304, 403, 500}).Draw(t, "status"),
				Attempts:  rapid.IntMin(0).Draw(t, "attempts"),
				RequestID: text(t), Date: moment(t), Rows: count(t, "rows"),
				Cached: rapid.Bool().Draw(t, "cached"),
				Hash:   rapid.StringMatching(`|sha256:[0-9a-f]{64}`).Draw(t, "hash"),
			})
		}
		drawn = append(drawn, audit.Exchange{
			Source: source, Route: "GET /", Status: 200, Attempts: 1,
		})
		drawn = append(drawn, lists(t, e, source)...)
	}
	return drawn
}

// lists returns the exchanges of the lists that a source is made of.
func lists(t *rapid.T, e *audit.Evidence, source string) (list []audit.Exchange) {
	switch source {
	case audit.SourceTokens:
		listed := len(e.Tokens) + len(e.Dropped)
		passes := []int{listed, listed}
		if len(e.Dropped) > 0 {
			after := count(t, "rows after")
			passes = append(passes, after, after)
		}
		list = passesOf(source, 2, passes...)
	case audit.SourceMembers, audit.SourceOrganizationRepositories, audit.SourceAuthorizations:
		n := e.CoverageOf(source).Items
		list = passesOf(source, 2, n, n)
	case audit.SourceRepositories:
		for _, token := range e.Tokens {
			rows := len(token.Repositories)
			list = append(list, passesOver(source, routeOf("personal-access-tokens", token.ID), 2,
				rows, rows)...)
		}
		for _, d := range e.Dropped {
			list = append(list, goneExchange(d.ID))
		}
	case audit.SourceRequests:
		list = passesOf(source, 2, len(e.Requests), len(e.Requests))
		for _, request := range e.Requests {
			id, rows := request.Token.ID, len(request.Token.Repositories)
			list = append(list, passesOver(source, routeOf("personal-access-token-requests", id), 2,
				rows, rows)...)
		}
	}
	return list
}

// passesOf returns the exchanges of passes over a source's list, by their rows; one is accepted.
func passesOf(source string, accepted int, rows ...int) []audit.Exchange {
	return passesOver(source, "GET /orgs/complytime/"+source, accepted, rows...)
}

func passesOver(source, route string, accepted int, rows ...int) (passes []audit.Exchange) {
	for i, n := range rows {
		passes = append(passes, audit.Exchange{
			Source: source, Route: route, Page: 1, Pass: i + 1, Status: 200, Attempts: 1, Rows: n,
			Accepted: i+1 == accepted,
		})
	}
	return passes
}

// count draws one of which a few can be summed.
func count(t *rapid.T, label string) int { return rapid.IntRange(0, 1<<40).Draw(t, label) }

// byID draws a list of things with ascending ids: nil, empty or full.
func byID[T any](t *rapid.T, label string, thing func(int64) T) []T {
	if rapid.IntRange(0, 4).Draw(t, label+" at all") == 0 {
		return nil
	}
	ids := rapid.SliceOfNDistinct(rapid.Int64Min(1), 0, 4, rapid.ID).Draw(t, label)
	slices.Sort(ids)
	list := make([]T, len(ids))
	for i, id := range ids {
		list[i] = thing(id)
	}
	return list
}

func some(t *rapid.T, all []*audit.Repository) []*audit.Repository {
	if rapid.Bool().Draw(t, "no list") {
		return nil
	}
	list := []*audit.Repository{}
	for _, r := range all {
		if rapid.Bool().Draw(t, "listed") {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b *audit.Repository) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// listExchange is the answer with a token's repositories.
func listExchange(id int64, rows int) audit.Exchange {
	return audit.Exchange{
		Source: audit.SourceRepositories, Route: routeOf("personal-access-tokens", id),
		Page: 1, Pass: 1, Status: 200, Attempts: 1, Rows: rows, Accepted: true,
	}
}

// goneExchange is the answer to a question for the repositories of a token that is gone.
func goneExchange(id int64) audit.Exchange {
	return audit.Exchange{
		Source: audit.SourceRepositories, Route: routeOf("personal-access-tokens", id),
		Status: 404, Attempts: 1,
	}
}

func routeOf(tail string, id int64) string {
	return fmt.Sprintf("GET /orgs/complytime/%s/%d/repositories?per_page=100", tail, id)
}

func text(t *rapid.T) string {
	hostile := []rune("a\x00\x1b\x7f\u009b\u2028\u202e\"\\<&\U000e0041\ufffd")
	return rapid.OneOf(
		rapid.Just(""), rapid.String(), rapid.StringOf(rapid.SampledFrom(hostile)),
	).Draw(t, "text")
}

func moment(t *rapid.T) time.Time {
	if rapid.Bool().Draw(t, "no time") {
		return time.Time{}
	}
	from := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	to := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).Unix()
	return time.Unix(rapid.Int64Range(from, to).Draw(t, "seconds"),
		rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")).UTC()
}

func three(t *rapid.T) *bool {
	yes, no := true, false
	return rapid.SampledFrom([]*bool{nil, &yes, &no}).Draw(t, "three-valued")
}

func facts(t *rapid.T) audit.Facts {
	return audit.Facts(rapid.Uint16Range(0, uint16(audit.FactClassic<<1-1)).
		Draw(t, "facts"))
}

func coverage(t *rapid.T) (list []audit.Coverage) {
	for _, source := range audit.Sources {
		if rapid.Bool().Draw(t, source) {
			list = append(list, audit.Coverage{
				Source: source,
				Status: rapid.SampledFrom([]audit.CoverageStatus{
					audit.Complete, audit.Partial, audit.Refused, audit.NotAsked, audit.Unverified,
				}).Draw(t, "status"),
				Items:    count(t, "items"),
				Requests: rapid.IntMin(0).Draw(t, "requests"),
				Reason:   reason(t),
			})
		}
	}
	return list
}

// reason draws what is said of a source.
func reason(t *rapid.T) (all audit.Reason) {
	for range rapid.IntRange(0, 2).Draw(t, "remarks") {
		all = append(all, audit.Remark{
			Code:   rapid.SampledFrom(audit.ReasonCodes()).Draw(t, "code"),
			Status: rapid.IntRange(0, 599).Draw(t, "status"), Words: text(t), Until: moment(t),
			Needs: rapid.SliceOfN(rapid.Just("members"), 1, 2).Draw(t, "needs"),
			Count: rapid.IntRange(0, 9).Draw(t, "count"), For: rapid.Int64Range(-99, 99).Draw(t, "for"),
		})
	}
	return all
}
