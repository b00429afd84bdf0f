// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/complytime/pataudit/audit"

var neverUsed = &audit.Rule{
	ID:       "never-used",
	Title:    "The token was never used",
	Doc:      page("never-used"),
	Remedy:   "Revoke it; its owner can ask for another when there is a task for it.",
	ToOwner:  "Delete it; ask for another when there is a task for it.",
	Mending:  audit.MendByDeleting,
	Severity: audit.High,
	References: []audit.Reference{
		nist(supports, "AC-2(3)"), nist(supports, "AC-6(7)"), owasp("NHI1"), iso("A.5.18"),
		soc2("CC6.2"),
	},
	Needs:   audit.FactLastUsed | audit.FactGranted,
	LooksAt: []*audit.Rule{toxicPermissions},
	New:     func() audit.Checker { return &neverUsedChecker{Days: 30} },
}

type neverUsedChecker struct {
	// Days since its approval that a token may wait for its first use.
	Days int `yaml:"days"`
}

// Validate refuses what is no number of days.
func (c *neverUsedChecker) Validate() error { return checkRange(0, mostDays, "days", c.Days) }

func (c *neverUsedChecker) Check(s *audit.Subject) audit.Verdict {
	t, both := s.Token, audit.FactLastUsed|audit.FactGranted
	known := s.Known() & both
	used := known.Has(audit.FactLastUsed) && !t.LastUsedAt.IsZero()
	fresh := known.Has(audit.FactGranted) && !olderThan(s, t.GrantedAt, c.Days)
	switch {
	case s.Request != nil:
		return notApplicable("nobody has approved it yet")
	case (used || fresh) && known == both:
		return pass()
	case used || fresh:
		return notApplicable("it was used, or approved lately")
	case known != both:
		return undecided("")
	}
	return failAt(idleSeverity(s), "approved "+ago(s, t.GrantedAt)+" and never used", "never used")
}

// idleSeverity weighs a token that nobody uses by what it could do: it is the rule's own for one
// with a grave toxic combination or grave write to all repositories, and for one that may have
// that.
func idleSeverity(s *audit.Subject) audit.Severity {
	known := s.Known()
	all := !known.Has(audit.FactSelection) || s.Token.Selection == audit.SelectAll
	toxic := s.Failed(toxicPermissions.ID)
	if !known.Has(audit.FactPermissions) || all && worstRepositoryWrite(s) >= audit.High ||
		toxic != nil && toxic.Severity >= audit.High {
		return audit.NoSeverity
	}
	return audit.Medium
}
