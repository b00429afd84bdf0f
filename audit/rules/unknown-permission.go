// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/complytime/pataudit/audit"

var unknownPermission = &audit.Rule{
	ID:    "unknown-permission",
	Title: "The token holds something that this version does not know",
	Doc:   page("unknown-permission"),
	Remedy: "Look it up in GitHub's documentation, then update pataudit or add it to the policy's " +
		"permissions.",
	ToOwner:  "Leave it out, or tell the reviewers what your task needs it for.",
	Severity: audit.Info,
	Guide:    "7",
	References: []audit.Reference{
		nist(supports, "CA-7"), iso("A.5.15"), soc2("CC6.1"),
	},
	Needs: audit.FactPermissions | audit.FactSelection,
	New:   func() audit.Checker { return unknownPermissionChecker{} },
}

type unknownPermissionChecker struct{}

func (unknownPermissionChecker) Check(s *audit.Subject) audit.Verdict {
	known, t := s.Known(), s.Token
	var what, basis []string
	if !knownSelection(t.Selection) {
		what = append(what, "the selection "+string(t.Selection))
		basis = append(basis, "selection:"+string(t.Selection))
	}
	if known.Has(audit.FactPermissions) {
		for _, p := range t.Permissions {
			if !knows(s.Permissions(), p) {
				what, basis = append(what, p.String()), append(basis, p.String())
			}
		}
	}
	switch {
	case len(basis) > 0:
		return fail("not known to this version: "+firstThree(what), basis...)
	case !known.Has(audit.FactPermissions | audit.FactSelection):
		return undecided("")
	}
	return pass()
}

// knows reports whether somebody has judged what a permission at this level can do.
func knows(table *audit.PermissionTable, p audit.Permission) bool {
	info, known := table.Find(p.Group, p.Name)
	return known && info.ReadKnown && info.Reaches(p.Level)
}

// knownSelection reports whether GitHub documents the value. A missing one is no value.
func knownSelection(selection audit.Selection) bool {
	switch selection {
	case "", audit.SelectNone, audit.SelectAll, audit.SelectSubset:
		return true
	}
	return false
}
