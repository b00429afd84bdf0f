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
	switch review := s.Review(); {
	case !s.Known().Has(audit.FactApproval):
		return undecided("the audit log does not tell who approved it")
	case review == audit.ReviewUnknown, !s.Known().Has(audit.FactOwner):
		return undecided("")
	case review == audit.ReviewByOther:
		return pass()
	case review == audit.ReviewNotNeeded:
		return notApplicable("GitHub approves the tokens of organization owners by itself")
	case review == audit.ReviewDoubtful:
		return undecided("approved by its own owner, who may have been an organization owner then")
	}
	return fail("approved by its own owner, who was no organization owner then: approval is off, "+
		"or was bypassed", "approved by its owner")
}
