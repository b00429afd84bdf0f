// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"slices"
)

// The repositories that the owner of a successor may choose from.

// choices returns successors whose repositories are to be chosen, from those of which each may be
// reached by itself; none if no repository may be.
func (d *drafter) choices(permissions []Permission) []*Successor {
	pool := d.pool()
	most, fit := d.choosable(permissions, pool)
	if len(fit) == 0 {
		permissions = d.lowerEach(permissions, func(set []Permission) bool {
			_, fit := d.choosable(set, pool)
			return len(fit) > 0
		})
		if most, fit = d.choosable(permissions, pool); len(fit) == 0 {
			return nil
		}
	}
	choice := func(visibility string, of, fit []*Repository) *Successor {
		return &Successor{
			Token: d.draft(permissions, toChoose), MaxRepositories: most, Visibility: visibility,
			LeftOut: without(of, fit), pool: fit,
		}
	}
	private, public, _ := byVisibility(fit)
	if len(private) == 0 || len(public) == 0 ||
		d.clean(d.draft(permissions, only([]*Repository{private[0], public[0]}))) {
		return []*Successor{choice("", pool, fit)}
	}
	allPrivate, allPublic, _ := byVisibility(pool)
	return []*Successor{
		choice(VisibilityPrivate, allPrivate, private), choice(VisibilityPublic, allPublic, public),
	}
}

// pool returns the repositories from which a successor's are chosen, by who can read them: the
// token's, or those of the organization. If none is known it is one of which nothing is known.
func (d *drafter) pool() []*Repository {
	pool := d.judge.evidence.Organization.Repositories
	if d.made.Selection == SelectSubset && !d.made.unlisted() && len(d.made.Repositories) > 0 {
		pool = d.made.Repositories
	}
	if len(pool) == 0 {
		return []*Repository{{}}
	}
	private, public, unseen := byVisibility(pool)
	return slices.Concat(private, public, unseen)
}

// choosable returns the repositories of which each may be reached by itself with permissions, and
// how many of them together: 0 if no rule limits that.
func (d *drafter) choosable(permissions []Permission, pool []*Repository) (int, []*Repository) {
	most, limited := d.mostRepositories(d.draft(permissions, toChoose))
	if limited && most == 0 {
		return 0, nil
	}
	size := len(pool)
	if limited {
		size = min(size, most) // more never pass together
	}
	var fit []*Repository
	for chunk := range slices.Chunk(pool, size) {
		fit = append(fit, d.fit(permissions, chunk)...)
	}
	if n, by := d.mostRepositories(d.draft(permissions, only(fit))); by && (n < most || !limited) {
		most = n // an override of some of them is stricter
	}
	return most, fit
}

// without returns the repositories that are not among some of them, by name.
func without(repositories, some []*Repository) (others []*Repository) {
	in := make(map[*Repository]bool, len(some))
	for _, r := range some {
		in[r] = true
	}
	for _, r := range repositories {
		if !in[r] {
			others = append(others, r)
		}
	}
	slices.SortFunc(others, func(a, b *Repository) int { return cmp.Compare(a.Name, b.Name) })
	return others
}
