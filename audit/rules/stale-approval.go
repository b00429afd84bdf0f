// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"

	"github.com/complytime/pataudit/audit"
)

var staleApproval = &audit.Rule{
	ID:       "stale-approval",
	Title:    "Nobody has looked at the token for a long time",
	Doc:      page("stale-approval"),
	Remedy:   "Review it, then revoke it or record the decision to keep it.",
	ToOwner:  "Tell the reviewers whether you still need it, and delete it if you do not.",
	Mending:  audit.MendElsewhere,
	Severity: audit.Medium,
	References: []audit.Reference{
		nist(supports, "AC-2"), nist(supports, "AC-6(7)"), iso("A.5.18"), soc2("CC6.2"),
	},
	Needs: audit.FactGranted,
	New:   func() audit.Checker { return &staleApprovalChecker{Days: 365} },
}

type staleApprovalChecker struct {
	// Days that an approval is good for without a decision to keep the token.
	Days int `yaml:"days"`
}

// Validate refuses what is no number of days.
func (c *staleApprovalChecker) Validate() error { return checkRange(0, mostDays, "days", c.Days) }

func (c *staleApprovalChecker) Check(s *audit.Subject) audit.Verdict {
	reviewed, known := decidedToKeep(s)
	switch {
	case s.Request != nil:
		return notApplicable("nobody has approved it yet")
	case !s.Known().Has(audit.FactGranted):
		return undecided("")
	case reviewed, !olderThan(s, s.Token.GrantedAt, c.Days):
		return pass()
	case !known:
		return undecided(noIDs)
	}
	return fail("approved "+ago(s, s.Token.GrantedAt)+", and no decision to keep it",
		fmt.Sprintf("approved over %d days ago", c.Days))
}

// noIDs is why no decision can be found.
const noIDs = "the token's or its owner's id is not known: no decision can be bound to it"
