// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"
	"time"
)

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
