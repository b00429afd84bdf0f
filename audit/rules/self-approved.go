// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/complytime/pataudit/audit"

var selfApproved = &audit.Rule{
	ID:       "self-approved",
	Title:    "The token was approved by its own owner",
	Doc:      page("self-approved"),
	Remedy:   "Require approval in the organization's settings, then review the token or revoke it.",
	ToOwner:  "Delete it, and ask for another once approval is required.",
	Mending:  audit.MendElsewhere,
	Severity: audit.Medium,
	References: []audit.Reference{
		nist(supports, "AC-5"), nist(supports, "AC-2"), iso("A.5.3"), soc2("CC6.2"),
	},
	Needs: audit.FactApproval | audit.FactOwner,
	New:   func() audit.Checker { return selfApprovedChecker{} },
}

type selfApprovedChecker struct{}

func (selfApprovedChecker) Check(s *audit.Subject) audit.Verdict {
	if s.Request != nil {
		return notApplicable("nobody has approved it yet")
	}
	approval, known := s.Approval()
	switch {
	case !s.Known().Has(audit.FactApproval):
		return undecided("the audit log does not tell who approved it")
	case !known || !s.Known().Has(audit.FactOwner):
		return undecided("")
	case !approval.Own:
		return pass()
	case approval.Role == audit.RoleAdmin,
		approval.Role == audit.RoleUnknown && seenAsOwner(s, &approval) == seenBoth:
		return notApplicable("GitHub approves the tokens of organization owners by itself")
	case approval.Role != audit.RoleMember, seenAsOwner(s, &approval) != seenNever:
		return undecided("approved by its own owner, who may have been an organization owner then")
	}
	return fail("approved by its own owner, who was no organization owner then: approval is off, "+
		"or was bypassed", "approved by its owner")
}

// How often runs around the approval saw the token's owner as an organization owner.
const (
	seenNever = iota
	seenOnce
	seenBoth // the last run before it, and the first one after it
)

// seenAsOwner looks at the last run before the approval and the first one after it. A run beyond a
// change of the role that the audit log tells says nothing of that day.
func seenAsOwner(s *audit.Subject, a *audit.Approval) int {
	if !s.Token.Known.Has(audit.FactGranted) {
		return seenNever
	}
	at, n := s.Token.GrantedAt, seenNever
	before, after := s.OwnerSeen(at)
	if before.Role == audit.RoleAdmin && !before.Last.Before(a.Since) {
		n++
	}
	if after.Role == audit.RoleAdmin && (a.Until.IsZero() || !after.First.After(a.Until)) {
		n++
	}
	return n
}
