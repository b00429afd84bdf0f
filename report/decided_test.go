// SPDX-License-Identifier: Apache-2.0

package report

import (
	"github.com/complytime/pataudit/audit"
)

// waive accepts a medium finding of a token, up to a basis.
func waive(t *audit.Token, rule string, last string) *audit.Decision {
	return &audit.Decision{
		Kind: audit.Waive, TokenID: t.TokenID, OwnerID: t.Owner.ID, Rule: rule,
		Basis: []string{"over 90 days", last}, Severity: audit.Medium, Reach: audit.AllRepositories(),
		Reason: "mirrors until the move", By: "marta-h", Ticket: "SEC-7",
		On: asOf.AddDate(0, 0, -10), Until: asOf.AddDate(0, 0, 80),
	}
}

func named(e *audit.Evidence, name string) *audit.Token {
	for _, t := range e.Tokens {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// decidedPolicy has people decide of violating's tokens in every way, and be in debt.
func decidedPolicy() *audit.Policy {
	e, p := violating(), policy()
	p.FailOnRequests = true
	p.Ratified = &audit.Ratified{By: "the security board", On: asOf.AddDate(0, -2, 0)}
	to := func(name, kind string, days int) *audit.Decision {
		t := named(e, name)
		d := &audit.Decision{
			Kind: kind, TokenID: t.TokenID, OwnerID: t.Owner.ID,
			Reason: "after the review", By: "marta-h", Purpose: "publishes", Consumer: "release.yml",
			On: asOf.AddDate(0, -3, 0), Until: asOf.AddDate(0, 0, days),
		}
		if kind == audit.Reduce {
			d.Basis, d.Held, d.Reach = audit.Held(t), audit.Held(t), audit.ReachOf(t)
		}
		return d
	}
	exceeded := waive(named(e, "asdf"), "long-expiration", "over 90 days")
	exceeded.By = "jdoe"
	lapsed := waive(named(e, "nightly-01"), "long-expiration", "over 180 days")
	lapsed.Until = asOf.AddDate(0, 0, -5)
	idle := waive(named(e, "org-ai-access"), "long-expiration", "over 180 days")
	own := waive(named(e, "waived-mirror"), "long-expiration", "over 180 days")
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
			ID: named(e, "asdf").Owner.ID, Login: "jdoe",
		}}}, Rules: policy().Rules,
	}}
	debt := func(name, rule string, basis ...string) audit.Debt {
		return audit.Debt{
			Kind: audit.KindToken, GrantID: named(e, name).ID, Rule: rule, Basis: basis,
			Severity: audit.Medium, Until: asOf.AddDate(0, 4, 9), Reach: audit.AllRepositories(),
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

func decidedDocument() *Document {
	d := document()
	d.Runs = append(d.Runs, audit.Evaluate(violating(), decidedPolicy(), asOf))
	return d
}

func hostileDocument() *Document {
	d := document()
	d.Runs = append(d.Runs, audit.Evaluate(hostile(), hostilePolicy(), asOf))
	return d
}

// hostilePolicy decides of hostile's tokens, in hostile words.
func hostilePolicy() *audit.Policy {
	p := policy()
	p.Ratified = &audit.Ratified{By: payloads[0]}
	for i := range p.Rules {
		if p.Rules[i].Rule.ID == "undescriptive-name" {
			p.Rules[i].Checker = check(func(s *audit.Subject) audit.Verdict {
				return fails(s.Token.Name, s.Token.Name)
			})
		}
	}
	for i, t := range hostile().Tokens {
		text := payloads[i]
		d := waive(t, "long-expiration", "over 180 days")
		if i%4 == 0 {
			d.Basis = append(d.Basis, "over 365 days")
		}
		d.Reason, d.By, d.Ticket = text, text, text
		revoke := *d
		revoke.Kind, revoke.Rule = audit.Revoke, text
		revoke.Purpose, revoke.Consumer, revoke.Until = text, text, asOf.AddDate(0, 0, -2)
		p.Decisions = append(p.Decisions, d, &revoke)
		p.Overrides = append(p.Overrides, audit.Override{
			Name: text, Rules: p.Rules, When: audit.Condition{Tokens: []int64{t.TokenID}},
		})
	}
	return p
}
