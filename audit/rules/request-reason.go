// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"strings"
	"unicode"

	"github.com/complytime/pataudit/audit"
)

var requestReason = &audit.Rule{
	ID:       "request-reason",
	Title:    "The request does not say what the token is for",
	Doc:      page("request-reason"),
	Remedy:   "Ask the requester what the token is for, or deny the request and ask for the reason.",
	ToOwner:  "Say in the new request what the token is for.",
	Mending:  audit.MendElsewhere,
	Severity: audit.Info,
	References: []audit.Reference{
		nist(supports, "AC-2"), nist(supports, "AC-6"), iso("A.5.18"), soc2("CC6.2"),
	},
	Needs:      audit.FactReason,
	OfRequests: true,
	New:        func() audit.Checker { return requestReasonChecker{} },
}

type requestReasonChecker struct{}

func (requestReasonChecker) Check(s *audit.Subject) audit.Verdict {
	switch {
	case !s.Known().Has(audit.FactReason):
		return undecided("GitHub did not tell the request's reason")
	case !strings.ContainsFunc(s.Request.Reason, isVisible):
		return fail("no reason is given", "no reason")
	}
	return pass()
}

// isVisible reports whether a character leaves a mark. Blanks and invisible ones give no reason.
func isVisible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }
