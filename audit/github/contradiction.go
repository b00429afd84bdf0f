// SPDX-License-Identifier: Apache-2.0

package github

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// This file finds what lists that are read at the same time say differently of one thing. Nothing
// depends on which list comes first: all that they say is kept until all are read.

// repositories shares one Repository between all who name it.
type repositories struct {
	mu     sync.Mutex
	byID   map[int64]*audit.Repository
	claims map[int64][]claim // what differs, in the order of arrival
}

// claim is what one record says of a repository.
type claim struct{ name, visibility string }

// The visibilities that records have; notPublic is what GitHub's "private" alone says of one that
// is private or internal.
const (
	public    = "public"
	private   = "private"
	notPublic = "not public"
)

func newRepositories() *repositories {
	return &repositories{byID: map[int64]*audit.Repository{}, claims: map[int64][]claim{}}
}

// shared returns the repository with the id, and keeps what a record says of it. GitHub may leave
// the visibility out of one list and have it in another.
func (r *repositories) shared(id int64, name string, visibility ...string) *audit.Repository {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := r.byID[id]
	if known == nil {
		known = &audit.Repository{ID: id, Name: name}
		r.byID[id] = known
	}
	for _, v := range visibility {
		if c := (claim{name, v}); !slices.Contains(r.claims[id], c) {
			r.claims[id] = append(r.claims[id], c)
		}
	}
	return known
}

// describe puts into each repository what all records say of it, and returns those of which they
// say two things, by id.
func (r *repositories) describe() (doubted map[*audit.Repository]bool, doubts []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	doubted = map[*audit.Repository]bool{}
	named := map[string]*audit.Repository{}
	for _, id := range slices.Sorted(maps.Keys(r.byID)) {
		repository := r.byID[id]
		doubt := func(format string, args ...any) {
			doubted[repository] = true
			doubts = append(doubts, fmt.Sprintf(format, args...))
		}
		names, visibilities := valuesOf(r.claims[id])
		repository.Name, repository.Visibility = names[0], ""
		switch {
		case len(visibilities) == 1 && visibilities[0] == notPublic:
			repository.Visibility = private
		case len(visibilities) == 1:
			repository.Visibility = visibilities[0]
		case len(visibilities) > 1:
			doubt("repository %d is %s", id, quotedNames(visibilities))
		}
		if len(names) > 1 {
			doubt("repository %d is called %s", id, quotedNames(names))
		}
		for _, name := range names {
			name = strings.ToLower(name)
			if other := named[name]; other != nil && other != repository {
				doubted[other] = true
				doubt("repositories %d and %d are both called %s", other.ID, id,
					quotedNames([]string{name}))
			}
			named[name] = repository
		}
	}
	return doubted, doubts
}

// valuesOf returns the names and the visibilities that records have, sorted, each once. That a
// repository is not public adds nothing where one says whether it is private or internal.
func valuesOf(claims []claim) (names, visibilities []string) {
	for _, c := range claims {
		names = append(names, c.name)
		if c.visibility != "" {
			visibilities = append(visibilities, c.visibility)
		}
	}
	slices.Sort(names)
	slices.Sort(visibilities)
	names, visibilities = slices.Compact(names), slices.Compact(visibilities)
	if slices.ContainsFunc(
		visibilities,
		func(v string) bool { return v != public && v != notPublic },
	) {
		visibilities = slices.DeleteFunc(
			visibilities,
			func(v string) bool { return v == notPublic },
		)
	}
	return names, visibilities
}

// nameOwners puts into each owner of a list the login that its records have, and returns those of
// whom they have two, and logins of two people. The records are those of the pass that was
// accepted: who was renamed during one has a single login in the next.
func nameOwners(records []grant) (doubts []string) {
	logins := map[*audit.Member][]string{}
	for _, g := range records {
		if owner := g.token.Owner; owner != nil && !slices.Contains(logins[owner], g.login) {
			logins[owner] = append(logins[owner], g.login)
		}
	}
	named := map[string]*audit.Member{}
	for _, owner := range slices.SortedFunc(maps.Keys(logins), func(a, b *audit.Member) int {
		return cmp.Compare(a.ID, b.ID)
	}) {
		names := logins[owner]
		slices.Sort(names)
		if owner.Login = names[0]; len(names) > 1 {
			doubts = append(
				doubts,
				fmt.Sprintf("account %d is called %s", owner.ID, quotedNames(names)),
			)
		}
		for _, login := range names {
			login = strings.ToLower(login)
			if other := named[login]; other != nil && other != owner {
				doubts = append(
					doubts,
					fmt.Sprintf("accounts %d and %d are both called %s", other.ID,
						owner.ID, quotedNames([]string{login})),
				)
			}
			named[login] = owner
		}
	}
	return doubts
}

// contradictOwners doubts the lists that name an owner by two logins. A login in the list of
// tokens goes before one in the list of requests.
func (c *collection) contradictOwners() {
	if doubts := nameOwners(c.requests); len(doubts) > 0 {
		c.contradict(audit.SourceRequests, doubts)
	}
	if doubts := nameOwners(c.accepted.items()); len(doubts) > 0 {
		c.contradict(audit.SourceTokens, doubts)
	}
}

// contradictRepositories drops the lists that name a repository of which two things are said: what
// a token reaches is not known then.
func (c *collection) contradictRepositories() {
	doubted, doubts := c.shared.describe()
	if len(doubts) == 0 {
		return
	}
	reaches := func(token *audit.Token) bool {
		if !slices.ContainsFunc(token.Repositories, func(r *audit.Repository) bool {
			return doubted[r]
		}) {
			return false
		}
		distrustToken(token)
		return true
	}
	for _, token := range c.evidence.Tokens {
		if reaches(token) {
			c.contradict(audit.SourceRepositories, doubts)
		}
	}
	for _, request := range c.evidence.Requests {
		if reaches(request.Token) {
			c.contradict(audit.SourceRequests, doubts)
		}
	}
	if slices.ContainsFunc(c.organization.Repositories, func(r *audit.Repository) bool {
		return doubted[r]
	}) {
		c.organization.Repositories = nil
		c.organization.Known &^= audit.FactOrganizationRepositories
		c.contradict(audit.SourceOrganizationRepositories, doubts)
	}
}

// peopleOf returns the people that are these members. Of one of whom they say two things nothing
// is known; the error names the first of those.
func peopleOf(members []person) (found *people, doubt error) {
	found = &people{members: make(map[int64]member, len(members))}
	doubted := map[int64]bool{}
	for _, p := range members {
		known, twice := found.members[p.id]
		if !twice {
			found.members[p.id] = p.member
			continue
		}
		if text := known.contradicts(p.member); text != "" && !doubted[p.id] {
			doubted[p.id] = true
			if doubt == nil {
				doubt = &api.Error{Kind: api.Malformed, Message: contradictory([]string{
					fmt.Sprintf("member %d %s", p.id, text),
				}).String()}
			}
		}
	}
	maps.DeleteFunc(found.members, func(id int64, _ member) bool { return doubted[id] })
	return found, doubt
}

// contradicts returns in what two records of a member differ; "" if they say the same. The smaller
// value comes first, whichever record did.
func (m member) contradicts(other member) string {
	has := func(m member) (told, has bool) {
		return m.twoFactor != nil, m.twoFactor != nil && *m.twoFactor
	}
	toldA, hasA := has(m)
	toldB, hasB := has(other)
	logins, roles := []string{m.login, other.login}, []string{string(m.role), string(other.role)}
	slices.Sort(logins)
	slices.Sort(roles)
	switch {
	case m.login != other.login:
		return "is called " + quotedNames(logins)
	case m.role != other.role:
		return "has the roles " + strings.Join(roles, " and ")
	case toldA != toldB || hasA != hasB:
		return "has two answers on the second factor"
	}
	return ""
}
