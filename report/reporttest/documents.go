// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// Document returns the report of one or several organizations, each by the usual policy. Tokens
// whose names begin with "waived-" have a waiver.
func Document(evidence ...*audit.Evidence) *view.Document {
	d := documentOf()
	for _, e := range evidence {
		d.Runs = append(d.Runs, audit.Evaluate(e, waiving(e), Options))
	}
	return d
}

func documentOf(runs ...*audit.Run) *view.Document {
	tool := view.Tool{Name: "pataudit", Version: "v0.1.0", Permissions: "2026-11-30"}
	return &view.Document{Runs: runs, Tool: tool}
}

// waiving returns the usual policy, with the waivers of an organization.
func waiving(e *audit.Evidence) *audit.Policy {
	p := Policy()
	for _, t := range e.Tokens {
		if strings.HasPrefix(t.Name, "waived-") {
			p.Decisions = append(p.Decisions, Waive(t, "long-expiration", "over 180 days"))
		}
	}
	return p
}

// Judged returns the report of one organization by the usual policy, as change leaves it.
func Judged(e *audit.Evidence, change func(*audit.Policy)) *view.Document {
	p := Policy()
	change(p)
	return documentOf(audit.Evaluate(e, p, Options))
}

// Documents returns the cases that every format must write.
func Documents() map[string]*view.Document {
	failed := Document(Calm())
	failed.Failed = []view.Failure{{Organization: "acme", Reason: audit.Reason{{
		Code: audit.ReasonNotFound, Status: 404, Whole: "404: is the App installed there?",
	}}}}
	everything := Document(Violating())
	everything.View.Only = view.OnlyAll
	return map[string]*view.Document{
		"violations": Document(Violating()),
		"clean":      Document(Calm()),
		"empty":      Document(Empty()),
		"incomplete": Document(Incomplete(Calm())),
		"both":       Document(Incomplete(Violating())),
		"several":    Document(Violating(), Calm(), Incomplete(Calm())),
		"failed":     failed,
		"all":        everything,
		"none":       documentOf(),
		"hostile":    HostileDocument(),
		"decided":    DecidedDocument(),
		"enterprise": Document(Enterprise()),
		"remembered": RememberedDocument(),
		"claimed":    ClaimedDocument(),
	}
}

// DecidedDocument returns the report of an organization with waivers, overrides and reviews.
func DecidedDocument() *view.Document {
	return documentOf(audit.Evaluate(Violating(), DecidedPolicy(), DecidedOptions))
}

// ClaimedDocument returns the report of an organization whose policy claims settings: one of them
// is contradicted, one is attested, and one is not shown.
func ClaimedDocument() *view.Document {
	return Judged(Enterprise(), func(p *audit.Policy) {
		since := AsOf.AddDate(0, -1, 0).Truncate(view.Day)
		p.Claims = audit.Claims{Approval: true, MaxLifetime: 90, Classic: true, Since: since}
		p.Decisions = []*audit.Decision{
			Attest(audit.SettingApproval, audit.ApprovalRequired, 180),
			Attest(audit.SettingMaxLifetime, "90", -3),
		}
	})
}

// HostileDocument returns the report of an organization whose every text is hostile.
func HostileDocument() *view.Document {
	return documentOf(audit.Evaluate(Hostile(), HostilePolicy(), Options))
}

// Lasting returns the report of the calm organization, whose first token lives for 100 days.
func Lasting(change func(*audit.Policy)) *view.Document {
	e := Calm()
	e.Tokens[0].ExpiresAt = AsOf.AddDate(0, 0, 100)
	e.Tokens = e.Tokens[:2]
	return Judged(e, change)
}

// Owing returns that report, where the only finding is accepted debt.
func Owing() *view.Document {
	return Lasting(func(p *audit.Policy) {
		p.Baseline = &audit.Baseline{Debts: []audit.Debt{{
			Kind: audit.KindToken, ID: Named(Calm(), "org-ai-access").TokenID, Rule: "long-expiration",
			Basis: []string{"over 90 days"}, Severity: audit.Medium, Until: AsOf.AddDate(0, 1, 0),
		}}}
	})
}
