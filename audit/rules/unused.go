// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"

	"github.com/complytime/pataudit/audit"
)

var unused = &audit.Rule{
	ID:       "unused",
	Title:    "The token is no longer used",
	Doc:      page("unused"),
	Remedy:   "Revoke it; its owner can ask for another when there is a task for it.",
	ToOwner:  "Delete it; ask for another when there is a task for it.",
	Mending:  audit.MendByDeleting,
	Severity: audit.High,
	References: []audit.Reference{
		nist(supports, "AC-2(3)"), nist(supports, "AC-6(7)"), owasp("NHI1"), iso("A.5.18"),
		soc2("CC6.2"),
	},
	Needs:   audit.FactLastUsed,
	LooksAt: []*audit.Rule{toxicPermissions, neverUsed},
	New:     func() audit.Checker { return &unusedChecker{Days: 90} },
}

type unusedChecker struct {
	// Days since its last use that a token may rest.
	Days int `yaml:"days"`
}

// Validate refuses what is no number of days.
func (c *unusedChecker) Validate() error { return checkRange(0, mostDays, "days", c.Days) }

func (c *unusedChecker) Check(s *audit.Subject) audit.Verdict {
	switch t := s.Token; {
	case s.Request != nil:
		return notApplicable("nobody has approved it yet")
	case !s.Known().Has(audit.FactLastUsed):
		return undecided("")
	case t.LastUsedAt.IsZero():
		return c.neverUsed(s)
	case !olderThan(s, t.LastUsedAt, c.Days):
		return pass()
	default:
		return failAt(idleSeverity(s), "last used "+overAgo(s, t.LastUsedAt, c.Days),
			fmt.Sprintf("unused for over %d days", c.Days))
	}
}

// neverUsed returns the answer for a token that was never used, which is never-used's unless the
// policy does not ask that rule, or makes it milder than this one.
func (c *unusedChecker) neverUsed(s *audit.Subject) audit.Verdict {
	severity := idleSeverity(s)
	switch {
	case s.Asks(neverUsed.ID) && s.Failed(neverUsed.ID) == nil, s.LeavesTo(neverUsed.ID, severity):
		return notApplicable("never-used says it")
	case !s.Known().Has(audit.FactGranted):
		return undecided("GitHub did not tell when the token was approved")
	case !olderThan(s, s.Token.GrantedAt, c.Days):
		return pass()
	}
	return failAt(severity, "approved "+overAgo(s, s.Token.GrantedAt, c.Days)+" and never used",
		fmt.Sprintf("unused for over %d days", c.Days))
}
