// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"
	"strings"
)

// Override judges some tokens by other parameters or severities: in place of the policy, or beside
// it, as [Condition.Replaces] reports. Of all that match a token the worst answer stands.
type Override struct {
	Name string // what reports call it
	When Condition

	// Rules are all of the policy's rules, in its order, as they are asked where the override
	// matches. Which rules are asked is the same everywhere.
	Rules []PolicyRule

	// Set has the keys that the override itself sets, by rule: severity, or parameters. In all
	// others its rules are as the policy has them. Nil: it was not read from a file.
	Set map[string][]string
}

// Condition chooses tokens. Every part that is not empty must match; within a part one entry is
// enough. Owners and tokens have ids that nobody chooses; what the other parts look at, a token's
// owner may change at will.
type Condition struct {
	Owners       []Account
	Tokens       []int64  // token ids
	Names        []string // globs of the token's name
	Repositories []string // globs of "name" or "owner/name" that the token reaches
	Permissions  []string // "name:level" or "group:name:level"; a stronger level matches, too
}

// Account is somebody's account by its id. The login is for readers: it can be freed, and taken by
// somebody else.
type Account struct {
	ID    int64
	Login string `json:"-"` // "" if not said
}

// Replaces reports whether an override with the condition judges in place of the policy, and so
// may loosen it: it is bound to ids, and looks at neither names nor permissions. If it looks at
// repositories, it does so only of a token that is known to reach no others. In all other cases it
// judges beside the policy.
func (c *Condition) Replaces() bool {
	return len(c.Owners)+len(c.Tokens) > 0 && len(c.Names)+len(c.Permissions) == 0
}

// match is the answer of three-valued logic.
type match uint8

const (
	matchNo match = iota
	matchUnknown
	matchYes
)

// Matches reports whether a token of the matcher's organization is chosen. If a fact that decides
// is not known, certain is false.
func (m *Matcher) Matches(s *Subject) (matches, certain bool) {
	matched := m.match(s)
	return matched == matchYes, matched != matchUnknown
}

// effect is what an override does to the policy's answers about a token.
type effect uint8

const (
	noEffect effect = iota
	isBeside        // it answers beside the policy
	replaces        // it answers in place of the policy
)

// effect returns what an override with the condition does; what it may do, if that is not certain.
func (m *Matcher) effect(s *Subject) (e effect, certain bool) {
	matched := m.match(s)
	switch {
	case matched == matchNo:
		return noEffect, true
	case !m.Replaces():
		return isBeside, matched == matchYes
	case len(m.Repositories) == 0:
		return replaces, matched == matchYes
	}
	only := m.reachesOnly(s.Token)
	if only == matchNo {
		return isBeside, matched == matchYes
	}
	return replaces, min(matched, only) == matchYes
}

// Matcher is a condition made ready to be asked of many tokens of one organization.
type Matcher struct {
	*Condition
	names, repositories []glob
	permissions         []Right
	ofAll               match // what a selection of all repositories matches
}

// Matcher returns the condition for the tokens of an organization.
func (c *Condition) Matcher(o *Organization) *Matcher {
	m := &Matcher{Condition: c}
	for _, pattern := range c.Names {
		m.names = append(m.names, globOf(pattern))
	}
	for _, pattern := range c.Repositories {
		m.repositories = append(m.repositories, globOf(pattern))
	}
	for _, permission := range c.Permissions {
		if right, err := ParseRight(permission); err == nil { // else nothing gives it
			m.permissions = append(m.permissions, right)
		}
	}
	m.ofAll = matchUnknown
	if o.Known.Has(FactOrganizationRepositories) {
		m.ofAll = known(m.reaches(o.Repositories))
	}
	return m
}

func (m *Matcher) match(s *Subject) match {
	result := min(m.matchTokens(s.Token), m.matchOwners(s.Token))
	if result > matchNo {
		result = min(result, m.matchNames(s.Token), m.matchPermissions(s.Token))
	}
	if result > matchNo { // the dearest comes last
		result = min(result, m.matchRepositories(s.Token))
	}
	return result
}

// needs returns the facts that the condition rests on.
func (c *Condition) needs() (f Facts) {
	if len(c.Owners) > 0 {
		f |= FactOwner
	}
	if len(c.Repositories) > 0 {
		f |= FactSelection | FactRepositories | FactOrganizationRepositories
	}
	if len(c.Permissions) > 0 {
		f |= FactPermissions
	}
	return f
}

func known(is bool) match {
	if is {
		return matchYes
	}
	return matchNo
}

func (m *Matcher) matchTokens(t *Token) match {
	switch {
	case len(m.Tokens) == 0:
		return matchYes
	case t.TokenID == 0:
		return matchUnknown
	}
	return known(slices.Contains(m.Tokens, t.TokenID))
}

func (m *Matcher) matchOwners(t *Token) match {
	switch {
	case len(m.Owners) == 0:
		return matchYes
	case t.Owner == nil || t.Owner.ID == 0:
		return matchUnknown
	}
	return known(slices.ContainsFunc(m.Owners, func(a Account) bool { return a.ID == t.Owner.ID }))
}

func (m *Matcher) matchNames(t *Token) match {
	switch {
	case len(m.Names) == 0:
		return matchYes
	case t.Name == "":
		return matchUnknown
	}
	name := strings.ToLower(t.Name)
	return known(slices.ContainsFunc(m.names, func(g glob) bool { return g.match(name) }))
}

func (m *Matcher) matchPermissions(t *Token) match {
	switch {
	case len(m.Permissions) == 0:
		return matchYes
	case !t.Known.Has(FactPermissions):
		return matchUnknown
	}
	return known(slices.ContainsFunc(m.permissions, func(wanted Right) bool {
		return slices.ContainsFunc(t.Permissions, wanted.GivenBy)
	}))
}

// matchRepositories returns whether what the token reaches matches: of a selection of all, every
// repository that the organization has.
func (m *Matcher) matchRepositories(t *Token) match {
	switch {
	case len(m.Repositories) == 0:
		return matchYes
	case !t.Known.Has(FactSelection):
		return matchUnknown
	case t.Selection == SelectNone:
		return matchNo
	case t.Selection == SelectAll:
		return m.ofAll
	case t.Selection == SelectSubset && t.Known.Has(FactRepositories):
		return known(m.reaches(t.Repositories))
	}
	return matchUnknown
}

func (m *Matcher) reaches(repositories []*Repository) bool {
	return slices.ContainsFunc(repositories, m.matchesRepository)
}

// reachesOnly reports whether the repositories of a token are listed, and all of them match. A
// selection of all reaches those to come, too.
func (m *Matcher) reachesOnly(t *Token) match {
	switch {
	case !t.Known.Has(FactSelection):
		return matchUnknown
	case t.Selection != SelectSubset:
		return matchNo
	case !t.Known.Has(FactRepositories):
		return matchUnknown
	}
	return known(!slices.ContainsFunc(t.Repositories, func(r *Repository) bool {
		return !m.matchesRepository(r)
	}))
}

func (m *Matcher) matchesRepository(r *Repository) bool {
	name := strings.ToLower(r.Name)
	return slices.ContainsFunc(m.repositories, func(g glob) bool {
		return g.matchRepository(name)
	})
}
