// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/complytime/pataudit/audit"

var ownerNotMember = &audit.Rule{
	ID:          "owner-not-member",
	Title:       "The owner is not a member of the organization",
	Doc:         page("owner-not-member"),
	Remedy:      "Revoke the token, or make its owner a member if that was forgotten.",
	ToOwner:     "Delete it, or ask to become a member if that was forgotten.",
	ToRequester: "Ask to become a member first, or let a member ask for the token.",
	Mending:     audit.MendByDeleting,
	Severity:    audit.High,
	Guide:       "5",
	References: []audit.Reference{
		nist(supports, "PS-4"), nist(supports, "AC-2(3)"), owasp("NHI1"), iso("A.5.18"),
		soc2("CC6.2"),
	},
	Needs: audit.FactMembership,
	New:   func() audit.Checker { return ownerNotMemberChecker{} },
}

type ownerNotMemberChecker struct{}

func (ownerNotMemberChecker) Check(s *audit.Subject) audit.Verdict {
	const notMember, stranger = "not a member", "not a collaborator"
	role, known := roleOf(s)
	switch {
	case !known:
		return undecided("")
	case role.IsMember():
		return pass()
	case role == audit.RoleOutside:
		return fail("its owner is an outside collaborator, not a member", notMember)
	case role == audit.RoleNone:
		return fail("its owner is neither a member nor an outside collaborator",
			notMember, stranger)
	case role == audit.RoleNotMember:
		return fail("its owner is not a member; whether an outside collaborator is not known",
			notMember, stranger)
	}
	return undecided("GitHub gives its owner a role that this version does not know")
}
