// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"slices"
	"strings"
)

// Registry says which owners of tokens are no people, who answers for them, and who only looks
// like a machine. It answers the rule that asks for it, adds a question about contacts, and makes
// nothing else milder.
type Registry struct {
	Digest string          // "sha256:…" of its canonical text
	Owners []*Registration // by login, in lower case
}

// Registration is what a registry says of one owner.
type Registration struct {
	Login   string
	ID      int64 // 0: whoever has the login
	Kind    OwnerKind
	Team    string // "" if none is named, these too
	Contact string // login of who answers for a bot
	Service string
}

// OwnerKind is what an owner is.
type OwnerKind string

// The kinds of owners.
const (
	Bot    OwnerKind = "bot"
	Person OwnerKind = "person"
)

// OwnerKinds lists them.
var OwnerKinds = []OwnerKind{Bot, Person}

// Is reports whether the entry is about an account: by its login, and by its id if the entry has
// one, for logins change hands.
func (r *Registration) Is(m *Member) bool {
	return strings.EqualFold(r.Login, m.Login) && (r.ID == 0 || r.ID == m.ID)
}

// Called returns the entry of a login, in any case, whoever has it now; nil without one.
func (r *Registry) Called(login string) *Registration {
	if r == nil {
		return nil
	}
	i, found := slices.BinarySearchFunc(r.Owners, strings.ToLower(login),
		func(e *Registration, login string) int {
			return cmp.Compare(strings.ToLower(e.Login), login)
		})
	if !found {
		return nil
	}
	return r.Owners[i]
}

// Of returns the entry of a token's owner; nil without one, and if the owner is not known.
func (r *Registry) Of(t *Token) *Registration {
	if r == nil || t.Owner == nil || !t.Known.Has(FactOwner) {
		return nil
	}
	if e := r.Called(t.Owner.Login); e != nil && e.Is(t.Owner) {
		return e
	}
	return nil
}

// Contacts lists the logins of all contacts, in lower case, each once.
func (r *Registry) Contacts() (logins []string) {
	if r == nil {
		return nil
	}
	for _, e := range r.Owners {
		if e.Contact != "" {
			logins = append(logins, strings.ToLower(e.Contact))
		}
	}
	slices.Sort(logins)
	return slices.Compact(logins)
}

// Contacts returns whose role in the organization the policy needs beside that of owners: the
// registry's contacts, if a rule asks about them.
func (p *Policy) Contacts() []string {
	if !slices.ContainsFunc(p.Rules, func(r PolicyRule) bool {
		return r.Asked && r.Rule.OfRegistered
	}) {
		return nil
	}
	return p.Registry.Contacts()
}

// Registered is how a registry fits a run.
type Registered struct {
	Digest string
	Owners int // entries

	// OtherIDs are the logins of entries that do not apply, for the account that has the login now
	// is another one than the entry names. Absent counts the entries of which no token is.
	OtherIDs []string
	Absent   int
}

// registered sums up how the registry fits the evidence; nil without one.
func (j *judge) registered() *Registered {
	registry := j.policy.Registry
	if registry == nil {
		return nil
	}
	sum := &Registered{Digest: registry.Digest, Owners: len(registry.Owners)}
	seen, other := map[*Registration]bool{}, map[*Registration]bool{}
	for token := range j.evidence.AllTokens() {
		if token.Owner == nil || !token.Known.Has(FactOwner) {
			continue
		}
		switch e := registry.Called(token.Owner.Login); {
		case e == nil:
		case e.Is(token.Owner):
			seen[e] = true
		default:
			other[e] = true
		}
	}
	for _, e := range registry.Owners {
		switch {
		case other[e]:
			sum.OtherIDs = append(sum.OtherIDs, e.Login)
		case !seen[e]:
			sum.Absent++
		}
	}
	return sum
}

// register puts into a subject what the registry says of the token's owner.
func (j *judge) register(s *Subject) {
	if s.Registration = j.policy.Registry.Of(s.Token); s.Registration != nil {
		s.Contact = j.roles[strings.ToLower(s.Registration.Contact)]
	}
}

// roles returns what the organization is to people, by their logins in lower case: to those who
// were asked for, and to owners of tokens. It is only of those of whom it is known.
func (e *Evidence) roles() map[string]Role {
	roles := map[string]Role{}
	for token := range e.AllTokens() {
		if token.Owner != nil && token.Known.Has(FactOwner|FactMembership) {
			roles[strings.ToLower(token.Owner.Login)] = token.Owner.Role
		}
	}
	for _, m := range e.Contacts {
		if m.Role != RoleUnknown {
			roles[strings.ToLower(m.Login)] = m.Role
		}
	}
	return roles
}
