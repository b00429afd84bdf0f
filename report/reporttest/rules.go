// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"fmt"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
)

// AsOf is the instant that every run of these tests is judged at.
var AsOf = time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)

// Options are those of such a run. With DecidedOptions, those of [DecidedPolicy], pending requests
// count as tokens do.
var (
	Options        = audit.Options{AsOf: AsOf}
	DecidedOptions = audit.Options{AsOf: AsOf, FailOnRequests: true}
)

// AllFacts are the facts that are known of a good token.
const AllFacts = audit.FactSelection | audit.FactPermissions | audit.FactGranted |
	audit.FactExpiry | audit.FactLastUsed | audit.FactOwner | audit.FactRepositories |
	audit.FactMembership | audit.FactTwoFactor

// Check is the checker of a rule that is a function alone.
type Check func(*audit.Subject) audit.Verdict

func (c Check) Check(s *audit.Subject) audit.Verdict { return c(s) }

// limited lets tokens live 90 days.
type limited func(*audit.Subject) audit.Verdict

func (l limited) Check(s *audit.Subject) audit.Verdict { return l(s) }

func (limited) MaxLife() int { return 90 }

// bounded lets tokens reach 12 repositories.
type bounded func(*audit.Subject) audit.Verdict

func (b bounded) Check(s *audit.Subject) audit.Verdict { return b(s) }

func (bounded) MaxReach(*audit.Subject) (int, bool) { return 12, true }

// Fails returns the answer of a rule that fails.
func Fails(message string, basis ...string) audit.Verdict {
	return audit.Verdict{Status: audit.Fail, Message: message, Basis: basis}
}

// Pass is the answer of a rule that passes.
var Pass = audit.Verdict{Status: audit.Pass}

// FakeRules returns rules of these tests' own: the rooms of report know no rule.
func FakeRules() []*audit.Rule {
	return []*audit.Rule{
		{
			ID: "toxic-permissions", Title: "Permissions that together give control",
			Severity: audit.Critical, Guide: "7", Needs: audit.FactPermissions,
			Remedy: "Remove the permission.", New: func() audit.Checker { return Check(Toxic) },
		},
		{
			ID: "all-repositories", Title: "The token reaches every repository",
			Severity: audit.High, Guide: "6", Needs: audit.FactSelection,
			Remedy: "Select the repositories that it needs.",
			New: failsIf(func(t *audit.Token) bool {
				return t.Selection == audit.SelectAll
			}, "reaches every repository, with write", "all repositories"),
		},
		{
			ID: "owner-not-member", Title: "The owner is not a member", Severity: audit.High,
			Guide: "5", Needs: audit.FactMembership, Remedy: "Revoke the token.",
			New: failsIf(func(t *audit.Token) bool {
				return t.Known.Has(audit.FactMembership) && !t.Owner.Role.IsMember()
			}, "the owner is no member of the organization"),
		},
		{
			ID: "broad-selection", Title: "A subset that is nearly everything",
			Severity: audit.Medium, Needs: audit.FactRepositories, Remedy: "Select fewer.",
			New: func() audit.Checker { return bounded(broad) },
		},
		{
			ID: "long-expiration", Title: "The token lives too long", Severity: audit.Medium,
			Guide: "4", Needs: audit.FactExpiry | audit.FactGranted,
			Remedy: "Set an expiry within 90 days.",
			New:    func() audit.Checker { return limited(long) },
		},
		{
			ID: "undescriptive-name", Title: "The name says nothing", Severity: audit.Info,
			Guide: "4", Remedy: "Name its purpose.",
			New: func() audit.Checker { return Check(nameless) },
		},
		{
			ID: "expired-grant", Title: "Expired, yet still listed", Severity: audit.Low,
			OfExpired: true, Needs: audit.FactExpiry, Remedy: "Revoke it.",
			New: failsIf(func(t *audit.Token) bool {
				return t.Expired
			}, "expired; a renewal would bring its rights back"),
		},
		{
			ID: "owner-without-2fa", Title: "No second factor", Severity: audit.High,
			Needs: audit.FactTwoFactor, Remedy: "Enable a second factor.",
			New: failsIf(func(t *audit.Token) bool {
				return t.Owner != nil && t.Owner.TwoFactor != nil && !*t.Owner.TwoFactor
			}, "the owner has no second factor"),
		},
		{ID: "unreviewed-token", Title: "Nobody reviewed it", Severity: audit.Medium},
	}
}

// Toxic fails a token that may write administration.
func Toxic(s *audit.Subject) audit.Verdict {
	for _, p := range s.Token.Permissions {
		if p.Name == "administration" && p.Writes() {
			return Fails("administration:write removes protections", p.String())
		}
	}
	return Pass
}

// failsIf returns a rule's checker, which fails what is so.
func failsIf(
	is func(*audit.Token) bool, message string, basis ...string,
) func() audit.Checker {
	return func() audit.Checker {
		return Check(func(s *audit.Subject) audit.Verdict {
			if is(s.Token) {
				return Fails(message, basis...)
			}
			return Pass
		})
	}
}

func broad(s *audit.Subject) audit.Verdict {
	switch {
	case s.Token.Selection != audit.SelectSubset:
		return audit.Verdict{Status: audit.NotApplicable}
	case len(s.Token.Repositories) > 12:
		return Fails(fmt.Sprintf("writes to %d repositories", len(s.Token.Repositories)), "over 12")
	}
	return Pass
}

func long(s *audit.Subject) audit.Verdict {
	basis := []string{}
	t := s.Token
	known := !t.GrantedAt.IsZero() && !t.ExpiresAt.IsZero() && !t.Expired &&
		t.Known.Has(audit.FactGranted|audit.FactExpiry)
	n := int64(t.ExpiresAt.Sub(t.GrantedAt) / (24 * time.Hour))
	for _, step := range []int64{90, 180, 365} {
		if known && n > step+1 {
			basis = append(basis, fmt.Sprintf("over %d days", step))
		}
	}
	if len(basis) > 0 {
		return Fails(fmt.Sprintf("expires %d days from its approval (at most 90)", n), basis...)
	}
	return Pass
}

func nameless(s *audit.Subject) audit.Verdict {
	if len(s.Token.Name) < 5 {
		return Fails(fmt.Sprintf("%q says nothing of its purpose", s.Token.Name))
	}
	return Pass
}

// Policy returns a policy that asks the fake rules.
func Policy() *audit.Policy {
	p := &audit.Policy{Name: "complytime token guide", FailOn: audit.Medium}
	p.Digest = "sha256:9c1f40aa" + strings.Repeat("5e", 28)
	for _, r := range FakeRules() {
		asked := audit.PolicyRule{Rule: r, Severity: r.Severity, Asked: r.New != nil}
		if asked.Asked {
			asked.Checker = r.New()
			asked.Required = r.ID != "owner-without-2fa"
		}
		p.Rules = append(p.Rules, asked)
	}
	return p
}
