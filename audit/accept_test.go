// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
)

var (
	thatDay = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	dayPast = thatDay.AddDate(0, 0, -1)
)

// TestDecisionStates: every state that a decision can come to, and why.
func TestDecisionStates(t *testing.T) {
	failing := audit.Verdict{Status: audit.Fail, Severity: audit.Medium, Basis: []string{"a", "b"}}
	passing := audit.Verdict{Status: audit.Pass}
	waive := func(severity audit.Severity, basis ...string) audit.Decision {
		return audit.Decision{Kind: audit.Waive, Rule: "r", Severity: severity, Basis: basis}
	}
	kind := func(kind string) audit.Decision { return audit.Decision{Kind: kind} }
	reduce := audit.Decision{
		Kind: audit.Reduce, Basis: []string{"all repositories"}, Reach: audit.AllRepositories(),
		Held: []string{"repository:a:write"},
	}
	past := func(d audit.Decision) audit.Decision { d.Until = dayPast; return d }
	gone := func(e *audit.Evidence) { e.Tokens[0].ID, e.Tokens[0].TokenID = 2, 22 }
	perhaps := func(e *audit.Evidence) { gone(e); e.Coverage[0].Status = audit.Partial }
	stranger := func(e *audit.Evidence) { e.Tokens[0].Owner = &audit.Member{ID: 6, Login: "x"} }
	nobody := func(e *audit.Evidence) { e.Tokens[0].Owner = nil }
	expired := func(e *audit.Evidence) { e.Tokens[0].Expired = true }
	can := func(selection audit.Selection, permissions ...string) func(*audit.Evidence) {
		return func(e *audit.Evidence) {
			e.Tokens[0].Selection = selection
			for _, level := range permissions {
				e.Tokens[0].Permissions = append(e.Tokens[0].Permissions,
					audit.Permission{Group: "repository", Name: "a", Level: level})
			}
		}
	}
	for _, test := range []struct {
		name     string
		decision audit.Decision
		says     audit.Verdict
		change   func(*audit.Evidence)
		want     string
	}{
		{"waived", waive(audit.Medium, "a", "b", "c"), failing, nil, "used"},
		{"waived, once", past(waive(audit.Medium, "a", "b")), failing, nil, "expired: past 2026-11-21"},
		{"grew", waive(audit.Medium, "a"), failing, nil, "exceeded: more than was accepted: b"},
		{
			"got worse", waive(audit.Low, "a", "b"), failing, nil,
			"exceeded: more than was accepted: medium now, low was accepted",
		},
		{"mended", waive(audit.Medium, "a"), passing, nil, "unused: the rule does not fail"},
		{
			"not known", waive(audit.Medium, "a"),
			audit.Verdict{},
			nil,
			"unused: the rule cannot be judged",
		},
		{"waived, gone", waive(audit.Medium, "a"), failing, gone, "unused: the token is not listed"},
		{
			"waived, handed on", waive(audit.Medium, "a", "b"), failing, stranger,
			"unused: the token has another owner now",
		},
		{
			"waived, of nobody", waive(audit.Medium, "a", "b"), failing, nobody,
			"unused: the token's owner is not known",
		},
		{"kept", kind(audit.Keep), failing, nil, "used"},
		{
			"kept, once", past(kind(audit.Keep)), failing, nil, "expired: past 2026-11-21; " +
				"what the token could do on 2026-11-20 stays accepted",
		},
		{"kept, gone", kind(audit.Keep), failing, gone, "unused"},
		{
			"kept, of nobody", kind(audit.Keep), failing, nobody,
			"unused: the token's owner is not known",
		},
		{"to revoke", kind(audit.Revoke), failing, nil, "used: due 2026-11-22"},
		{
			"not revoked", past(kind(audit.Revoke)), failing, nil,
			"overdue: due 2026-11-21, and it is not done",
		},
		{"revoked", past(kind(audit.Revoke)), failing, gone, "done: the token is gone"},
		{
			"perhaps another one", past(kind(audit.Revoke)), failing,
			func(e *audit.Evidence) { e.Tokens[0].TokenID = 0 },
			"overdue: due 2026-11-21; not all tokens are listed by their ids",
		},
		{
			"reduced by another wording", audit.Decision{
				Kind: audit.Reduce, Basis: []string{"r: c"}, Reach: audit.AllRepositories(),
				Held: []string{},
			}, failing, can(audit.SelectAll), "used: due 2026-11-22",
		},
		{
			"reduced so that the rule passes", audit.Decision{
				Kind: audit.Reduce, Basis: []string{"r: c"}, Reach: audit.AllRepositories(),
				Held: []string{},
			}, passing, can(audit.SelectAll), "done: what had to go is gone",
		},
		{"expired itself", past(kind(audit.Revoke)), failing, expired, "done: the token is gone"},
		{
			"perhaps revoked", past(kind(audit.Revoke)), failing, perhaps,
			"overdue: due 2026-11-21; not all tokens are listed by their ids",
		},
		{"to reduce", reduce, failing, can(audit.SelectAll, "write"), "used: due 2026-11-22"},
		{"reduced", reduce, failing, can(audit.SelectSubset, "write"), "done: what had to go is gone"},
		{
			"not reduced", past(reduce), failing, can(audit.SelectAll, "write"),
			"overdue: due 2026-11-21, and it is not done",
		},
		{
			"fewer rights, and not what had to go", past(reduce), failing, can(audit.SelectAll, "read"),
			"overdue: due 2026-11-21, and it is not done",
		},
		{
			"other rights instead", past(reduce), failing, can(audit.SelectSubset, "write", "admin"),
			"overdue: due 2026-11-21, and it is not done",
		},
		{"a stronger right is left", audit.Decision{
			Kind: audit.Reduce, Basis: []string{"repository:a:write"}, Reach: audit.AllRepositories(),
			Held: []string{"repository:a:admin"}, Until: dayPast,
		}, failing, can(audit.SelectAll, "admin"), "overdue: due 2026-11-21, and it is not done"},
		{"a weaker right is left", audit.Decision{
			Kind: audit.Reduce, Basis: []string{"repository:a:write"}, Reach: audit.AllRepositories(),
			Held: []string{"repository:a:write"},
		}, failing, can(audit.SelectAll, "read"), "done: what had to go is gone"},
		{"other repositories", audit.Decision{
			Kind: audit.Reduce, Basis: []string{"repository:a:write"}, Reach: audit.SomeRepositories(1),
			Held: []string{"repository:a:write"}, Until: dayPast,
		}, failing, can(audit.SelectAll, "read"), "overdue: due 2026-11-21, and it is not done"},
		{"perhaps reduced", reduce, failing, func(e *audit.Evidence) {
			e.Tokens[0].Known &^= audit.FactPermissions
		}, "used: due 2026-11-22"},
		{"reduced to nothing", reduce, failing, gone, "done: the token is gone"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, e := test.decision, seen()
			d.TokenID, d.OwnerID = 11, 5
			if d.Until.IsZero() {
				d.Until = thatDay
			}
			d.On = d.Until.AddDate(0, 0, -1)
			if test.change != nil {
				test.change(e)
			}
			policy := asked(asking("r", test.says, 0))
			policy.Decisions = []*audit.Decision{&d}
			run := audit.Evaluate(e, policy, atNoon)
			result := run.Decisions[0]
			got := string(result.State)
			if result.Detail != "" {
				got += ": " + result.Detail
			}
			if got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
			waived := run.Summary.Findings[audit.Waived] == 1
			if waived != (d.Kind == audit.Waive && result.State == audit.DecisionUsed) {
				t.Errorf("%s, but waived is %v", got, waived)
			}
		})
	}
}

// TestSharedPolicy: where several organizations are judged by one policy, a decision is told of by
// the one that lists its token. To the others its token is not gone: it never was theirs.
func TestSharedPolicy(t *testing.T) {
	policy := asked(asking("r", audit.Verdict{Status: audit.Pass}, 0))
	own := &audit.Decision{TokenID: 11, OwnerID: 5, Kind: audit.Keep, Until: thatDay}
	others := &audit.Decision{TokenID: 12, OwnerID: 5, Kind: audit.Revoke, Until: dayPast}
	policy.Decisions = []*audit.Decision{others, own}
	if run := audit.Evaluate(seen(), policy, atNoon); len(run.Decisions) != 2 {
		t.Errorf("alone: %d decisions", len(run.Decisions))
	}
	run := audit.Evaluate(seen(), policy, audit.Options{AsOf: noon, Shared: true})
	if len(run.Decisions) != 1 || run.Decisions[0].Decision != own {
		t.Errorf("shared: %+v", run.Decisions)
	}
}

// TestWaivers: the finding tells which waiver accepts it, or which does not; a wider one counts.
func TestWaivers(t *testing.T) {
	waiver := func(until time.Time, by string, basis ...string) *audit.Decision {
		return &audit.Decision{
			TokenID: 11, OwnerID: 5, Kind: audit.Waive, Rule: "r", Severity: audit.High, By: by,
			Basis: basis, Until: until,
		}
	}
	narrow, wide := waiver(thatDay, "OctoCat", "a"), waiver(thatDay, "alice", "a", "b")
	twin := waiver(thatDay, "bob", "a", "b")
	policy := asked(asking("r", audit.Verdict{Status: audit.Fail, Basis: []string{"a", "b"}}, 0))
	policy.Decisions = []*audit.Decision{narrow, wide, twin}
	run := audit.Evaluate(seen(), policy, atNoon)
	for result := range run.Results() {
		if f := result.Findings[0]; f.Waiver != wide || f.Exceeded != nil || result.New != 0 {
			t.Errorf("%+v", f)
		}
	}
	var states []string
	for _, d := range run.Decisions {
		states = append(states, fmt.Sprint(d.State, " ", d.ByOwner))
	}
	if want := []string{"unused true", "used false", "unused false"}; !slices.Equal(states, want) {
		t.Errorf("%q", states)
	}
	policy.Decisions = []*audit.Decision{narrow}
	for result := range audit.Evaluate(seen(), policy, atNoon).Results() {
		if f := result.Findings[0]; f.Waiver != nil || f.Exceeded != narrow || f.Status != audit.Fail {
			t.Errorf("%+v", f)
		}
	}
}

// TestNoBasisIsNeverAccepted: a finding that rests on nothing nameable cannot be accepted.
func TestNoBasisIsNeverAccepted(t *testing.T) {
	policy := asked(asking("r", audit.Verdict{Status: audit.Fail}, 0))
	policy.Decisions = []*audit.Decision{{
		TokenID: 11, OwnerID: 5, Kind: audit.Waive, Rule: "r", Severity: audit.Critical,
		Until: thatDay,
	}}
	policy.Baseline = &audit.Baseline{Debts: []audit.Debt{{
		Kind: audit.KindGrant, ID: 1, Rule: "r", Severity: audit.Critical, Until: thatDay,
	}}}
	if got := audit.Evaluate(seen(), policy, atNoon).Outcome(); got != audit.Violations {
		t.Error(got)
	}
}
