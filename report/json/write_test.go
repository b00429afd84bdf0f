// SPDX-License-Identifier: Apache-2.0

package json

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// tokensOf returns the tokens of a document's JSON report.
func tokensOf(t *testing.T, d *view.Document) []map[string]any {
	t.Helper()
	return reporttest.JSONTokens(t, reporttest.Write(t, Format, d))
}

// The tool's own report reads back as the names that GitHub sent.
func TestJSONKeepsTexts(t *testing.T) {
	for i, token := range tokensOf(t, reporttest.HostileDocument()) {
		want := strings.ToValidUTF8(reporttest.Payloads[i], "\ufffd")
		if !utf8.ValidString(reporttest.Payloads[i]) {
			want = string([]rune(reporttest.Payloads[i])) // one mark per byte
		}
		if token["name"] != want || token["owner"].(map[string]any)["login"] != want {
			t.Errorf("%q reads back as %q", reporttest.Payloads[i], token["name"])
		}
		permissions := token["permissions"].(map[string]any)["repository"].(map[string]any)
		if permissions[want] != "write" {
			t.Errorf("%q: permissions %v", want, permissions)
		}
	}
	out := string(reporttest.Write(t, Format, reporttest.HostileDocument()))
	for _, r := range out {
		if r != '\n' && reporttest.Hidden(r) {
			t.Errorf("%U in the bytes", r)
		}
	}
	if strings.Contains(out, "##[") || strings.Contains(out, `"::`) {
		t.Error("a runner command in the bytes")
	}
}

func TestJSONUnknownIsNull(t *testing.T) {
	e := reporttest.Violating()
	e.Tokens = []*audit.Token{{ID: 7, Name: "x"}}
	got := tokensOf(t, reporttest.Document(e))[0]
	delete(got, "findings")
	delete(got, "successors")
	want := map[string]any{
		"id": 7.0, "token_id": nil, "name": "x", "owner": nil, "repository_selection": nil,
		"repositories": nil, "permissions": nil, "granted_at": nil, "expires_at": nil,
		"expired": nil, "last_used_at": nil, "granted_days": nil, "severity": "info",
		"unknown": []any{
			"selection", "permissions", "granted", "expiry", "last_used", "owner", "repositories",
			"membership", "two_factor",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJSONOwner(t *testing.T) {
	no := false
	for _, c := range []struct {
		member *audit.Member
		known  audit.Facts
		role   any
		factor any
	}{
		{&audit.Member{Role: audit.RoleAdmin}, reporttest.AllFacts, "admin", nil},
		{&audit.Member{Role: audit.RoleAdmin}, reporttest.AllFacts &^ audit.FactMembership, nil, nil},
		{&audit.Member{Role: audit.RoleNotMember, TwoFactor: &no}, reporttest.AllFacts, nil, false},
		{&audit.Member{Role: audit.RoleOutside}, reporttest.AllFacts, "outside", nil},
	} {
		e := reporttest.Calm()
		e.Tokens[0].Owner, e.Tokens[0].Known = c.member, c.known
		owner := tokensOf(t, reporttest.Document(e))[0]["owner"].(map[string]any)
		if owner["role"] != c.role || owner["two_factor"] != c.factor {
			t.Errorf("%+v: %v", c.member, owner)
		}
	}
}

func TestJSONTimes(t *testing.T) {
	e := reporttest.Calm()
	e.Tokens[0].ExpiresAt = time.Date(12026, 1, 1, 1, 0, 0, 0, time.FixedZone("", 3600))
	e.Tokens[1].ExpiresAt, e.Tokens[1].Expired = reporttest.AsOf, true
	tokens := tokensOf(t, reporttest.Document(e))
	if got := tokens[0]["expires_at"]; got != "12026-01-01T00:00:00Z" {
		t.Errorf("expires_at %v", got)
	}
	got := tokens[1]
	if got["expires_at"] != nil || got["expired"] != true || got["granted_days"] != nil {
		t.Errorf("expired: %v", got)
	}
}

func TestJSONOnlyAndFilter(t *testing.T) {
	d := reporttest.Document(reporttest.Violating())
	whole := reporttest.DecodeJSON(t, reporttest.Write(t, Format, d))
	count := func() (tokens, findings int) {
		for _, token := range tokensOf(t, d) {
			tokens++
			findings += len(token["findings"].([]any))
		}
		return tokens, findings
	}
	if _, filtered := whole["view"]; filtered {
		t.Error("a whole report has a view")
	}
	s := d.Runs[0].Summary
	for _, c := range []struct {
		view             view.View
		tokens, findings int
	}{
		{view.View{}, s.Tokens, s.Findings[audit.Fail] + s.Findings[audit.Waived]},
		{view.View{Only: view.OnlyAll}, s.Tokens, s.Tokens * 8},
		{view.View{Only: view.OnlyFailing}, s.Failing, s.Findings[audit.Fail]},
		{view.View{Filter: view.Filter{Severity: audit.Critical}}, 2, 2},
		{view.View{Filter: view.Filter{Rules: []string{"long-expiration"}}}, 16, 16},
		{view.View{Filter: view.Filter{Owners: []string{"ex-kim"}}}, 1, 1},
	} {
		d.View = c.view
		tokens, findings := count()
		if tokens != c.tokens || findings != c.findings {
			t.Errorf("%+v: %d tokens, %d findings, want %d, %d",
				c.view, tokens, findings, c.tokens, c.findings)
		}
		got := reporttest.DecodeJSON(t, reporttest.Write(t, Format, d))
		for _, key := range []string{"verdict", "complete", "summary", "rules", "coverage"} {
			if diff := cmp.Diff(whole[key], got[key]); diff != "" {
				t.Errorf("%+v changes %s:\n%s", c.view, key, diff)
			}
		}
		if _, says := got["view"]; says != (c.view.Only != "" || c.view.Filter.Active()) {
			t.Errorf("%+v: says that it was filtered: %v", c.view, says)
		}
	}
}

// Evidence that no real listing has must still be written, or refused: not written wrong.
func TestJSONNewGroup(t *testing.T) {
	e := reporttest.Calm()
	e.Tokens[0].Permissions = []audit.Permission{{Group: "enterprise", Name: "all", Level: "owner"}}
	got := tokensOf(t, reporttest.Document(e))[0]["permissions"]
	want := map[string]any{
		"repository": map[string]any{}, "organization": map[string]any{}, "other": map[string]any{},
		"enterprise": map[string]any{"all": "owner"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJSONWaiver(t *testing.T) {
	e := reporttest.Calm()
	for i, by := range []string{"marta-h", "TSUKI"} {
		d := reporttest.Judged(e, func(p *audit.Policy) {
			p.Decisions = []*audit.Decision{
				reporttest.Waive(e.Tokens[2], "long-expiration", "over 180 days"),
			}
			p.Decisions[0].By = by
		})
		want := map[string]any{
			"reason": "mirrors until the move", "by": by, "ticket": "SEC-7", "on": "2026-11-12",
			"until": "2027-02-10", "by_owner": i == 1,
		}
		finding := tokensOf(t, d)[2]["findings"].([]any)[0].(map[string]any)
		if diff := cmp.Diff(want, finding["waiver"]); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		decisions := reporttest.DecodeJSON(t, reporttest.Write(t, Format, d))["decisions"].([]any)
		if got := decisions[0].(map[string]any); got["by_owner"] != (i == 1) || got["state"] != "used" {
			t.Errorf("%v", got)
		}
	}
}
