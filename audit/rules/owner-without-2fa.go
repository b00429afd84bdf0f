// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/complytime/pataudit/audit"

var ownerWithout2FA = &audit.Rule{
	ID:       "owner-without-2fa",
	Title:    "The owner has no second factor",
	Doc:      page("owner-without-2fa"),
	Remedy:   "Let the owner turn on two-factor authentication, or require it in the organization.",
	ToOwner:  "Turn on two-factor authentication, in the settings of your account.",
	Mending:  audit.MendElsewhere,
	Severity: audit.High,
	References: []audit.Reference{
		nist(supports, "IA-2(1)"), nist(supports, "IA-2(2)"), iso("A.5.17"), soc2("CC6.1"),
	},
	Needs: audit.FactMembership | audit.FactTwoFactor,
	New:   func() audit.Checker { return ownerWithout2FAChecker{} },
}

type ownerWithout2FAChecker struct{}

func (ownerWithout2FAChecker) Check(s *audit.Subject) audit.Verdict {
	role, known := roleOf(s)
	required := s.Organization.TwoFactorRequired
	switch {
	case !known:
		return undecided("")
	case !role.IsMember():
		return notApplicable("its owner is not a member")
	case required != nil && *required:
		return pass()
	case !s.Known().Has(audit.FactTwoFactor) || s.Token.Owner.TwoFactor == nil:
		return undecided("")
	case !*s.Token.Owner.TwoFactor:
		return fail("its owner has no second factor", "no second factor")
	}
	return pass()
}
