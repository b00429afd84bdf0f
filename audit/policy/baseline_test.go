// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
)

// someBaseline is written as FormatBaseline writes.
const someBaseline = `# Findings that were accepted as debt: known, dated, and to be paid.
# Each line under debts is one. No person and no repository is named: there are ids alone. It
# grows only with a reason: see pataudit baseline.
version: 1
organization: complytime
organization_id: 652551
created: 2026-11-22
until: 2027-05-21
accepted:
  - {on: 2026-12-01, by: alice, reason: "the \"agents\" joined", added: 1}
  - {on: 2026-12-02, reason: "more", added: 2}
reach:
  - repositories: all
    tokens:
      - 7
  - repositories: unknown
    tokens:
      - 25381
  - repositories: [5, 17]
    requests:
      - 3
debts:
  - {token: 7, rule: all-repositories, severity: medium, first_seen: 2026-11-22, ` +
	`until: 2027-05-21, basis: ["all repositories", "all repositories: read"]}
  - {token: 7, rule: unused, severity: high, first_seen: 2026-11-22, until: 2027-05-20, ` +
	`basis: ["over 90 days"]}
  - {token: 25381, rule: all-repositories, severity: low, first_seen: 2026-12-01, ` +
	`until: 2027-05-21, basis: ["all repositories"]}
  - {request: 3, rule: excess-write, severity: high, first_seen: 2026-11-22, until: 2027-05-21, ` +
	`basis: ["repository:pages:write"]}
`

func TestParseBaseline(t *testing.T) {
	got, err := policy.ParseBaseline("b.yaml", []byte(someBaseline), p(t))
	if err != nil {
		t.Fatal(err)
	}
	until := date(2027, 5, 21)
	want := &audit.Baseline{
		Organization: "complytime", OrganizationID: 652551, Created: today, Until: until,
		Accepted: []audit.Acceptance{
			{On: date(2026, 12, 1), By: "alice", Reason: `the "agents" joined`, Added: 1},
			{On: date(2026, 12, 2), Reason: "more", Added: 2},
		},
		Debts: []audit.Debt{
			{
				Kind: audit.KindToken, ID: 7, Rule: "all-repositories",
				Basis:    []string{"all repositories", "all repositories: read"},
				Severity: audit.Medium, FirstSeen: today, Until: until, Reach: audit.AllRepositories(),
			},
			{
				Kind: audit.KindToken, ID: 7, Rule: "unused", Basis: []string{"over 90 days"},
				Severity: audit.High, FirstSeen: today, Until: date(2027, 5, 20),
				Reach: audit.AllRepositories(),
			},
			{
				Kind: audit.KindToken, ID: 25381, Rule: "all-repositories",
				Basis:    []string{"all repositories"},
				Severity: audit.Low, FirstSeen: date(2026, 12, 1), Until: until,
			},
			{
				Kind: audit.KindRequest, ID: 3, Rule: "excess-write",
				Basis:    []string{"repository:pages:write"},
				Severity: audit.High, FirstSeen: today, Until: until,
				Reach: audit.SomeRepositories(5, 17),
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(someBaseline, string(policy.FormatBaseline(got))); diff != "" {
		t.Error(diff)
	}
	got.Debts[0], got.Debts[3] = got.Debts[3], got.Debts[0]
	if diff := cmp.Diff(someBaseline, string(policy.FormatBaseline(got))); diff != "" {
		t.Errorf("in another order:\n%s", diff)
	}
}

const aBaseline = `version: 1
organization: acme
created: 2026-11-22
until: 2027-05-21
reach: [{repositories: none, tokens: [7]}]
debts:
- {token: 7, rule: unused, severity: low, first_seen: 2026-11-22, until: 2027-05-21, basis: [a]}
`

func TestParseBaselineRefuses(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"empty", aBaseline, "", "b.yaml: there is nothing in it"},
		{"not keys", aBaseline, "[]", "1:1: a baseline is written as keys and values"},
		{
			"version",
			"version: 1",
			"version: 3",
			"1:10: version: this pataudit reads version 1 of a",
		},
		{
			"bare", aBaseline, "x: 1",
			`b.yaml:1:1: the key "x" is unknown; one of accepted, created, debts, organization, ` +
				"organization_id, reach, until, version?",
		},
		{"lacks", "created: 2026-11-22\n", "", "1:1: a baseline: the key created is missing"},
		{"no version", "version: 1\n", "", "1:1: a baseline: the key version is missing"},
		{"key", "debts", "depts", `6:1: the key "depts" is unknown; did you mean debts?`},
		{"debts", "debts:", "debts: {}\naccepted:", "6:8: debts: wants a list"},
		{
			"no debt",
			"- {token: 7,",
			"- 7\n- {token: 7,",
			"7:3: a debt is written as keys and values",
		},
		{"token", "7,", "0,", "7:11: token: wants an id, a whole number above zero"},
		{"neither", "token: 7, ", "", "7:3: a debt is about a token, a grant or a request"},
		{
			"both",
			"token: 7",
			"token: 7, request: 7",
			"7:3: a debt is about a token, a grant or a request",
		},
		{"rule", "unused", "unusd", `7:20: the rule "unusd" is unknown; did you mean unused?`},
		{"severity", "low", "lo", `severity "lo" is none of`},
		{"basis", "[a]", "[]", "7:93: basis: is empty"},
		{
			"a name",
			"token:",
			"name: laptop, token:",
			`7:4: the key "name" is unknown; one of basis,`,
		},
		{
			"after all",
			"2027-05-21, basis",
			"2027-05-22, basis",
			"until: is after 2027-05-21, the last",
		},
		{
			"backwards",
			"2027-05-21, basis",
			"2026-05-22, basis",
			"7:74: until: is before first_seen",
		},
		{
			"acceptance",
			"debts:",
			"accepted: [{on: 2026-11-22}]\ndebts:",
			"an acceptance: the keys reason",
		},
		{
			"added", "debts:", "accepted: [{on: 2026-11-22, reason: x, added: 0}]\ndebts:",
			"6:47: added: wants a whole number above zero",
		},
		{
			"twice", "- {token", "- {token: 7, rule: unused, severity: info, first_seen: 2026-11-22, " +
				"until: 2027-01-01, basis: [b]}\n- {token",
			"8:3: the debt of token 7 for unused is there twice; first in line 7",
		},
		{
			"no reach at all", "reach: [{repositories: none, tokens: [7]}]\n", "",
			"1:1: reach: it does not say which repositories the tokens reached: remove the file, and " +
				"`pataudit baseline create -o b.yaml` accepts anew",
		},
		{
			"no reach of a token", "tokens: [7]", "tokens: [8], requests: [7]",
			"7:3: reach: it does not say which repositories token 7 reached: remove its debts, and " +
				"`pataudit baseline create -o b.yaml --accept REASON` accepts them anew",
		},
		{"reach by name", "none,", "[acme/prod],", "5:25: repositories: wants ids"},
		{"reach of no one", "[7]", "[x]", "5:39: tokens: wants ids"},
		{
			"reach twice",
			"[7]}",
			"[7], requests: [7]}, {repositories: all, tokens: [7]}",
			"token 7 is there",
		},
		{
			"reach of nothing",
			"repositories: none, ",
			"",
			"5:9: a reach: the key repositories is missing",
		},
		{
			"large",
			aBaseline,
			aBaseline + "#" + strings.Repeat("a", 16<<20),
			"larger than 16777216",
		},
	}
	for _, key := range []string{"rule", "severity", "first_seen", "basis"} {
		tests = append(tests, struct{ name, old, new, want string }{
			"no " + key, " " + key + ":", " until: 2027-05-21, not: ", "7:3: a debt: the key " + key,
		})
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(aBaseline, test.old, test.new, 1)
			got, err := policy.ParseBaseline("b.yaml", []byte(text), p(t))
			if err == nil || got != nil {
				t.Fatalf("read it, as %+v", got)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %s\nwant %s", err, test.want)
			}
		})
	}
}

func TestParseBaselineSaysAll(t *testing.T) {
	_, err := policy.ParseBaseline("b.yaml", []byte(`version: 1
organization: acme
created: 2026-11-22
until: 2027-05-21
reach: [{repositories: none, tokens: [7]}]
debts:
- {token: 7, rule: unsued, severity: low, first_seen: 2026-11-22, until: 2027-05-22, basis: [a]}
- {request: 7}
`), p(t))
	want := `b.yaml:7:20: the rule "unsued" is unknown; did you mean unused?
    - {token: 7, rule: unsued, severity: low, first_seen: 2026-11-22, until: 202
                       ^
b.yaml:7:74: until: is after 2027-05-21, the last day of the baseline
    nsued, severity: low, first_seen: 2026-11-22, until: 2027-05-22, basis: [a]}
                                                         ^
b.yaml:8:3: a debt: the keys rule, severity, first_seen, until, basis are missing
    - {request: 7}
      ^`
	if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
		t.Error(diff)
	}
}

// TestBaselineRoundTrip: what is written reads the same, whatever a basis is.
func TestBaselineRoundTrip(t *testing.T) {
	policyOf := p(t)
	text := rapid.StringN(1, 20, -1).
		Filter(func(s string) bool { return strings.TrimSpace(s) != "" })
	rapid.Check(t, func(t *rapid.T) {
		b := &audit.Baseline{
			Organization: text.Draw(t, "organization"), Created: today, Until: date(2027, 5, 21),
			OrganizationID: rapid.Int64Min(0).Draw(t, "id"),
		}
		for id := range rapid.IntRange(0, 4).Draw(t, "debts") {
			b.Debts = append(b.Debts, audit.Debt{
				Kind: audit.KindToken, ID: int64(id + 1), Rule: "unused",
				Basis: []string{text.Draw(t, "basis")},
				Severity: rapid.SampledFrom([]audit.Severity{audit.Low, audit.High}).
					Draw(t, "severity"),
				FirstSeen: today, Until: date(2027, 1, 1), Reach: drawReach(t),
			})
		}
		if rapid.Bool().Draw(t, "accepted") {
			b.Accepted = []audit.Acceptance{
				{On: today, By: text.Draw(t, "by"), Reason: text.Draw(t, "reason"), Added: 1},
			}
		}
		written := policy.FormatBaseline(b)
		got, err := policy.ParseBaseline("b.yaml", written, policyOf)
		if diff := cmp.Diff(b, got); err != nil || diff != "" {
			t.Fatalf("%v\n%s\n%s", err, diff, written)
		}
	})
}

func drawReach(t *rapid.T) audit.Reach {
	if rapid.Bool().Draw(t, "some") {
		return audit.SomeRepositories(rapid.SliceOf(rapid.Int64Range(1, 4)).Draw(t, "reach")...)
	}
	reach, err := audit.ParseReach(rapid.SampledFrom([]string{"all", "none", "unknown"}).
		Draw(t, "reach"))
	if err != nil {
		t.Fatal(err)
	}
	return reach
}

// FuzzBaseline holds that nothing makes ParseBaseline panic, and that what it reads is written so
// that it reads the same again, and is written the same again.
func FuzzBaseline(f *testing.F) {
	f.Add([]byte(someBaseline))
	f.Add([]byte(aBaseline))
	f.Add([]byte("version: 1\ndebts: []"))
	p, err := policy.Guide(rules())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := policy.ParseBaseline("b.yaml", data, p)
		if err != nil {
			return
		}
		for _, d := range b.Debts {
			if d.ID <= 0 || len(d.Basis) == 0 || d.Severity == audit.NoSeverity ||
				d.Until.After(b.Until) {
				t.Errorf("%+v", d)
			}
		}
		text := policy.FormatBaseline(b)
		again, err := policy.ParseBaseline("b.yaml", text, p)
		if diff := cmp.Diff(b, again); err != nil || diff != "" {
			t.Errorf("%v\n%s\n%s", err, diff, text)
		}
		if again != nil && string(policy.FormatBaseline(again)) != string(text) {
			t.Errorf("written differently again:\n%s", text)
		}
	})
}
