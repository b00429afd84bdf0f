// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
)

var widened = &audit.Rule{
	ID:    "widened",
	Title: "The token can do more than was accepted",
	Doc:   page("widened"),
	Remedy: "Ask its owner why. Narrow it again, or accept it: for good with a decision to keep " +
		"the token, until a date with a waiver.",
	ToOwner:  "Tell the reviewers what it needs that for, or take it back.",
	Mending:  audit.MendElsewhere,
	Severity: audit.Medium,
	References: []audit.Reference{
		nist(supports, "AC-2"), nist(supports, "CM-5"), owasp("NHI5"), iso("A.5.18"),
		soc2("CC6.3"),
	},
	Needs: comparable | audit.FactHistory,
	New:   func() audit.Checker { return &widenedChecker{} },
}

// comparable is what has to be known of a token to know whether it grew.
const comparable = audit.FactSelection | audit.FactPermissions | audit.FactRepositories

type widenedChecker struct {
	// Days after which what a token gained counts as accepted, unless it was taken back; 0: never.
	Days int `yaml:"days"`
}

// Validate refuses what is no number of days.
func (c *widenedChecker) Validate() error { return checkRange(0, mostDays, "days", c.Days) }

func (c *widenedChecker) Check(s *audit.Subject) audit.Verdict {
	accepted := s.Accepted(c.lapsed(s.Now))
	if accepted == nil {
		return notApplicable("no earlier run saw it: what it can do is accepted")
	}
	if more := audit.Grown(accepted, s.Token); len(more) > 0 {
		return fail("it gained "+firstThree(audit.GrownNames(more))+", which nobody has accepted",
			audit.GrownBasis(more, s.Token)...)
	}
	if !s.Known().Has(comparable) {
		return undecided("what it can do is not known in full")
	}
	verdict := pass()
	if c.Days == 0 {
		return verdict // nothing lapses
	}
	if lapsed := audit.Grown(s.Accepted(time.Time{}), s.Token); len(lapsed) > 0 {
		verdict.Basis = slices.Sorted(slices.Values(lapsed))
		verdict.Message = fmt.Sprintf("it gained %s, which nobody has accepted: that was %d days ago "+
			"or more", firstThree(lapsed), c.Days)
	}
	return verdict
}

// lapsed returns the instant up to which what was seen counts as accepted by now; zero for none.
func (c *widenedChecker) lapsed(now time.Time) (upTo time.Time) {
	if c.Days > 0 {
		upTo = now.AddDate(0, 0, -c.Days)
	}
	return upTo
}
