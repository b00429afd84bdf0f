// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/complytime/pataudit/audit"

var noExpiration = &audit.Rule{
	ID:       "no-expiration",
	Title:    "The token never expires",
	Doc:      page("no-expiration"),
	Remedy:   "Replace it by a token with an expiration date.",
	Severity: audit.High,
	Guide:    "4",
	References: []audit.Reference{
		nist(implements, "IA-5"), owasp("NHI7"), iso("A.5.17"), soc2("CC6.1"),
	},
	Needs: audit.FactExpiry,
	New:   func() audit.Checker { return noExpirationChecker{} },
}

type noExpirationChecker struct{}

func (noExpirationChecker) Check(s *audit.Subject) audit.Verdict {
	switch {
	case !s.Known().Has(audit.FactExpiry):
		return undecided("")
	case s.Token.ExpiresAt.IsZero():
		return fail("never expires", noExpiry)
	}
	return pass()
}

const noExpiry = "no expiry"
