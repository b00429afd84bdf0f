// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/complytime/pataudit/audit"

var unreviewedToken = &audit.Rule{
	ID:       "unreviewed-token",
	Title:    "Nobody has decided to keep the token",
	Doc:      page("unreviewed-token"),
	Remedy:   "Review it, then revoke it or record the decision to keep it.",
	ToOwner:  "Tell the reviewers whether you still need it, and delete it if you do not.",
	Mending:  audit.MendElsewhere,
	Severity: audit.Medium,
	References: []audit.Reference{
		nist(supports, "AC-2"), nist(supports, "AC-6(7)"), iso("A.5.18"), soc2("CC6.2"),
	},
	Needs: audit.FactOwner,
	New:   func() audit.Checker { return unreviewedTokenChecker{} },
}

type unreviewedTokenChecker struct{}

func (unreviewedTokenChecker) Check(s *audit.Subject) audit.Verdict {
	reviewed, known := decidedToKeep(s)
	switch {
	case s.Request != nil:
		return notApplicable("nobody has approved it yet")
	case !known:
		return undecided(noIDs)
	case reviewed:
		return pass()
	}
	return fail("no valid decision to keep it", "no decision")
}
