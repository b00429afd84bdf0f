// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit/policy"
	catalog "github.com/complytime/pataudit/audit/rules"
)

// examples are right about the guide's rules, and about the fake ones as far as they are read.
const examples = `version: 1
overrides:
- name: release bots
  when: {owner: {id: 9001, login: release-bot}}
  rules: {long-expiration: {max_days: 366}}
- name: infrastructure
  when: {repository: infra-*}
  rules: {long-expiration: {max_days: 30}}
tests:
- name: the token of which nothing is said
  token: {}
  expect: clean
- name: at another time
  token: {granted_at: 2027-01-01, last_used_at: 2027-01-01T08:00:00+01:00, expires_at: +30d}
  as_of: 2027-01-02
  expect: clean
- name: a release bot may have a year
  token: {owner: {id: 9001}, expires_at: +300d}
  expect: {long-expiration: pass}
- name: others may not
  token: {expires_at: +62d}
  expect: {long-expiration: medium, unused: pass, unknown-permission: pass}
- name: one day is tolerated
  token: {expires_at: +61d}
  expect: {long-expiration: pass}
- name: and no second more
  token: {expires_at: +61d1s}
  expect: {long-expiration: fail}
- name: infrastructure may less
  token: {repositories: complytime/infra-prod}
  expect: {long-expiration: fail}
- name: also where it is one of all
  token: {repository_selection: all}
  organization: {complytime/infra-prod: private}
  expect: {long-expiration: fail, all-repositories: high}
- name: no expiry
  token: {expires_at: null}
  expect: {no-expiration: high, long-expiration: not_applicable}
- name: never used
  token: {last_used_at: null, granted_at: -31d, expires_at: +2d}
  expect: {never-used: medium}
- name: expired
  token: {expired: true}
  expect: {expired-grant: low, long-expiration: not_applicable}
- name: not learned
  token:
    owner: {role: null, two_factor: null}
    permissions: null
    granted_at: null
    repositories: null
  expect:
    owner-not-member: indeterminate
    owner-without-2fa: indeterminate
    excess-write: indeterminate
    long-expiration: indeterminate
    broad-selection: indeterminate
- name: known well
  token:
    name: "\e[2Kasdf"
    token_id: 12
    owner: {login: "x[bot]", role: none, two_factor: false}
    repository_selection: subset
    repositories: [complytime/vault, complytime/docs, acme/other]
    permissions: {repository: {contents: write, metadata: read, administration: write}, new: {}}
  expect:
    owner-not-member: high
    toxic-permissions: critical
    private-public-bridge: low
- name: a selection that is new
  token: {repository_selection: most}
  expect: {unknown-permission: info, broad-selection: indeterminate}
- name: nothing but public repositories
  token: {repository_selection: none, repositories: null}
  expect: {broad-selection: not_applicable}
- name: an empty list
  token: {repositories: []}
  expect: {broad-selection: pass}
`

func TestExamples(t *testing.T) {
	outcomes, err := policy.Test("policy.yaml", []byte(examples), catalog.All)
	if err != nil {
		t.Fatal(err)
	}
	if len(outcomes) != strings.Count(examples, "expect:") {
		t.Errorf("%d outcomes", len(outcomes))
	}
	lines := strings.Split(examples, "\n")
	for _, o := range outcomes {
		if len(o.Problems) > 0 {
			t.Errorf("%s: %q", o.Name, o.Problems)
		}
		if lines[o.Line-1] != "- name: "+o.Name {
			t.Errorf("%q is in line %d", o.Name, o.Line)
		}
	}
}

// TestExamplesFail holds that each expectation can be disappointed, and that it is said how.
func TestExamplesFail(t *testing.T) {
	tests := map[string]struct {
		token, expect string
		want          []string
	}{
		"severity": {"{expires_at: +300d}", "{long-expiration: high}", []string{
			"long-expiration: expected high, got medium: expires 330 days from its approval (at most 90)",
		}},
		"status": {"{expires_at: +300d}", "{long-expiration: pass, unused: fail}", []string{
			"unused: expected fail, got pass",
			"long-expiration: expected pass, got medium: expires 330 days from its approval (at most 90)",
		}},
		"failure": {"{}", "{long-expiration: medium}", []string{
			"long-expiration: expected medium, got pass",
		}},
		"override": {"{owner: {id: 9001}}", "{long-expiration: pass}", []string{
			"long-expiration: expected pass, got low by the override bots: " +
				"expires 90 days from its approval (at most 7)",
		}},
		"not clean": {"{repository_selection: all, expires_at: ~}", "clean", []string{
			"all-repositories: expected clean, got high: reaches every repository, present and " +
				"future, and writes to them",
			"no-expiration: expected clean, got high: never expires",
		}},
		"at the threshold": {"{expires_at: +300d}", "clean", []string{
			"long-expiration: expected clean, got medium: expires 330 days from its approval " +
				"(at most 90)",
		}},
		"below the threshold": {"{owner: {id: 9001}}", "clean", nil},
		"open": {"{granted_at: ~}", "clean", []string{
			"long-expiration cannot judge the only token",
			"stale-approval cannot judge the only token",
		}},
		"not required": {"{owner: {two_factor: ~}}", "clean", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			text := "version: 1\noverrides: [{name: bots, when: {owner: 9001}, " +
				"rules: {long-expiration: {max_days: 7, severity: low}}}]\n" +
				"tests: [{name: a, token: " + test.token + ", expect: " + test.expect + "}]"
			outcomes, err := policy.Test("policy.yaml", []byte(text), catalog.All)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, outcomes[0].Problems); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestExamplesRefused(t *testing.T) {
	token := func(text string) string {
		return "tests: [{name: a, expect: clean, token: " + text + "}]"
	}
	expect := func(text string) string {
		return "tests: [{name: a, token: {}, expect: " + text + "}]"
	}
	tests := map[string]struct{ text, want string }{
		"mapping":   {"tests: {a: b}", "2:8: tests: wants a list"},
		"empty":     {"tests: []", "2:8: tests: the list is empty"},
		"nothing":   {"tests: [{}]", "2:9: an example: the keys name, token, expect are missing"},
		"key":       {"tests: [{nam: a}]", `the key "nam" is unknown; did you mean name?`},
		"expect":    {expect("cleen"), `2:38: expect: "cleen" is none that is known: write clean`},
		"nothing e": {expect("{}"), "2:38: expect: nothing is expected"},
		"list":      {expect("[unused]"), "expect is written as keys and values"},
		"rule":      {expect("{unsued: pass}"), `the rule "unsued" is unknown; did you mean unused?`},
		"word": {
			expect("{unused: waived}"), `2:47: unused: "waived" is none that is known: write one of ` +
				"fail, pass, not_applicable, indeterminate, critical, high, medium, low, info",
		},
		"slip":      {expect("{unused: pas}"), `unused: "pas" is none that is known: write pass`},
		"not asked": {expect("{unreviewed-token: fail}"), "unreviewed-token is not asked"},
		"token":     {token("a"), "2:41: token is written as keys and values"},
		"null":      {token("~"), "there is no value"},
		"token key": {token("{expires: ~}"), `the key "expires" is unknown; did you mean expired?`},
		"name":      {token("{name: ~}"), "2:48: name: there is no value"},
		"id":        {token("{token_id: a}"), "token_id: wants a whole number"},
		"owner":     {token("{owner: a}"), "owner is written as keys and values"},
		"owner key": {token("{owner: {name: a}}"), `the key "name" is unknown; one of id, login`},
		"login":     {token("{owner: {login: a b}}"), "login: wants a login"},
		"no login":  {token("{owner: {login: ~}}"), "login: there is no value"},
		"role": {
			token("{owner: {role: membr}}"), `role: "membr" is none that is known: write member`,
		},
		"factor":    {token("{owner: {two_factor: maybe}}"), "two_factor: wants true or false"},
		"selection": {token("{repository_selection: ~}"), "repository_selection: there is no value"},
		"listed": {
			token("{repository_selection: all, repositories: [a/b]}"),
			"2:83: repositories: are listed of a selection of subset only",
		},
		"repository": {token("{repositories: [a]}"), "2:57: repositories: wants owner/name"},
		"level": {
			token("{permissions: {repository: {contents: ~}}}"), "contents: there is no value",
		},
		"groups":    {token("{permissions: [contents]}"), "permissions is written as keys and values"},
		"levels":    {token("{permissions: {repository: all}}"), "repository is written as keys"},
		"time":      {token("{granted_at: yesterday}"), "2:54: granted_at: wants a time: 2026-11-22,"},
		"unsigned":  {token("{granted_at: 30d}"), "granted_at: wants a time"},
		"two signs": {token("{granted_at: -30d-1h}"), "granted_at: wants a time"},
		"far":       {token("{granted_at: -300000d}"), "granted_at: wants a time"},
		"very far":  {token("{granted_at: -1d2500000h}"), "granted_at: wants a time"},
		"expired":   {token("{expired: ~}"), "expired: there is no value"},
		"as of": {
			"tests: [{name: a, token: {}, expect: clean, as_of: ~}]", "2:52: there is no value",
		},
		"organization": {
			"tests: [{name: a, token: {}, expect: clean, organization: {infra: private}}]",
			"organization: wants repositories, owner/name: visibility",
		},
		"visibility": {
			"tests: [{name: a, token: {}, expect: clean, organization: {a/b: hidden}}]",
			`visibility: "hidden" is none that is known: write one of public, private, internal`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			text := []byte("version: 1\n" + test.text)
			_, err := policy.Test("policy.yaml", text, catalog.All)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			if _, again := policy.Parse("policy.yaml", text, catalog.All); again == nil {
				t.Error("Parse does not mind")
			}
		})
	}
	outcomes, err := policy.Test("policy.yaml", []byte("version: 1"), catalog.All)
	if len(outcomes) != 0 || err != nil {
		t.Errorf("without examples: %v, %v", outcomes, err)
	}
}
