// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/complytime/pataudit/audit"

var privilegedOwner = &audit.Rule{
	ID:       "privileged-owner",
	Title:    "An organization owner's token can change the organization",
	Doc:      page("privileged-owner"),
	Remedy:   "Give the task to a GitHub App or a member's token, with less access.",
	Severity: audit.Medium,
	References: []audit.Reference{
		nist(implements, "AC-6(2)"), nist(implements, "AC-6(5)"), owasp("NHI5"), iso("A.8.2"),
		soc2("CC6.3"),
	},
	Needs: audit.FactMembership | audit.FactPermissions | audit.FactSelection,
	New:   func() audit.Checker { return privilegedOwnerChecker{} },
}

type privilegedOwnerChecker struct{}

func (privilegedOwnerChecker) Check(s *audit.Subject) audit.Verdict {
	known, t := s.Known(), s.Token
	role, roleKnown := roleOf(s)
	if roleKnown && role != audit.RoleAdmin {
		return notApplicable("its owner is not an organization owner")
	}
	if !known.Has(audit.FactPermissions) {
		return undecided("")
	}
	var basis []string
	for _, p := range s.Held() {
		if p.Writes() && p.Group == audit.GroupOrganization {
			basis = append(basis, p.String())
		}
	}
	writes := repositoryWrites(s)
	if known.Has(audit.FactSelection) && t.Selection == audit.SelectAll && writes {
		basis = append(basis, audit.EveryRepository+": write")
	}
	switch {
	case len(basis) == 0 && !writes:
		return notApplicable("it writes to nothing")
	case !roleKnown:
		return undecided("")
	case len(basis) == 0:
		return pass()
	}
	return fail("held by an organization owner, whose tokens nobody else approves: "+
		firstThree(basis), basis...)
}
