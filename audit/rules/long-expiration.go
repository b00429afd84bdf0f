// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"time"

	"github.com/complytime/pataudit/audit"
)

var longExpiration = &audit.Rule{
	ID:       "long-expiration",
	Title:    "The token lives too long",
	Doc:      page("long-expiration"),
	Remedy:   "Replace it by a token that expires sooner, and renew that as long as it is needed.",
	Severity: audit.Medium,
	Guide:    "4",
	References: []audit.Reference{
		nist(implements, "IA-5"), owasp("NHI7"), iso("A.5.17"), soc2("CC6.1"),
	},
	Needs: audit.FactGranted | audit.FactExpiry,
	New:   func() audit.Checker { return &longExpirationChecker{MaxDays: 90} },
}

type longExpirationChecker struct {
	// MaxDays is the longest time from creation to expiry, in days of 86,400 s; from approval, if
	// the creation is not known. One more day is tolerated, for clock changes and the hours
	// between choosing a date and approval.
	MaxDays int `yaml:"max_days"`
}

// Validate refuses a limit below a day, or above all lifetimes.
func (c *longExpirationChecker) Validate() error {
	return within(1, mostDays, "max_days", c.MaxDays)
}

// MaxLife makes the limit known to who proposes another token.
func (c *longExpirationChecker) MaxLife() int { return c.MaxDays }

func (c *longExpirationChecker) Check(s *audit.Subject) audit.Verdict {
	known, t := s.Known(), s.Token
	switch {
	case s.LeavesTo(noExpiration.ID, audit.NoSeverity):
		return notApplicable("no-expiration says it")
	case !known.Has(audit.FactExpiry):
		return undecided("")
	case t.ExpiresAt.IsZero(): // and no-expiration is not asked, or milder in this policy
		const forever = 1 << 62
		return fail("never expires", append(c.steps(forever), noExpiry)...)
	}
	start, words := birth(s)
	if start.IsZero() {
		return undecided("")
	}
	lifetime := secondsBetween(start, t.ExpiresAt)
	steps := c.steps(lifetime)
	if len(steps) == 0 {
		return pass()
	}
	return fail(fmt.Sprintf(words+" (at most %d)", lifetime/secondsPerDay, c.MaxDays), steps...)
}

// birth gives the earliest instant at which the token is known to have lived, and words for its
// days from there; zero if there is none.
func birth(s *audit.Subject) (start time.Time, words string) {
	switch known := s.Known(); {
	case known.Has(audit.FactCreated):
		return s.Token.CreatedAt, "lives %d days from its creation"
	case s.Request != nil:
		return s.Request.CreatedAt, "expires %d days from its request"
	case known.Has(audit.FactGranted):
		return s.Token.GrantedAt, "expires %d days from its approval"
	}
	return time.Time{}, ""
}

// steps names the lengths that a lifetime in seconds exceeds. They are cumulative, so that an
// accepted one covers a renewal that is as long or shorter, and nothing longer.
func (c *longExpirationChecker) steps(lifetime int64) (steps []string) {
	for _, days := range [...]int{c.MaxDays, 180, 365} {
		if days >= c.MaxDays && lifetime > int64(days+1)*secondsPerDay {
			steps = append(steps, fmt.Sprintf("over %d days", days))
		}
	}
	return steps
}
