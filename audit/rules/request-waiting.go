// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"

	"github.com/complytime/pataudit/audit"
)

var requestWaiting = &audit.Rule{
	ID:       "request-waiting",
	Title:    "The request waits for a long time",
	Doc:      page("request-waiting"),
	Remedy:   "Approve the request, or deny it with a reason.",
	ToOwner:  "Ask the reviewers for an answer.",
	Mending:  audit.MendByReviewers,
	Severity: audit.Info,
	References: []audit.Reference{
		nist(supports, "AC-2"), iso("A.5.18"), soc2("CC6.2"),
	},
	Needs:      audit.FactGranted, // of a request: when it was made
	OfRequests: true,
	New:        func() audit.Checker { return &requestWaitingChecker{MaxDays: 7} },
}

type requestWaitingChecker struct {
	// MaxDays is the longest time, in days of 86,400 s, that a request may wait for an answer.
	MaxDays int `yaml:"max_days"`
}

// Validate refuses what is no number of days.
func (c *requestWaitingChecker) Validate() error {
	return checkRange(0, mostDays, "max_days", c.MaxDays)
}

func (c *requestWaitingChecker) Check(s *audit.Subject) audit.Verdict {
	switch {
	case !s.Known().Has(audit.FactGranted):
		return undecided("GitHub did not tell when the request was made")
	case !olderThan(s, s.Request.CreatedAt, c.MaxDays):
		return pass()
	}
	return fail(fmt.Sprintf("not answered within %d days: asked for %s", c.MaxDays,
		ago(s, s.Request.CreatedAt)), fmt.Sprintf("waits over %d days", c.MaxDays))
}
