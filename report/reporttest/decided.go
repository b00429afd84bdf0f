// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// Waive returns a decision that accepts a medium finding of a token, up to a basis.
func Waive(t *audit.Token, rule string, last string) *audit.Decision {
	return &audit.Decision{
		Kind: audit.Waive, TokenID: t.TokenID, OwnerID: t.Owner.ID, Rule: rule,
		Basis: []string{"over 90 days", last}, Severity: audit.Medium, Reach: audit.AllRepositories(),
		Reason: "mirrors until the move", By: "marta-h", Ticket: "SEC-7",
		On: AsOf.AddDate(0, 0, -10), Until: AsOf.AddDate(0, 0, 80),
	}
}

// Attest returns a decision that attests a setting of the organization for so many days from the
// instant of the reports.
func Attest(s audit.Setting, value string, days int) *audit.Decision {
	return &audit.Decision{
		Kind: audit.Attest, Organization: "complytime", Setting: s, Value: value, By: "marta-h",
		Reason: "a screenshot of the settings", Ticket: "SEC-12",
		On: AsOf.AddDate(0, 0, -20), Until: AsOf.AddDate(0, 0, days),
	}
}

// Named returns the token of a name; nil if there is none.
func Named(e *audit.Evidence, name string) *audit.Token {
	for _, t := range e.Tokens {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// DecidedPolicy returns a policy in which people decided of [Violating]'s tokens in every way,
// and are in debt.
func DecidedPolicy() *audit.Policy {
	e, p := Violating(), Policy()
	p.Ratified = &audit.Ratified{By: "the security board", On: AsOf.AddDate(0, -2, 0)}
	to := func(name, kind string, days int) *audit.Decision {
		t := Named(e, name)
		d := &audit.Decision{
			Kind: kind, TokenID: t.TokenID, OwnerID: t.Owner.ID,
			Reason: "after the review", By: "marta-h", Purpose: "publishes", Consumer: "release.yml",
			On: AsOf.AddDate(0, -3, 0), Until: AsOf.AddDate(0, 0, days),
		}
		if kind == audit.Reduce {
			d.Basis, d.Held, d.Reach = audit.Held(t), audit.Held(t), audit.ReachOf(t)
		}
		return d
	}
	exceeded := Waive(Named(e, "asdf"), "long-expiration", "over 90 days")
	exceeded.By = "jdoe"
	lapsed := Waive(Named(e, "nightly-01"), "long-expiration", "over 180 days")
	lapsed.Until = AsOf.AddDate(0, 0, -5)
	idle := Waive(Named(e, "org-ai-access"), "long-expiration", "over 180 days")
	own := Waive(Named(e, "waived-mirror"), "long-expiration", "over 180 days")
	own.By = "Tsuki"
	gone := to("x", audit.Revoke, 20)
	gone.TokenID = 5
	p.Decisions = []*audit.Decision{
		own, exceeded, lapsed, idle, gone,
		to("ci-publish", audit.Keep, 200),
		to("laptop of Kim, the old one in the drawer", audit.Revoke, -9),
		to("ci-experiments", audit.Reduce, -1), to("sbom-upload", audit.Reduce, 30),
	}
	p.Overrides = []audit.Override{{
		Name: "release bots", When: audit.Condition{Owners: []audit.Account{{
			ID: Named(e, "asdf").Owner.ID, Login: "jdoe",
		}}}, Rules: Policy().Rules,
	}}
	debt := func(name, rule string, basis ...string) audit.Debt {
		return audit.Debt{
			Kind: audit.KindToken, ID: Named(e, name).TokenID, Rule: rule, Basis: basis,
			Severity: audit.Medium, Until: AsOf.AddDate(0, 4, 9), Reach: audit.AllRepositories(),
		}
	}
	p.Baseline = &audit.Baseline{Debts: []audit.Debt{
		debt("nightly-02", "long-expiration", "over 90 days"),
		debt("nightly-03", "long-expiration", "over 90 days"),
		debt("sync-everything", "broad-selection", "over 12"),
		debt("asdf", "long-expiration", "over 90 days"),
		debt("org-ai-access", "long-expiration", "over 90 days"),
	}}
	return p
}

// HostilePolicy returns a policy that decides of [Hostile]'s tokens, in hostile words.
func HostilePolicy() *audit.Policy {
	p := Policy()
	p.Ratified = &audit.Ratified{By: Payloads[0]}
	p.Claims = audit.Claims{Approval: true, MaxLifetime: 90, Classic: true}
	for i, s := range audit.Settings {
		d := Attest(s, p.Claims.Of(s), 30*i-20)
		d.Organization = Hostile().Organization.Login
		d.By, d.Reason, d.Ticket = Payloads[i], Payloads[i+3], Payloads[i+6]
		p.Decisions = append(p.Decisions, d)
	}
	for i := range p.Rules {
		if p.Rules[i].Rule.ID == "undescriptive-name" {
			p.Rules[i].Checker = Check(func(s *audit.Subject) audit.Verdict {
				return Fails(s.Token.Name, s.Token.Name)
			})
		}
	}
	for i, t := range Hostile().Tokens {
		text := Payloads[i]
		d := Waive(t, "long-expiration", "over 180 days")
		if i%4 == 0 {
			d.Basis = append(d.Basis, "over 365 days")
		}
		d.Reason, d.By, d.Ticket = text, text, text
		revoke := *d
		revoke.Kind, revoke.Rule = audit.Revoke, text
		revoke.Purpose, revoke.Consumer, revoke.Until = text, text, AsOf.AddDate(0, 0, -2)
		p.Decisions = append(p.Decisions, d, &revoke)
		p.Overrides = append(p.Overrides, audit.Override{
			Name: text, Rules: p.Rules, When: audit.Condition{Tokens: []int64{t.TokenID}},
		})
	}
	p.Registry = hostileRegistry()
	return p
}

// hostileRegistry returns a registry of the hostile organization's owners: of some another account
// has the login.
func hostileRegistry() *audit.Registry {
	r := &audit.Registry{Digest: Payloads[0]}
	for i, t := range Hostile().Tokens {
		e := &audit.Registration{
			Login: t.Owner.Login, Kind: audit.OwnerKinds[i%2], Team: Payloads[i], Contact: Payloads[i],
			Service: Payloads[i],
		}
		if i%5 == 4 {
			e.ID = 7_000_000
		}
		r.Owners = append(r.Owners, e)
	}
	slices.SortStableFunc(r.Owners, func(a, b *audit.Registration) int {
		return strings.Compare(strings.ToLower(a.Login), strings.ToLower(b.Login))
	})
	r.Owners = slices.CompactFunc(r.Owners, func(a, b *audit.Registration) bool {
		return strings.EqualFold(a.Login, b.Login)
	})
	return r
}

// Broken returns a request's result in which n rules fail with one message. What is proposed
// instead holds what is left of the token's permissions.
func Broken(n int, message string) *audit.Result {
	r := &audit.Result{Token: Token(1, "agent", nil), Request: &audit.Request{}}
	for i := range n {
		r.Findings = append(r.Findings, &audit.Finding{
			Rule: &audit.PolicyRule{Rule: &audit.Rule{
				ID: fmt.Sprintf("rule-%d", i), Remedy: "Ask for less of " + message,
			}},
			Status: audit.Fail, Severity: audit.Severity(1 + i%5), Message: message,
			Basis: []string{"repository:contents:write"},
		})
	}
	r.Propose = func(*audit.Result) []*audit.Successor {
		t := *r.Token
		t.Permissions = t.Permissions[1:]
		return []*audit.Successor{{Token: &t, MaxDays: 90}}
	}
	return r
}
