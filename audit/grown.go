// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"
	"strings"
)

// EveryRepository is the basis of whatever rests on the selection all.
const EveryRepository = "all repositories"

// reaching stands before a repository that a token has come to reach.
const reaching = "reaches "

// Reaches returns how [Grown] lists a repository that a token has come to reach.
func Reaches(r *Repository) string { return reaching + r.Name }

// Reached is the inverse of [Reaches]: the repository's name. ok is false of any other right.
func Reached(grown string) (name string, ok bool) { return strings.CutPrefix(grown, reaching) }

// GrownBasis returns what [Grown] lists of a token as a basis: repositories by their ids.
func GrownBasis(grown []string, now *Token) []string {
	basis := slices.Clone(grown)
	for _, r := range now.Repositories {
		if i := slices.Index(basis, Reaches(r)); i >= 0 {
			basis[i] = OnRepository(strings.TrimSpace(reaching), r)
		}
	}
	return basis
}

// GrownNames lists what [Grown] does as it reads after "gained" or "lost": repositories by their
// names alone.
func GrownNames(grown []string) []string {
	names := make([]string, len(grown))
	for i, what := range grown {
		names[i] = strings.TrimPrefix(what, reaching)
	}
	return names
}

// Strength orders the levels of a permission, weakest first. An unknown one is the strongest.
func Strength(level string) int {
	switch level {
	case LevelRead:
		return 0
	case LevelWrite:
		return 1
	case LevelAdmin:
		return 2
	}
	return 3
}

// Grown lists what a token can do now and could not before: permissions, and repositories as
// "reaches complytime/infra". What was not known both times is not compared.
func Grown(before, now *Token) (added []string) {
	known := before.Known & now.Known
	if known.Has(FactPermissions) {
		added = addedPermissions(before.Permissions, now.Permissions)
	}
	if known.Has(FactSelection) {
		added = append(added, addedRepositories(before, now, known.Has(FactRepositories))...)
	}
	return added
}

// addedPermissions lists what was not held before, at that level or a stronger one.
func addedPermissions(before, now []Permission) (added []string) {
	for _, p := range now {
		if !slices.ContainsFunc(before, func(old Permission) bool {
			return old.Group == p.Group && old.Name == p.Name &&
				(old.Level == p.Level || Strength(old.Level) > Strength(p.Level))
		}) {
			added = append(added, p.String())
		}
	}
	return added
}

// addedRepositories lists what is reached now and was not before.
func addedRepositories(before, now *Token, listed bool) (added []string) {
	switch {
	case now.Selection == before.Selection && now.Selection != SelectSubset,
		now.Selection == SelectNone, before.Selection == SelectAll:
		return nil
	case now.Selection == SelectAll:
		return []string{EveryRepository}
	case !listed:
		return nil
	}
	ids, names, unnumbered := map[int64]bool{}, map[string]bool{}, map[string]bool{}
	for _, r := range before.Repositories {
		ids[r.ID], names[r.Name] = true, true
		unnumbered[r.Name] = unnumbered[r.Name] || r.ID == 0
	}
	for _, r := range now.Repositories {
		// By id, whatever it is called now; by name where an id is not known.
		had := ids[r.ID] || unnumbered[r.Name]
		if r.ID == 0 {
			had = names[r.Name]
		}
		if !had {
			added = append(added, Reaches(r))
		}
	}
	return added
}
