// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/complytime/pataudit/audit"

var expiredGrant = &audit.Rule{
	ID:       "expired-grant",
	Title:    "The token has expired, yet its grant is still listed",
	Doc:      page("expired-grant"),
	Remedy:   "Revoke the grant, so that a renewal has to be approved again.",
	ToOwner:  "Delete it; ask for another if the task goes on.",
	Mending:  audit.MendByDeleting,
	Severity: audit.Low,
	References: []audit.Reference{
		nist(supports, "AC-2(3)"), owasp("NHI1"), iso("A.5.18"), soc2("CC6.2"),
	},
	Needs:     audit.FactExpiry,
	OfExpired: true,
	New:       func() audit.Checker { return expiredGrantChecker{} },
}

type expiredGrantChecker struct{}

func (expiredGrantChecker) Check(s *audit.Subject) audit.Verdict {
	switch {
	case !s.Known().Has(audit.FactExpiry):
		return undecided("")
	case s.Token.Expired && s.Request != nil:
		return fail("expired before anybody approved it", "expired")
	case s.Token.Expired:
		return fail("expired; renewed, it would bring back "+access(s), "expired")
	}
	return pass()
}

// access returns what a token could do, at its strongest.
func access(s *audit.Subject) string {
	known, t := s.Known(), s.Token
	does, also := "read", ""
	switch {
	case !known.Has(audit.FactPermissions):
		does = "unknown access"
	case repositoryWrites(s):
		does = "write"
	}
	if known.Has(audit.FactPermissions) && t.Writes(audit.GroupOrganization, audit.GroupOther) {
		also = ", and write beyond repositories"
	}
	switch {
	case !known.Has(audit.FactSelection):
		return does + " to repositories that are not known" + also
	case t.Selection == audit.SelectAll:
		return does + " to all repositories" + also
	case t.Selection == audit.SelectNone:
		return does + " to public repositories" + also
	}
	return does + " to selected repositories" + also
}
