// SPDX-License-Identifier: Apache-2.0

package audit

import "slices"

// What a successor may hold.

// mayMeet reports whether permissions may meet in one token, wherever it reaches now, or at least
// in one that reaches less, which nearly all that may meet at all can be in.
func (d *drafter) mayMeet(permissions []Permission) bool {
	return d.clean(d.draft(permissions, only(nil))) || d.clean(d.draft(permissions, asNow))
}

// permissions returns the sets that successors may hold, one for each: all that pass by
// themselves, in as many sets as it takes where they must not meet.
func (d *drafter) permissions() [][]Permission {
	held := d.made.Permissions
	if !d.made.Known.Has(FactPermissions) || d.mayMeet(held) {
		return [][]Permission{held}
	}
	kept := make([]Permission, 0, len(held))
	for _, p := range held {
		if p, ok := d.lowered(p, d.mayMeet); ok {
			kept = append(kept, p)
		}
	}
	if d.mayMeet(kept) {
		return [][]Permission{kept}
	}
	var sets [][]Permission
	for rest := kept; len(rest) > 0; {
		set := d.grown(d.grown(nil, rest), kept)
		slices.SortFunc(set, ComparePermissions)
		sets, rest = append(sets, set), missing(rest, set)
	}
	return sets
}

// lowered returns a permission at the strongest level at which it passes by itself, if there is
// one.
func (d *drafter) lowered(p Permission, passes func([]Permission) bool) (Permission, bool) {
	for _, p := range append([]Permission{p}, d.weaker(p)...) {
		if passes([]Permission{p}) {
			return p, true
		}
	}
	return Permission{}, false
}

// weaker returns a permission at the weaker levels that GitHub has of it, the strongest first.
func (d *drafter) weaker(p Permission) (weaker []Permission) {
	rank := []string{LevelRead, LevelWrite, LevelAdmin}
	from := slices.Index(rank, p.Level)
	if from < 0 {
		from = len(rank) // an unknown level counts as the strongest
	}
	info, _ := d.judge.permissions.Find(p.Group, p.Name)
	for _, level := range slices.Backward(rank[:from]) {
		if slices.Contains(info.Levels, level) {
			weaker = append(weaker, Permission{Group: p.Group, Name: p.Name, Level: level})
		}
	}
	return weaker
}

// grown adds to a set one after another the permissions that may be in it, too.
func (d *drafter) grown(set, more []Permission) []Permission {
	for _, p := range missing(more, set) {
		if larger := append(slices.Clip(set), p); d.mayMeet(larger) {
			set = larger
		}
	}
	return set
}

// missing returns the permissions that a set does not have.
func missing(permissions, set []Permission) []Permission {
	return slices.DeleteFunc(slices.Clone(permissions), func(p Permission) bool {
		return slices.Contains(set, p)
	})
}
