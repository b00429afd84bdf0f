// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"slices"
)

// Reach is the set of repositories that a token reaches, or for which something of it was
// accepted: all of an organization's, now and later, or some by their ids. The zero value is not
// known.
type Reach struct {
	kind reachKind
	ids  []int64 // sorted, each once
}

type reachKind uint8

const (
	reachUnknown reachKind = iota
	reachSome
	reachAll
)

// AllRepositories returns the reach of every repository, present and future.
func AllRepositories() Reach { return Reach{kind: reachAll} }

// SomeRepositories returns the reach of repositories by their ids; of none, the empty one, which
// is known. What is no id makes it unknown.
func SomeRepositories(ids ...int64) Reach {
	sorted := slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(sorted) > 0 && sorted[0] <= 0 {
		return Reach{}
	}
	return Reach{reachSome, sorted}
}

// ReachOf returns what a token reaches. It is unknown unless the selection is known and, of a
// subset, each repository with its id.
func ReachOf(t *Token) Reach {
	switch {
	case !t.Known.Has(FactSelection):
	case t.Selection == SelectAll:
		return AllRepositories()
	case t.Selection == SelectNone:
		return SomeRepositories()
	case t.Selection == SelectSubset && t.Known.Has(FactRepositories):
		ids := make([]int64, len(t.Repositories))
		for i, r := range t.Repositories {
			ids[i] = r.ID
		}
		return SomeRepositories(ids...)
	}
	return Reach{}
}

// Known reports whether it is known.
func (r Reach) Known() bool { return r.kind != reachUnknown }

// All reports whether it is every repository.
func (r Reach) All() bool { return r.kind == reachAll }

// IDs returns the repositories, sorted; none of all of them, or of an unknown reach.
func (r Reach) IDs() []int64 { return slices.Clone(r.ids) }

// Has reports whether it is known to hold a repository.
func (r Reach) Has(id int64) bool {
	_, found := slices.BinarySearch(r.ids, id)
	return found || r.All()
}

// Equal reports whether two are the same; what is not known is the same only as that.
func (r Reach) Equal(other Reach) bool {
	return r.kind == other.kind && slices.Equal(r.ids, other.ids)
}

// Within reports whether all of it is known to be in another one.
func (r Reach) Within(other Reach) bool {
	return r.Known() && (other.All() || other.Known() && !r.All() && len(r.beyond(other)) == 0)
}

// Both returns what is in both of two; unknown if one is.
func (r Reach) Both(other Reach) Reach {
	switch {
	case !r.Known() || !other.Known():
		return Reach{}
	case r.All():
		return other
	case other.All():
		return r
	}
	return Reach{reachSome, slices.DeleteFunc(r.IDs(), func(id int64) bool { return !other.Has(id) })}
}

// beyond lists the repositories by id that another one does not hold.
func (r Reach) beyond(other Reach) (ids []int64) {
	for _, id := range r.ids {
		if !other.Has(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// The words of a reach that is no list of ids.
const (
	reachWordAll     = "all"
	reachWordNone    = "none"
	reachWordUnknown = "unknown"
)

// Word returns "all", "none", "unknown", or "some" where ids say the rest.
func (r Reach) Word() string {
	switch {
	case r.All():
		return reachWordAll
	case !r.Known():
		return reachWordUnknown
	case len(r.ids) == 0:
		return reachWordNone
	}
	return "some"
}

// ParseReach is the inverse of [Reach.Word] where that says it whole.
func ParseReach(word string) (Reach, error) {
	switch word {
	case reachWordAll:
		return AllRepositories(), nil
	case reachWordNone:
		return SomeRepositories(), nil
	case reachWordUnknown:
		return Reach{}, nil
	}
	return Reach{}, fmt.Errorf("%.40q is none of %s, %s, %s", word,
		reachWordAll, reachWordNone, reachWordUnknown)
}

// reachedBeyond returns what of a token's reach an acceptance does not hold, as [Grown] does: "all
// repositories", or "reaches complytime/prod". The reach is known.
func reachedBeyond(t *Token, reach, accepted Reach) (more []string) {
	if reach.Within(accepted) {
		return nil
	}
	if reach.All() {
		return []string{EveryRepository}
	}
	for _, r := range t.Repositories {
		if !accepted.Has(r.ID) {
			more = append(more, Reaches(r))
		}
	}
	return more
}
