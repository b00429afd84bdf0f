// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"

	"github.com/complytime/pataudit/audit"
)

var unknownPermission = &audit.Rule{
	ID:       "unknown-permission",
	Title:    "The token holds something that this version does not know",
	Doc:      page("unknown-permission"),
	Remedy:   "Look it up in GitHub's documentation, then update pataudit or add it to names.",
	ToOwner:  "Tell the reviewers what your task needs it for.",
	Mending:  audit.MendElsewhere,
	Severity: audit.Info,
	Guide:    "7",
	References: []audit.Reference{
		nist(supports, "CA-7"), iso("A.5.15"), soc2("CC6.1"),
	},
	Needs: audit.FactPermissions | audit.FactSelection,
	New:   func() audit.Checker { return &unknownPermissionChecker{} },
}

type unknownPermissionChecker struct {
	// Names are further names of permissions that are known, in any group.
	Names []string `yaml:"names"`
}

func (c *unknownPermissionChecker) Check(s *audit.Subject) audit.Verdict {
	known, t := s.Known(), s.Token
	var what, basis []string
	if !knownSelection(t.Selection) {
		what = append(what, "the selection "+string(t.Selection))
		basis = append(basis, "selection:"+string(t.Selection))
	}
	if known.Has(audit.FactPermissions) {
		for _, p := range t.Permissions {
			if !c.knows(p) {
				what, basis = append(what, p.String()), append(basis, p.String())
			}
		}
	}
	switch {
	case len(basis) > 0:
		return fail("not known to this version: "+few(what), basis...)
	case !known.Has(audit.FactPermissions | audit.FactSelection):
		return undecided("")
	}
	return pass()
}

func (c *unknownPermissionChecker) knows(p audit.Permission) bool {
	if !knownGroup(p.Group) || !knownLevel(p.Level) {
		return false
	}
	_, documented := weightOf(p)
	return documented || slices.Contains(c.Names, p.Name)
}

// knownSelection reports whether GitHub documents the value. A missing one is no value.
func knownSelection(selection audit.Selection) bool {
	switch selection {
	case "", audit.SelectNone, audit.SelectAll, audit.SelectSubset:
		return true
	}
	return false
}
