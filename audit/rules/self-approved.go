// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"strings"

	"github.com/complytime/pataudit/audit"
)

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
	known, t := s.Known(), s.Token
	switch {
	case s.Request != nil:
		return notApplicable("nobody has approved it yet")
	case !known.Has(audit.FactApproval):
		return undecided("the audit log does not tell who approved it")
	case !known.Has(audit.FactOwner):
		return undecided("")
	case !strings.EqualFold(t.ApprovedBy, t.Owner.Login):
		return pass()
	case t.ApproverRole == audit.RoleAdmin:
		return notApplicable("GitHub approves the tokens of organization owners by itself")
	case t.ApproverRole != audit.RoleMember:
		return undecided("approved by its own owner, who may have been an organization owner then")
	}
	return fail("approved by its own owner, who was no organization owner then: approval is off, "+
		"or was bypassed", "approved by its owner")
}
