// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
)

func TestOverrides(t *testing.T) {
	p := parse(t, `
overrides:
- name: release bots
  when:
    owner: [{id: 9001, login: release-bot}, 9002, {login: "build[bot]", id: 9003}]
    token: 98716
    name: "release-*"
    repository: [infra-*, complytime/*]
    permission: [contents:write, "organization:members:read"]
  rules:
    long-expiration: {max_days: 366, severity: low}
    new-rule: {days: 4}
- name: second
  when: {owner: {id: 123, login: ibm_acme}}
  rules: {long-expiration: {deny: []}}
rules:
  long-expiration: {max_days: 30, share: 0.5}
  unused: {asked: false}
  never-used: {required: false}
`)
	o := p.Overrides[0]
	want := audit.Condition{
		Owners: []audit.Account{
			{ID: 9001, Login: "release-bot"}, {ID: 9002}, {ID: 9003, Login: "build[bot]"},
		},
		Tokens: []int64{98716}, Names: []string{"release-*"},
		Repositories: []string{"infra-*", "complytime/*"},
		Permissions:  []string{"contents:write", "organization:members:read"},
	}
	if diff := cmp.Diff(want, o.When); diff != "" || o.Name != "release bots" {
		t.Error(o.Name, diff)
	}
	set := map[string][]string{
		"long-expiration": {"max_days", "severity"}, "new-rule": {"days"},
	}
	if diff := cmp.Diff(set, o.Set); diff != "" {
		t.Error(diff)
	}
	ibm := []audit.Account{{ID: 123, Login: "ibm_acme"}}
	if got := p.Overrides[1].When.Owners; !slices.Equal(got, ibm) {
		t.Errorf("%+v", got)
	}
	if len(o.Rules) != len(p.Rules) {
		t.Fatal("the override has not all rules")
	}
	for i, r := range o.Rules {
		base := p.Rules[i]
		if r.Rule != base.Rule || r.Asked != base.Asked || r.Required != base.Required {
			t.Errorf("%+v is no form of %+v", r, base)
		}
	}
	long, ok := o.Rules[0].Checker.(*age)
	if !ok || long.MaxDays != 366 || long.Share != .5 || o.Rules[0].Severity != audit.Low {
		t.Errorf("%+v", o.Rules[0])
	}
	if base := longExpiration(t, p); base.MaxDays != 30 || len(base.Deny) != 2 {
		t.Errorf("the override changed the policy: %+v", base)
	}
}

// TestSetBelowOverrides holds that overrides follow what is set, but for what they set themselves,
// even where that is what the policy had.
func TestSetBelowOverrides(t *testing.T) {
	const overrides = `
overrides:
- name: a
  when: {owner: 1}
  rules: {long-expiration: {max_days: 90}, never-used: {severity: low}}
`
	p := parse(t, overrides)
	for _, expr := range []string{
		"long-expiration.max_days=30", "long-expiration.share=0.5", "unused.asked=false",
		"long-expiration.severity=critical", "new-rule.days=9",
		"never-used.severity=critical",
	} {
		if err := policy.Set(p, expr); err != nil {
			t.Fatal(err)
		}
	}
	same := parse(t, `
rules:
  long-expiration: {max_days: 30, share: 0.5, severity: critical}
  unused: {asked: false}
  new-rule: {days: 9}
  never-used: {severity: critical}`+overrides)
	got, want := p.Overrides[0].Rules[0], same.Overrides[0].Rules[0]
	if p.Digest != same.Digest || !cmp.Equal(got.Checker, want.Checker,
		cmp.AllowUnexported(age{})) || got.Severity != want.Severity {
		t.Errorf("%+v\n%+v", got.Checker, want.Checker)
	}
	digest := p.Digest
	if err := policy.Set(p, "long-expiration.share=2"); err != nil || p.Digest == digest {
		t.Errorf("%v", err)
	}
	err := policy.Set(p, "long-expiration.max_days=-1")
	if err == nil || p.Overrides[0].Rules[0].Checker.(*age).MaxDays != 90 {
		t.Errorf("%v, %+v", err, p.Overrides[0].Rules[0].Checker)
	}
}

func TestOverridesRefused(t *testing.T) {
	const tail = ", rules: {unused: {severity: low}}}]"
	with := func(when string) string { return "overrides: [{name: a, when: " + when + tail }
	tests := map[string]struct{ text, want string }{
		"mapping": {"overrides: {}", "2:12: overrides: wants a list"},
		"empty":   {"overrides: []", "2:12: overrides: the list is empty"},
		"word":    {"overrides: [a]", "2:13: an override is written as keys and values"},
		"nothing": {"overrides: [{}]", "an override: the keys name, when, rules are missing"},
		"no name": {
			"overrides: [{when: {owner: 1}" + tail,
			"an override: the key name is missing",
		},
		"no when": {"overrides: [{name: a" + tail, "an override: the key when is missing"},
		"no rules": {
			"overrides: [{name: a, when: {owner: 1}}]",
			"an override: the key rules is missing",
		},
		"key": {
			"overrides: [{whem: {}" + tail,
			`the key "whem" is unknown; did you mean when?`,
		},
		"name":      {"overrides: [{name: '', when: {owner: 1}" + tail, "2:20: name: is empty"},
		"when":      {with("{}"), "2:29: when: is empty, so that the override would judge every"},
		"when list": {with("[owner]"), "2:29: when is written as keys and values"},
		"part":      {with("{owners: a}"), `the key "owners" is unknown; did you mean owner?`},
		"no owner":  {with("{owner: []}"), "2:37: owner: the list is empty"},
		"login": {
			with(
				"{owner: octocat}",
			), "2:37: owner: a login can be freed and taken by somebody else, " +
				"so write its id beside it: {id: ID, login: octocat}; pataudit policy check " +
				"policy.yaml --from EVIDENCE tells the id",
		},
		"logins":      {with("{owner: [7, octocat]}"), "2:41: owner: a login can be freed"},
		"number":      {with(`{owner: "123"}`), "{id: ID, login: 123}"},
		"owner":       {with("{owner: 'release-*'}"), "2:37: owner: wants the id of an account"},
		"at":          {with("{owner: ['@a']}"), "2:38: owner: wants the id of an account"},
		"no account":  {with("{owner: 0}"), "2:37: owner: wants the id of an account, a whole"},
		"owner list":  {with("{owner: [[7]]}"), "2:38: owner: wants the id of an account"},
		"owner map":   {with("{owner: {a: b}}"), `the key "a" is unknown; one of id, login?`},
		"login alone": {with("{owner: {login: a}}"), "2:37: owner: the key id is missing"},
		"id alone":    {with("{owner: [{id: 7}]}"), "2:38: owner: the key login is missing"},
		"no login":    {with("{owner: {id: 7, login: 'a b'}}"), "2:52: login: wants a login"},
		"login as id": {
			with("{owner: {id: a, login: a}}"),
			"2:42: owner: wants the id of an account",
		},
		"token":   {with("{token: 0}"), "2:37: token: wants a token's id"},
		"tokens":  {with("{token: [7, -7]}"), "2:41: token: wants a token's id"},
		"word id": {with("{token: a}"), "2:37: token: wants a whole number"},
		"glob":    {with("{name: '[a'}"), "2:36: name: wants a name, with *"},
		"blank":   {with("{name: ' '}"), "2:36: name: wants a name, with *"},
		"slashes": {
			with("{repository: a/b/c}"),
			`2:42: repository: "a/b/c": write owner/name`,
		},
		"half": {with("{repository: a/}"), `repository: "a/": write owner/name or name`},
		"level": {
			with("{permission: contents:maintain}"),
			`2:42: permission: "contents:maintain": the level "maintain" is none of read, write, admin`,
		},
		"no level": {with("{permission: contents}"), `permission: "contents" is not name:level`},
		"group":    {with("{permission: 'repo:contents:write'}"), `the group "repo" is none of`},
		"starred":  {with("{permission: '*:write'}"), `"*:write": write the name in full`},
		"four": {
			with("{permission: 'other:a:b:read'}"),
			"is not name:level or group:name:level",
		},
		"permission": {with("{permission: ':read'}"), "is not name:level or group:name:level"},
		"no rule": {
			"overrides: [{name: a, when: {owner: 1}, rules: {}}]",
			"2:48: rules: the override changes no rule",
		},
		"rule": {
			"overrides: [{name: a, when: {owner: 1}, rules: {unsued: {severity: low}}}]",
			`2:49: the rule "unsued" is unknown; did you mean unused?`,
		},
		"asked": {
			"overrides: [{name: a, when: {owner: 1}, rules: {unused: {asked: false}}}]",
			"2:58: asked is not for overrides, for it holds for every token: " +
				"set it under rules of the policy",
		},
		"required": {
			"overrides: [{name: a, when: {owner: 1}, rules: {unused: {required: true}}}]",
			"2:58: required is not for overrides",
		},
		"setting": {
			"overrides: [{name: a, when: {owner: 1}, rules: {unused: {askt: 1}}}]",
			`the key "askt" is unknown; one of severity?`,
		},
		"no setting": {
			"overrides: [{name: a, when: {owner: 1}, rules: {unused: {}}}]",
			"2:57: unused: the override changes nothing",
		},
		"not asked": {
			"rules: {unused: {asked: false}}\n" + with("{owner: 1}"),
			"unused is not asked, so that the override changes nothing",
		},
		"twice": {
			"overrides:\n- {name: a, when: {owner: 1}, rules: {unused: {severity: low}}}\n" +
				"- {name: a, when: {owner: 2}, rules: {unused: {severity: low}}}",
			"4:10: name: two overrides are called \"a\"",
		},
		"invalid": {
			"overrides: [{name: a, when: {owner: 1}, rules: {long-expiration: {max_days: -1}}}]",
			"2:66: long-expiration: max_days: cannot be below zero",
		},
		"extends": {"extends: other", `2:10: extends: a policy can only start from "guide"`},
		"waiver": {
			"waivers: {critical: 0}",
			"2:21: critical: wants a number of days from 1",
		},
		"waiver text": {"waivers: {critical: a}", "2:21: critical: wants a whole number"},
		"waiver years": {
			"waivers: {low: 9999}",
			"2:16: low: wants a number of days from 1 to 3660",
		},
		"waiver key": {
			"waivers: {criticl: 3}",
			"the severity \"criticl\" is unknown; did you mean",
		},
		"term":      {"sla: {critical: 0d}", "2:17: critical: wants days from 1d to 3660d"},
		"term unit": {"sla: {critical: 1w}", "2:17: critical: wants days from 1d"},
		"term list": {"sla: {critical: [7]}", "2:17: critical: wants days"},
		"term key": {
			"sla: {criticl: 3d}",
			"the severity \"criticl\" is unknown; did you mean",
		},
		"ratified":    {"ratified: us", "2:11: ratified is written as keys and values"},
		"ratified by": {"ratified: {by: '', on: 2026-11-22}", "2:16: by: is empty"},
		"ratified on": {
			"ratified: {by: us, on: 22 Nov}",
			"2:24: on: wants a day like 2026-11-22",
		},
		"half ratified": {
			"ratified: {by: us}", "2:11: ratified: the key on is missing",
		},
		"policy name": {"name: ' '", "2:7: name: is empty"},
	}
	many := "overrides:\n"
	for i := range 1001 {
		many += fmt.Sprintf(
			"- {name: n%d, when: {owner: 1}, rules: {unused: {severity: low}}}\n",
			i,
		)
	}
	tests["too many"] = struct{ text, want string }{many, "1003:3: overrides: more than 1000"}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := policy.Parse("policy.yaml", []byte("version: 1\n"+test.text), rules())
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v (%v)\nwant %s", err, p, test.want)
			}
		})
	}
}

func TestRatifiedAndWaivers(t *testing.T) {
	p := parse(t, "extends: guide\nratified: {by: us, on: 2026-11-22}\nwaivers: {critical: 7}")
	want := &audit.Ratified{By: "us", On: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}
	if diff := cmp.Diff(want, p.Ratified); diff != "" {
		t.Error(diff)
	}
	limits := map[audit.Severity]int{
		audit.Critical: 7, audit.High: 90, audit.Medium: 180, audit.Low: 365, audit.Info: 365,
	}
	if diff := cmp.Diff(limits, p.Waivers); diff != "" {
		t.Error(diff)
	}
}
