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
	d := &view.Document{
		Tool: view.Tool{Name: "pataudit", Version: "v0.1.0", Permissions: "2026-11-30"},
	}
	for _, e := range evidence {
		p := Policy()
		for _, t := range e.Tokens {
			if strings.HasPrefix(t.Name, "waived-") {
				p.Decisions = append(p.Decisions, Waive(t, "long-expiration", "over 180 days"))
			}
		}
		d.Runs = append(d.Runs, audit.Evaluate(e, p, Options))
	}
	return d
}

// Documents returns the cases that every format must write.
func Documents() map[string]*view.Document {
	failed := Document(Calm())
	failed.Failed = []view.Failure{{Organization: "acme", Reason: "404: is the App installed there?"}}
	everything := Document(Violating())
	everything.View.Only = view.OnlyAll
	return map[string]*view.Document{
		"violations": Document(Violating()),
		"clean":      Document(Calm()),
		"empty":      Document(Empty()),
		"incomplete": Document(Incomplete(Calm())),
		"both":       Document(Incomplete(Violating())),
		"several": Document(
			Violating(),
			Calm(),
			Incomplete(Calm()),
		),
		"failed":     failed,
		"all":        everything,
		"none":       {Tool: view.Tool{Name: "pataudit", Version: "v0.1.0", Permissions: "2026-11-30"}},
		"hostile":    HostileDocument(),
		"decided":    DecidedDocument(),
		"enterprise": Document(Enterprise()),
		"remembered": RememberedDocument(),
		"claimed":    ClaimedDocument(),
	}
}

// DecidedDocument returns the report of an organization with waivers, overrides and reviews.
func DecidedDocument() *view.Document {
	d := Document()
	d.Runs = append(
		d.Runs,
		audit.Evaluate(Violating(), DecidedPolicy(), DecidedOptions),
	)
	return d
}

// ClaimedDocument returns the report of an organization whose policy claims settings: one of them
// is contradicted, one is attested, and one is not shown.
func ClaimedDocument() *view.Document {
	p := Policy()
	p.Claims = audit.Claims{
		Approval: true, MaxLifetime: 90, Classic: true, Since: AsOf.AddDate(0, -1, 0).Truncate(view.Day),
	}
	p.Decisions = []*audit.Decision{
		Attest(audit.SettingApproval, audit.ApprovalRequired, 180),
		Attest(audit.SettingMaxLifetime, "90", -3),
	}
	d := Document()
	d.Runs = append(d.Runs, audit.Evaluate(Enterprise(), p, Options))
	return d
}

// HostileDocument returns the report of an organization whose every text is hostile.
func HostileDocument() *view.Document {
	d := Document()
	d.Runs = append(
		d.Runs,
		audit.Evaluate(Hostile(), HostilePolicy(), Options),
	)
	return d
}
