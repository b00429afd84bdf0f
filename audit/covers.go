// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"slices"
	"strings"
)

// accepted is what a waiver or a debt accepts of the findings of one rule about one token.
type accepted struct {
	basis    []string
	severity Severity
	reach    Reach
}

// unknownReach is what an acceptance does not hold where it does not say for which repositories.
const unknownReach = "repositories: which ones was not known when it was accepted"

// covers reports whether it covers a finding about a token: every element of the finding's basis
// was accepted, the finding is not more severe, and the token reaches no other repositories. That
// is not known where some were accepted, and which the token reaches is not known. more is what
// was not accepted; of a finding without a basis, nothing is.
func (a accepted) covers(f *Finding, t *Token) (covered match, more []string) {
	for _, element := range f.Basis {
		if !slices.Contains(a.basis, element) {
			more = append(more, element)
		}
	}
	reach, rests := ReachOf(t), f.RestsOnRepositories()
	switch {
	case a.reach.All():
	case reach.Known() && a.reach.Known():
		for _, right := range reachedBeyond(t, reach, a.reach) {
			if !slices.Contains(more, right) {
				more = append(more, right)
			}
		}
	case rests && !a.reach.Known():
		more = append(more, unknownReach)
	}
	if most := f.ToAccept(); len(more) == 0 && most > a.severity {
		more = append(more, GraverThanAccepted(most, a.severity))
	}
	switch {
	case len(more) > 0:
		return matchNo, more
	case f.Unclear:
		return matchNo, []string{"perhaps more: not all overrides can be judged"}
	case len(f.Basis) == 0:
		return matchNo, []string{"it rests on nothing that can be named"}
	case !reach.Known() && !a.reach.All() && (rests || a.reach.Known()):
		return matchUnknown, nil
	}
	return matchYes, nil
}

// GraverThanAccepted returns the element of [Finding.More] of a finding that is graver than what
// was accepted of it.
func GraverThanAccepted(now, accepted Severity) string {
	return fmt.Sprintf("%s now, %s was accepted", now, accepted)
}

// RestsOnRepositories reports whether what is wrong depends on which repositories the token
// reaches. The owner, the life, the name and the use of a token do not, nor do permissions over
// the organization or over the owner's account alone.
func (f *Finding) RestsOnRepositories() bool {
	const ofReach = FactSelection | FactRepositories | FactOrganizationRepositories
	needs := f.Rule.Rule.Needs
	if needs&(ofReach|FactPermissions) == 0 {
		return false
	}
	elsewhere := 0 // permissions that no repository plays a part in
	for _, element := range f.Basis {
		switch {
		case strings.HasPrefix(element, GroupOrganization+":"),
			strings.HasPrefix(element, GroupOther+":"):
			elsewhere++
		case needs&ofReach != 0, isPermission(element):
			return true
		}
	}
	return elsewhere == 0
}
