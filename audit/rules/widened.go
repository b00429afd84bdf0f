// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"

	"github.com/complytime/pataudit/audit"
)

var widened = &audit.Rule{
	ID:       "widened",
	Title:    "The token can do more than at the last run",
	Doc:      page("widened"),
	Remedy:   "Ask its owner why, then narrow it again or accept the change with a waiver.",
	Severity: audit.Medium,
	References: []audit.Reference{
		nist(supports, "AC-2"), nist(supports, "CM-5"), owasp("NHI5"), iso("A.5.18"),
		soc2("CC6.3"),
	},
	Needs: comparable | audit.FactHistory,
	New:   func() audit.Checker { return widenedChecker{} },
}

// comparable is what two runs have to know of a token to tell whether it grew.
const comparable = audit.FactSelection | audit.FactPermissions | audit.FactRepositories

type widenedChecker struct{}

func (widenedChecker) Check(s *audit.Subject) audit.Verdict {
	if s.Before == nil {
		return notApplicable("no earlier run knows it")
	}
	// What grew counts only if it was known both times.
	known := s.Known() & s.Before.Known
	var more []string
	if known.Has(audit.FactPermissions) {
		more = addedPermissions(s.Before.Permissions, s.Token.Permissions)
	}
	if known.Has(audit.FactSelection) {
		more = append(more, addedRepositories(s.Before, s.Token,
			known.Has(audit.FactRepositories))...)
	}
	switch {
	case len(more) > 0:
		return fail("since the last run it gained "+few(more), more...)
	case !known.Has(comparable):
		return undecided("what it could do at the last run is not known in full")
	}
	return pass()
}

// addedPermissions lists what was not held before, at that level or a stronger one.
func addedPermissions(before, now []audit.Permission) (added []string) {
	for _, p := range now {
		if !slices.ContainsFunc(before, func(old audit.Permission) bool {
			return old.Group == p.Group && old.Name == p.Name &&
				(old.Level == p.Level || strength(old.Level) > strength(p.Level))
		}) {
			added = append(added, p.String())
		}
	}
	return added
}

// addedRepositories lists what is reached now and was not before.
func addedRepositories(before, now *audit.Token, listed bool) (added []string) {
	switch {
	case now.Selection == before.Selection && now.Selection != audit.SelectSubset,
		now.Selection == audit.SelectNone, before.Selection == audit.SelectAll:
		return nil
	case now.Selection == audit.SelectAll:
		return []string{everyRepository}
	case !listed:
		return nil
	}
	for _, repository := range now.Repositories {
		if !slices.ContainsFunc(before.Repositories, func(old *audit.Repository) bool {
			if old.ID != 0 && repository.ID != 0 {
				return old.ID == repository.ID // whatever it is called now
			}
			return old.Name == repository.Name
		}) {
			added = append(added, "reaches "+repository.Name)
		}
	}
	return added
}
