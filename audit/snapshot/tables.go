// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// tables holds what tokens share, each once: 100,000 tokens have a few hundred owners, and fewer
// sets of permissions still.
type tables struct {
	members      []*audit.Member     // by id
	repositories []*audit.Repository // by id
	permissions  [][]audit.Permission

	// Where a set stands in permissions: by its content, and, since tokens share their sets, by
	// its first element and length, which spares most tokens the making of a key.
	byContent map[string]int
	byAddress map[address]int

	known map[audit.Facts][]string // names of what is known, which many tokens have the same
}

type address struct {
	first *audit.Permission
	n     int
}

// tabulate gathers the tables, and refuses evidence in which one id means two things.
func tabulate(e *audit.Evidence) (*tables, error) {
	if e.Organization == nil {
		return nil, errors.New("it has no organization")
	}
	t := &tables{
		permissions: [][]audit.Permission{},
		byContent:   map[string]int{},
		byAddress:   map[address]int{},
		known:       map[audit.Facts][]string{},
	}
	members := map[int64]*audit.Member{}
	repositories := map[int64]*audit.Repository{}
	once := once{}
	if err := addRepositories(repositories, e.Organization.Repositories, &once); err != nil {
		return nil, err
	}
	for token := range e.AllTokens() {
		t.add(token.Permissions)
		if err := addMember(members, token.Owner); err != nil {
			return nil, err
		}
		if err := addRepositories(repositories, token.Repositories, &once); err != nil {
			return nil, err
		}
	}
	t.members = inOrder(members)
	t.repositories = inOrder(repositories)
	return t, nil
}

func inOrder[T any](byID map[int64]*T) []*T {
	list := make([]*T, 0, len(byID))
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		list = append(list, byID[id])
	}
	return list
}

func addMember(byID map[int64]*audit.Member, m *audit.Member) error {
	if m == nil {
		return nil
	}
	old, ok := byID[m.ID]
	switch {
	case m.ID <= 0:
		return fmt.Errorf("members: %d is no id", m.ID)
	case !ok:
		byID[m.ID] = m
	case old != m && !sameMember(old, m):
		return fmt.Errorf("members: %d means two people", m.ID)
	}
	return nil
}

func sameMember(a, b *audit.Member) bool {
	return a.Login == b.Login && a.Role == b.Role && (a.TwoFactor == nil) == (b.TwoFactor == nil) &&
		(a.TwoFactor == nil || *a.TwoFactor == *b.TwoFactor)
}

func addRepositories(
	byID map[int64]*audit.Repository, list []*audit.Repository, once *once,
) error {
	once.begin()
	for _, r := range list {
		old, ok := byID[r.ID]
		switch {
		case r.ID <= 0:
			return fmt.Errorf("repositories: %d is no id", r.ID)
		case once.again(r.ID):
			return fmt.Errorf("repositories: %d is twice in one list", r.ID)
		case !ok:
			byID[r.ID] = r
		case old != r && *old != *r:
			return fmt.Errorf("repositories: %d means two repositories", r.ID)
		}
	}
	return nil
}

// add enters a set into the table, unless it is there; nil is no set.
func (t *tables) add(set []audit.Permission) {
	if set == nil || t.setOf(set) != nil {
		return
	}
	key := contentOf(set)
	i, ok := t.byContent[key]
	if !ok {
		i = len(t.permissions)
		t.permissions = append(t.permissions, set)
		t.byContent[key] = i
	}
	if len(set) > 0 {
		t.byAddress[address{&set[0], len(set)}] = i
	}
}

// setOf returns the index of a set; nil if it is nil or not in the table.
func (t *tables) setOf(set []audit.Permission) *int {
	if set == nil {
		return nil
	}
	i, ok := 0, false
	if len(set) > 0 {
		i, ok = t.byAddress[address{&set[0], len(set)}]
	} else {
		i, ok = t.byContent[""]
	}
	if !ok {
		return nil
	}
	return &i
}

// factNames returns the names of facts, and refuses those that have none.
func (t *tables) factNames(known audit.Facts) ([]string, error) {
	if names, ok := t.known[known]; ok {
		return names, nil
	}
	names, err := factNames(known)
	if err == nil {
		t.known[known] = names
	}
	return names, err
}

// contentOf returns a key of a set, another one for each. Lengths stand before texts, since a text
// may hold any character.
func contentOf(set []audit.Permission) string {
	var key strings.Builder
	for _, p := range set {
		for _, text := range []string{p.Group, p.Name, p.Level} {
			fmt.Fprintf(&key, "%d:%s", len(text), text)
		}
	}
	return key.String()
}
