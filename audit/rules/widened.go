// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/complytime/pataudit/audit"

var widened = &audit.Rule{
	ID:       "widened",
	Title:    "The token can do more than at the last run",
	Doc:      page("widened"),
	Remedy:   "Ask its owner why, then narrow it again or accept the change with a waiver.",
	ToOwner:  "Tell the reviewers what it needs that for, or take it back.",
	Mending:  audit.MendElsewhere,
	Severity: audit.Medium,
	References: []audit.Reference{
		nist(supports, "AC-2"), nist(supports, "CM-5"), owasp("NHI5"), iso("A.5.18"),
		soc2("CC6.3"),
	},
	Needs: comparable | audit.FactHistory,
	New:   func() audit.Checker { return widenedChecker{} },
}

// comparable is what two runs have to know of a token to tell whether it grew.
const comparable = audit.FactSelection | audit.FactPermissions | audit.FactRepositories

type widenedChecker struct{}

func (widenedChecker) Check(s *audit.Subject) audit.Verdict {
	if s.Before == nil {
		return notApplicable("no earlier run knows it")
	}
	more := audit.Grown(s.Before, s.Token)
	switch {
	case len(more) > 0:
		return fail("since the last run it gained "+few(more), more...)
	case !s.Known().Has(comparable):
		return undecided("what it can do is not known in full")
	case !s.Before.Known.Has(comparable):
		// A run that can never be compared with would make every later one incomplete.
		return notApplicable("no earlier run learned in full what it could do")
	}
	return pass()
}
