// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"strconv"

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
	Needs:   audit.FactGranted | audit.FactExpiry,
	LooksAt: []*audit.Rule{noExpiration},
	New: func() audit.Checker {
		return &longExpirationChecker{MaxDays: 90, Unwitnessed: unwitnessedFails}
	},
}

type longExpirationChecker struct {
	// MaxDays is the longest time from creation to expiry, in days of 86,400 s; from approval, if
	// neither the creation nor a renewal is known. One more day is tolerated, for clock changes
	// and the hours between choosing a date and approval.
	MaxDays int `yaml:"max_days"`
	// Unwitnessed is what to make of a life that is too long from the approval alone, which is
	// the same for a token that was renewed and for one that lives long: "fail" or "info".
	Unwitnessed string `yaml:"unwitnessed"`
}

// The words for Unwitnessed.
const (
	unwitnessedFails = "fail"
	unwitnessedInfo  = "info"
)

// Validate refuses a limit below a day, or above all lifetimes, and another word.
func (c *longExpirationChecker) Validate() error {
	if c.Unwitnessed != unwitnessedFails && c.Unwitnessed != unwitnessedInfo {
		return fmt.Errorf("unwitnessed is %q: use %s or %s", c.Unwitnessed, unwitnessedFails,
			unwitnessedInfo)
	}
	return checkRange(1, mostDays, "max_days", c.MaxDays)
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
	case t.ExpiresAt.IsZero(): // and no-expiration is not asked
		const forever = 1 << 62
		return fail("never expires", append(c.steps(forever), noExpiry)...)
	case known.Has(audit.FactCreated):
		return c.lives(secondsBetween(t.CreatedAt, t.ExpiresAt), "lives %d days from its creation")
	case s.Request != nil && !s.Request.CreatedAt.IsZero():
		return c.lives(secondsBetween(s.Request.CreatedAt, t.ExpiresAt),
			"expires %d days from its request")
	case s.Request != nil:
		return undecided("")
	}
	return c.granted(s)
}

// lives judges a life of which the length in seconds is known.
func (c *longExpirationChecker) lives(length int64, words string) audit.Verdict {
	steps := c.steps(length)
	if len(steps) == 0 {
		return pass()
	}
	return fail(fmt.Sprintf(words+" (at most %d)", length/secondsPerDay, c.MaxDays), steps...)
}

// granted judges a token of which nobody knows when its life began: by between which instants it
// got its present expiry, as far as earlier runs saw that, else by its approval.
func (c *longExpirationChecker) granted(s *audit.Subject) audit.Verdict {
	t := s.Token
	after, by := s.ExpirySet()
	least := secondsBetween(by, t.ExpiresAt)
	if !after.IsZero() {
		most := secondsBetween(after, t.ExpiresAt)
		v := c.lives(least, "was renewed, and lives %d days or more from then")
		if v.Status == audit.Pass && len(c.steps(most)) > 0 {
			v.Message = fmt.Sprintf("was renewed between two runs, and lives %d to %d days from then "+
				"(at most %d)", least/secondsPerDay, most/secondsPerDay, c.MaxDays)
		}
		return v
	}
	if !s.Known().Has(audit.FactGranted) {
		if v := c.lives(least, "was first seen %d days before its expiry"); v.Status == audit.Fail {
			return v
		}
		return undecided("")
	}
	length := secondsBetween(t.GrantedAt, t.ExpiresAt)
	if least > length { // approved again since
		return c.lives(least, "was first seen %d days before its expiry")
	}
	v := c.lives(length, "expires %d days from its approval")
	if v.Status == audit.Fail && len(c.steps(least)) == 0 {
		v.Message += ": no earlier run saw another expiry, so a renewed token cannot be told from a " +
			"long-lived one"
		if c.Unwitnessed == unwitnessedInfo {
			v.Severity = audit.Info
		}
	}
	return v
}

// steps returns the lengths that a lifetime in seconds exceeds. They are cumulative, so that an
// accepted one covers a renewal that is as long or shorter, and nothing longer.
func (c *longExpirationChecker) steps(lifetime int64) (steps []string) {
	for _, days := range [...]int{c.MaxDays, 180, 365} {
		if days >= c.MaxDays && lifetime > int64(days+1)*secondsPerDay {
			steps = append(steps, "over "+strconv.Itoa(days)+" days")
		}
	}
	return steps
}
