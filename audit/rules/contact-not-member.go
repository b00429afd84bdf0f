// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/complytime/pataudit/audit"

var contactNotMember = &audit.Rule{
	ID:    "contact-not-member",
	Title: "Who answers for the bot has left the organization",
	Doc:   page("contact-not-member"),
	Remedy: "Name another contact in the registry, and have the token replaced: who left may still " +
		"hold it.",
	Mending:  audit.MendByReviewers,
	Severity: audit.High,
	References: []audit.Reference{
		nist(supports, "PS-4"), nist(supports, "AC-2(3)"), nist(supports, "IA-4"), owasp("NHI1"),
		iso("A.5.9"), soc2("CC6.2"),
	},
	Needs:        audit.FactMembership,
	OfRegistered: true,
	New:          func() audit.Checker { return contactNotMemberChecker{} },
}

type contactNotMemberChecker struct{}

func (contactNotMemberChecker) Check(s *audit.Subject) audit.Verdict {
	if s.Registration == nil || s.Registration.Contact == "" {
		return notApplicable("the registry names no contact")
	}
	switch s.Contact {
	case audit.RoleAdmin, audit.RoleMember, audit.RoleOutside:
		return pass()
	case audit.RoleNone:
		return fail("its contact in the registry is neither a member nor an outside collaborator",
			"contact: neither a member nor a collaborator")
	case audit.RoleNotMember:
		return undecided("its contact in the registry is not a member; whether an outside " +
			"collaborator is not known")
	case audit.RoleUnknown:
		return undecided("not learned: whether its contact in the registry is a member")
	}
	return undecided("GitHub gives its contact a role that this version does not know")
}
