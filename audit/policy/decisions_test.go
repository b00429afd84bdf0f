// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
)

const someDecisions = `version: 1
decisions:
  # org-ai-access of octocat
  - token: 98716
    owner: 1
    kind: waive
    rule: all-repositories
    basis:
      - "all repositories: read"
      - all repositories
      - all repositories
    severity: high
    reach: [3, 2]
    reason: moves to an App
    by: alice
    ticket: SEC-12
    on: 2026-11-22
    until: "2027-02-20"
    note: said in the meeting
  - {token: 3, owner: 2, kind: keep, held: [], reach: [7], purpose: releases, consumer: ci,
     by: bob, on: 2026-11-22, until: 2036-11-22}
  - {token: 4, owner: 2, kind: reduce, basis: [all repositories], held: [], reach: all,
     reason: too much, by: bob, on: 2026-11-22, until: 2026-11-22}
  - {token: 4, owner: 2, kind: revoke, reason: unused, by: bob, on: 2026-11-22, until: 2026-12-22}
`

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

var today = date(2026, 11, 22)

func TestParseDecisions(t *testing.T) {
	got, err := policy.ParseDecisions("decisions.yaml", []byte(someDecisions), parse(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	want := []*audit.Decision{
		{
			TokenID: 98716, OwnerID: 1, Kind: audit.Waive, Rule: "all-repositories",
			Basis: []string{"all repositories", "all repositories: read"}, Severity: audit.High,
			Reach: audit.SomeRepositories(
				2,
				3,
			), Reason: "moves to an App", By: "alice", Ticket: "SEC-12",
			On: today, Until: date(2027, 2, 20),
		},
		{
			TokenID: 3, OwnerID: 2, Kind: audit.Keep, Held: []string{}, Reach: audit.SomeRepositories(7),
			Purpose: "releases", Consumer: "ci", By: "bob",
			On: today, Until: date(2036, 11, 22),
		},
		{
			TokenID: 4, OwnerID: 2, Kind: audit.Reduce, Basis: []string{"all repositories"},
			Reach: audit.AllRepositories(), Reason: "too much", By: "bob", On: today, Until: today,
		},
		{
			TokenID: 4, OwnerID: 2, Kind: audit.Revoke, Reason: "unused", By: "bob", On: today,
			Until: date(2026, 12, 22),
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// waiver is a record that is right; each test changes one line of it.
const waiver = `version: 1
decisions:
- token: 98716
  owner: 1
  kind: waive
  rule: unused
  basis: [over 90 days]
  severity: high
  reach: none
  reason: quarterly
  by: alice
  on: 2026-11-22
  until: 2026-12-22
`

func TestParseDecisionsRefuses(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"empty", waiver, "", "d.yaml: there is nothing in it"},
		{"not keys", waiver, "[]", "d.yaml:1:1: decisions is written as keys and values"},
		{"no version", "version: 1\n", "", "d.yaml:1:1: decisions: the key version is missing"},
		{
			"version",
			"version: 1",
			"version: 2",
			"1:10: version: this pataudit reads version 1 of de",
		},
		{"no list", waiver, "version: 1", "d.yaml:1:1: decisions: the key decisions is missing"},
		{"a mapping", waiver, "version: 1\ndecisions: {}", "2:12: decisions: wants a list"},
		{"null", waiver, "version: 1\ndecisions:", "2:11: there is no value"},
		{"text", waiver, "version: 1\ndecisions: [a]", "2:13: a decision is written as keys"},
		{"key", "  by:", "  buy:", `11:3: the key "buy" is unknown; did you mean by?`},
		{"key twice", "  by:", "  rule:", `11:3: "rule" is there twice; first in line 6`},
		{"token", "98716", "0", "3:10: token: wants an id, a whole number above zero"},
		{"token below", "98716", "-5", "3:10: token: wants an id, a whole number above zero"},
		{"token name", "98716", "laptop", "3:10: token: wants a whole number"},
		{"token huge", "98716", "98716987169871698716", "3:10: token: wants a whole number"},
		{"owner", "owner: 1", "owner: octocat", "4:10: owner: wants a whole number"},
		{"kind", "waive", "wave", `5:9: the kind "wave" is unknown; did you mean waive?`},
		{
			"kinds",
			"waive",
			"x",
			`5:9: the kind "x" is unknown; one of attest, keep, reduce, revoke, waive?`,
		},
		{"rule", "unused", "unusd", `6:9: the rule "unusd" is unknown; did you mean unused?`},
		{"rules", "unused", "[unused]", `6:9: the rule "" is unknown; one of long-expiration`},
		{"basis text", "[over 90 days]", "over 90 days", "7:10: basis: wants a list"},
		{"basis empty", "[over 90 days]", "[]", "7:10: basis: is empty"},
		{"basis blank", "[over 90 days]", "[over 90 days, ' ']", "7:25: basis: is empty"},
		{"severity", "high", "grave", `8:13: severity: severity "grave" is none of`},
		{"no severity", "high", "none", `8:13: severity: severity "none" is none of`},
		{"reason", "quarterly", `" "`, "10:11: reason: is empty"},
		{"on", "2026-11-22", "yesterday", "12:7: on: wants a day like 2026-11-22"},
		{"year one", "2026-11-22", "0001-01-01", "12:7: on: no day before 1970 can be meant"},
		{"an instant", "2026-11-22", "2026-11-22T05:00:00Z", "12:7: on: wants a day like"},
		{"no such day", "2026-12-22", "2026-12-32", "13:10: until: wants a day like"},
		{
			"backwards", "2026-12-22", "2026-11-21",
			"13:10: until: is before 2026-11-22, the day of the decision",
		},
		{
			"too long", "2026-12-22", "2027-02-21",
			"13:10: until: a waiver of a finding that is high lasts 90 days, here until 2027-02-20: " +
				"waive it anew then, or change waivers in the policy",
		},
		{
			"reach",
			"none",
			"some",
			`9:10: reach: wants a list of repository ids, or a word: "some" is`,
		},
		{"reach of nothing", "none", "[]", "9:10: reach: the list is empty"},
		{"reach by name", "none", "[1, acme/prod]", "9:14: reach: wants ids"},
		{"reach of no id", "none", "[1, 0]", "9:14: reach: wants ids"},
		{
			"no reach", "  reach: none\n", "", "3:3: reach: it does not say for which repositories it " +
				"was decided: remove the record, and `pataudit decide 98716 waive --rule unused " +
				"--decisions d.yaml --by LOGIN --reason WHY` makes it anew",
		},
		{
			"purpose",
			"  reason:",
			"  purpose: x\n  reason:",
			"10:12: purpose: is not for a decision",
		},
		{"rule of a keep", "waive", "keep", "6:9: rule: is not for a decision to keep: remove it"},
		{
			"severity of a reduce",
			"waive",
			"reduce",
			"8:13: severity: is not for a decision to reduce",
		},
		{"basis of a revoke", "waive", "revoke", "7:10: basis: is not for a decision to revoke"},
		{
			"twice", waiver, waiver + strings.TrimPrefix(waiver, "version: 1\ndecisions:\n"),
			"14:3: the same decision is there twice; first in line 3",
		},
		{"anchor", "alice", "&a alice", "11:7: anchors and aliases are not allowed"},
		{
			"too large",
			waiver,
			waiver + "#" + strings.Repeat("a", 16<<20),
			"larger than 16777216 bytes",
		},
	}
	for _, key := range []string{
		"owner", "kind", "rule", "basis", "severity", "reason", "by", "on", "until",
	} {
		tests = append(tests, struct{ name, old, new, want string }{
			"no " + key, "  " + key + ":", "  note: was " + key + " #",
			"3:3: a decision to waive: the key " + key + " is missing",
		})
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(waiver, test.old, test.new, 1)
			want := test.want
			if test.name == "no kind" {
				want = "3:3: a decision: the key kind is missing"
			}
			got, err := policy.ParseDecisions("d.yaml", []byte(text), parse(t, ""))
			if err == nil || got != nil {
				t.Fatalf("read it, as %+v", got)
			}
			if !strings.Contains(err.Error(), want) {
				t.Errorf("got  %s\nwant %s", err, want)
			}
		})
	}
}

func TestParseDecisionsSaysAll(t *testing.T) {
	_, err := policy.ParseDecisions("d.yaml", []byte(`version: 1
decisions:
- {token: 1, owner: 2, kind: revoke, by: bob, on: 2026-11-22, until: 2026-11-30}
- token: 1
  owner: 2
  kind: keep
  by: ""
  until: soon
`), parse(t, ""))
	want := `d.yaml:3:3: a decision to revoke: the key reason is missing
    - {token: 1, owner: 2, kind: revoke, by: bob, on: 2026-11-22, until: 2026-11
      ^
d.yaml:4:3: a decision to keep: the keys purpose, on are missing
    - token: 1
      ^
d.yaml:7:7: by: is empty
      by: ""
          ^
d.yaml:8:10: until: wants a day like 2026-11-22
      until: soon
             ^`
	if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
		t.Error(diff)
	}
}

// TestWaiversLast: how long a waiver may last is the policy's to say.
func TestWaiversLast(t *testing.T) {
	for _, test := range []struct {
		waivers  map[audit.Severity]int
		severity audit.Severity
		days     int // the most; 0: no limit
	}{
		{nil, audit.Critical, 30},
		{nil, audit.High, 90},
		{nil, audit.Medium, 180},
		{nil, audit.Low, 365},
		{nil, audit.Info, 365},
		{map[audit.Severity]int{audit.High: 7}, audit.High, 7},
		{map[audit.Severity]int{audit.High: 7}, audit.Low, 0},
	} {
		p := parse(t, "")
		p.Waivers = test.waivers
		read := func(days int) error {
			text := strings.NewReplacer(
				"2026-12-22", today.AddDate(0, 0, days).Format(time.DateOnly),
				"severity: high", "severity: "+test.severity.String(),
			).Replace(waiver)
			_, err := policy.ParseDecisions("d.yaml", []byte(text), p)
			return err
		}
		if err := read(max(test.days, 4000*(1-min(test.days, 1)))); err != nil {
			t.Errorf("%s, %d days: %v", test.severity, test.days, err)
		}
		if err := read(test.days + 1); err == nil && test.days > 0 {
			t.Errorf("%s: %d days are accepted", test.severity, test.days+1)
		}
	}
}

// FuzzDecisions holds that nothing makes ParseDecisions panic, and that what it reads is written
// so that it reads the same again.
func FuzzDecisions(f *testing.F) {
	f.Add([]byte(someDecisions))
	f.Add([]byte(waiver))
	f.Add([]byte("version: 1\ndecisions: [{token: 1, kind: keep, by: \"\\u2028\\0\"}]"))
	p, err := policy.Guide(rules())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		decisions, err := policy.ParseDecisions("d.yaml", data, p)
		if err != nil {
			return
		}
		var text []byte
		for _, d := range decisions {
			if d.TokenID <= 0 || d.OwnerID <= 0 || d.By == "" || d.Until.Before(d.On) ||
				d.Kind == audit.Waive && (len(d.Basis) == 0 || d.Severity == audit.NoSeverity) {
				t.Errorf("%+v", d)
			}
			if text, err = policy.AppendDecision("d.yaml", text, d, "of \n"+d.By, p); err != nil {
				t.Fatalf("%+v: %v", d, err)
			}
		}
		if len(decisions) == 0 {
			return
		}
		again, err := policy.ParseDecisions("d.yaml", text, p)
		if diff := cmp.Diff(decisions, again); err != nil || diff != "" {
			t.Errorf("%v\n%s\n%s", err, diff, text)
		}
	})
}
