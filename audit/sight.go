// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"
	"time"
)

// Sight is what a run saw that a token can do. What a run did not learn is not in Known.
type Sight struct {
	At           time.Time // when the evidence was collected
	Known        Facts     // of FactSelection, FactPermissions and FactRepositories
	Selection    Selection
	Permissions  []Permission
	Repositories []*Repository
}

// SightOf returns what evidence of an instant says that a token can do.
func SightOf(t *Token, at time.Time) Sight {
	return Sight{
		At: at, Known: t.Known, Selection: t.Selection, Permissions: t.Permissions,
		Repositories: t.Repositories,
	}
}

// acceptance collects what a token may do because somebody accepted it.
type acceptance struct{ may Token }

// first adds what nothing was known of so far: at first sight it is accepted, fact by fact.
func (a *acceptance) first(s *Sight) { a.add(s, s.Known&^a.may.Known) }

// all adds all that a run saw.
func (a *acceptance) all(s *Sight) { a.add(s, s.Known) }

func (a *acceptance) add(s *Sight, facts Facts) {
	if facts.Has(FactPermissions) {
		a.may.Permissions = joined(a.may.Permissions, s.Permissions)
	}
	if facts.Has(FactSelection) {
		a.may.Selection = wider(a.may.Selection, s.Selection)
	}
	if s.Selection == SelectAll {
		facts &^= FactRepositories // it has no list
	}
	if facts.Has(FactRepositories) {
		a.may.Repositories = joined(a.may.Repositories, s.Repositories)
	}
	a.may.Known |= facts
}

// joined returns both lists in one, neither of which is changed.
func joined[T any](a, b []T) []T {
	if len(a) == 0 {
		return b
	}
	return append(a[:len(a):len(a)], b...)
}

// wider returns the selection that reaches more: all, then a list, then none.
func wider(a, b Selection) Selection {
	switch {
	case a == "" || b == SelectAll, a == SelectNone && b != "":
		return b
	}
	return a
}

// Accepted returns what of a token's rights somebody accepted, as a token that has them: what was
// seen of each fact first, what decisions to keep it say, and all that was seen up to the day of
// one that does not say, or up to an instant (zero: none). It is nil if no earlier run saw the
// token, and without a history.
func (s *Subject) Accepted(upTo time.Time) *Token {
	if s.Past == nil {
		return nil
	}
	if s.kept.After(upTo) {
		upTo = s.kept
	}
	now := SightOf(s.Token, s.seen)
	var a acceptance
	for i := range s.Past.Sights {
		a.first(&s.Past.Sights[i])
	}
	a.first(&now)
	for i := range s.keeps {
		a.all(&s.keeps[i])
	}
	if upTo.IsZero() {
		return &a.may
	}
	for i := range s.Past.Sights {
		if sight := &s.Past.Sights[i]; !sight.At.After(upTo) {
			a.all(sight)
		}
	}
	if !now.At.After(upTo) {
		a.all(&now)
	}
	return &a.may
}

// keepDecisions returns what decisions to keep the token accept for good, also when they are over:
// what exact ones say, and for others the end of the last day on which somebody took one. What was
// seen until then is accepted.
func (j *judge) keepDecisions(token *Token) (exact []Sight, until time.Time) {
	if token.Owner == nil || token.TokenID == 0 || j.contested[token.TokenID] != nil {
		return nil, until
	}
	for _, d := range j.decisions[token.TokenID] {
		if d.Kind != Keep || d.OwnerID != token.Owner.ID {
			continue
		}
		if d.Exact() {
			exact = append(exact, d.sight())
		} else if day := d.On.AddDate(0, 0, 1).Add(-1); day.After(until) {
			until = day
		}
	}
	return exact, until
}

// Life is what a history knows of a token over all its runs.
type Life struct {
	FirstSeen time.Time
	GoneAt    time.Time // zero while it is listed
	ExpiresAt time.Time // the last expiry that GitHub showed; zero if none, or never
	ToldSince time.Time // since when it shows that; zero if it never did
	States    []State   // what it could do, oldest first
}

// State is what a token could do since a run, as far as that run learned it. Of repositories it
// has the id and the name, and nothing else.
type State struct {
	Run int64 // it may have been pruned
	Sight
}

// Tokens returns what the token could do at each state, whole: what a run did not learn is as it
// was.
func (l *Life) Tokens() []*Token {
	tokens := make([]*Token, len(l.States))
	now := Token{}
	for i, s := range l.States {
		now.Known |= s.Known
		if s.Known.Has(FactPermissions) {
			now.Permissions = slices.SortedFunc(slices.Values(s.Permissions), ComparePermissions)
		}
		if s.Known.Has(FactSelection) {
			now.Selection = s.Selection
		}
		if s.Known.Has(FactRepositories) {
			now.Repositories = s.Repositories
		}
		then := now
		tokens[i] = &then
	}
	return tokens
}
