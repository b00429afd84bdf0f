// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"errors"
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
)

// age is a checker with parameters and an opinion of them.
type age struct {
	MaxDays int            `yaml:"max_days"`
	Share   float64        `yaml:"share"`
	Deny    []string       `yaml:"deny"`
	Pairs   []pair         `yaml:"pairs"`
	Limits  map[string]int `yaml:"limits"`
	Plain   bool
	Hidden  int `yaml:"-"`
	pattern *regexp.Regexp
}

type pair struct {
	Left  string `yaml:"left"`
	Count int    `yaml:"count"`
}

var (
	defaultDeny   = []string{"test", "tmp"}
	defaultLimits = map[string]int{"a": 1}
)

func (a *age) Check(*audit.Subject) audit.Verdict {
	if a.pattern == nil {
		a.pattern = regexp.MustCompile(strings.Join(a.Deny, "|"))
	}
	return audit.Verdict{Message: a.pattern.String()}
}

func (a *age) Validate() error {
	if a.MaxDays < 0 {
		return errors.New("max_days: cannot be below zero")
	}
	return nil
}

// bare is a checker without pointer or parameters; ask is not even a struct.
type bare struct {
	Days int `yaml:"days"`
}

func (bare) Check(*audit.Subject) audit.Verdict { return audit.Verdict{} }

type ask func()

func (ask) Check(*audit.Subject) audit.Verdict { return audit.Verdict{} }

// rules have the ids of the guide's, and one that it does not know.
func rules() []*audit.Rule {
	all := []*audit.Rule{
		{ID: "long-expiration", Severity: audit.Medium, New: func() audit.Checker {
			return &age{MaxDays: 90, Deny: defaultDeny, Limits: defaultLimits}
		}},
		{ID: "new-rule", Severity: audit.Low, New: func() audit.Checker { return bare{Days: 3} }},
	}
	for _, id := range strings.Fields(`all-repositories excess-write toxic-permissions
		unknown-permission no-expiration undescriptive-name owner-not-member expired-grant unused
		never-used owner-without-2fa privileged-owner broad-selection protected-repository
		sensitive-read private-public-bridge stale-approval unreviewed-token widened
		request-reason request-waiting self-approved contact-not-member unregistered-bot`) {
		all = append(all, &audit.Rule{ID: id, Severity: audit.High, New: func() audit.Checker {
			return ask(nil)
		}})
	}
	return all
}

func parse(t *testing.T, text string) *audit.Policy {
	t.Helper()
	p, err := policy.Parse("policy.yaml", []byte("version: 1\n"+text), rules())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func rule(t *testing.T, p *audit.Policy, id string) audit.PolicyRule {
	t.Helper()
	for _, r := range p.Rules {
		if r.Rule.ID == id {
			return r
		}
	}
	t.Fatal("no rule", id)
	panic("unreachable")
}

func longExpiration(t *testing.T, p *audit.Policy) *age {
	t.Helper()
	a, ok := rule(t, p, "long-expiration").Checker.(*age)
	if !ok {
		t.Fatalf("%T", rule(t, p, "long-expiration").Checker)
	}
	return a
}

func TestGuide(t *testing.T) {
	p, err := policy.Guide(rules())
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "complytime token guide, as read by pataudit" || p.FailOn != audit.Medium {
		t.Errorf("%q fails on %s", p.Name, p.FailOn)
	}
	for i, r := range p.Rules {
		if r.Rule.ID != rules()[i].ID {
			t.Errorf("rule %d is %s: not in the order of the rules", i, r.Rule.ID)
		}
		off := r.Rule.ID == "unreviewed-token" || r.Rule.ID == "unregistered-bot"
		if asked := !off; r.Asked != asked {
			t.Errorf("%s: asked %t", r.Rule.ID, r.Asked)
		}
		required := r.Rule.ID != "owner-without-2fa" && r.Rule.ID != "self-approved"
		if r.Required != required {
			t.Errorf("%s: required %t", r.Rule.ID, r.Required)
		}
		if r.Severity != r.Rule.Severity {
			t.Errorf("%s: %s", r.Rule.ID, r.Severity)
		}
	}
	if a := longExpiration(t, p); a.MaxDays != 90 {
		t.Errorf("%d days", a.MaxDays)
	}
	if _, err := policy.Guide(rules()[:1]); err == nil {
		t.Error("the guide may ask for rules that do not exist")
	}
}

// TestGuideSaysAll holds that the guide mentions each of its rules, for people who read it.
func TestGuideSaysAll(t *testing.T) {
	guide, err := os.ReadFile("guide.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules() {
		said := strings.Contains(string(guide), "\n  "+r.ID+": {asked: ")
		if !said && r.ID != "new-rule" {
			t.Error(r.ID)
		}
	}
}

func TestParse(t *testing.T) {
	p := parse(t, `
name: ours
fail_on: high
rules:
  long-expiration:
    severity: critical
    required: false
    max_days: 30
    share: 0.5
    deny: [foo]
    pairs: [{left: a, count: 2}]
    limits: {b: 2}
    plain: true
  new-rule: {days: 4}
  all-repositories: {asked: false}
  unreviewed-token: {asked: true}
`)
	if p.Name != "ours" || p.FailOn != audit.High {
		t.Errorf("%q fails on %s", p.Name, p.FailOn)
	}
	r := rule(t, p, "long-expiration")
	if !r.Asked || r.Required || r.Severity != audit.Critical {
		t.Errorf("%+v", r)
	}
	want := &age{
		MaxDays: 30, Share: .5, Deny: []string{"foo"}, Pairs: []pair{{"a", 2}},
		Limits: map[string]int{"b": 2}, Plain: true,
	}
	if diff := cmp.Diff(want, r.Checker, cmp.AllowUnexported(age{})); diff != "" {
		t.Error(diff)
	}
	if b, ok := rule(t, p, "new-rule").Checker.(*bare); !ok || b.Days != 4 {
		t.Errorf("%+v", rule(t, p, "new-rule").Checker)
	}
	if rule(t, p, "all-repositories").Asked || !rule(t, p, "unreviewed-token").Asked {
		t.Error("asked is not heard")
	}
	if defaultDeny[0] != "test" || len(defaultLimits) != 1 {
		t.Error("the rule's default was overwritten")
	}
}

// TestStartsFromGuide holds that a policy that says little asks what the guide asks.
func TestStartsFromGuide(t *testing.T) {
	guide, err := policy.Guide(rules())
	if err != nil {
		t.Fatal(err)
	}
	p := parse(t, "name: little")
	if p.Digest != guide.Digest {
		t.Errorf("%+v", p)
	}
	if unnamed := parse(t, ""); unnamed.Name != "policy.yaml" {
		t.Errorf("a file without a name is called %q", unnamed.Name)
	}
}

// TestDigest holds that the digest is of what is asked, not of how it is written.
func TestDigest(t *testing.T) {
	same := []string{
		"",
		"name: other",
		"fail_on: medium",
		"rules: {long-expiration: {max_days: 90}}",
		"rules: {long-expiration: {asked: true, required: true, severity: medium, pairs: []}}",
		"rules: {unreviewed-token: {severity: critical, required: false}}", // not asked
		"ratified: {by: us, on: 2026-11-22}",
		"waivers: {critical: 30}",
		"extends: guide",
	}
	digests := map[string]string{}
	for _, text := range same {
		digests[parse(t, text).Digest] = text
	}
	if len(digests) != 1 {
		t.Errorf("these ask the same: %q", digests)
	}
	for _, text := range []string{
		"fail_on: low",
		"rules: {long-expiration: {max_days: 91}}",
		"rules: {long-expiration: {pairs: [{left: a}]}}",
		"rules: {long-expiration: {severity: low}}",
		"rules: {long-expiration: {required: false}}",
		"rules: {long-expiration: {asked: false}}",
		"rules: {unreviewed-token: {asked: true}}",
		"waivers: {critical: 29}",
		"overrides: [{name: a, when: {owner: 1}, rules: {unused: {severity: low}}}]",
		"overrides: [{name: a, when: {owner: 2}, rules: {unused: {severity: low}}}]",
		"overrides: [{name: a, when: {owner: 1}, rules: {unused: {severity: info}}}]",
		"overrides: [{name: a, when: {owner: 1}, rules: {long-expiration: {max_days: 1}}}]",
	} {
		digest := parse(t, text).Digest
		if other, ok := digests[digest]; ok {
			t.Errorf("%q and %q have the same digest", text, other)
		}
		digests[digest] = text
	}
	named := "overrides: [{name: b, when: {owner: {id: 1, login: x}}, " +
		"rules: {unused: {severity: low}}}]"
	if _, ok := digests[parse(t, named).Digest]; !ok {
		t.Error("the name of an override or of an owner changes what is asked")
	}
	const one = "{name: a, when: {owner: 1}, rules: {unused: {severity: low}}}"
	const two = "{name: b, when: {owner: 2}, rules: {unused: {severity: info}}}"
	asked := func(overrides string) (string, map[string]string) {
		p := parse(t, "overrides: ["+overrides+"]")
		criteria, err := policy.Criteria(p, audit.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return p.Digest, criteria.Asks
	}
	digest, rules := asked(one + ", " + two)
	again, rulesAgain := asked(two + ", " + one)
	if digest != again || !maps.Equal(rules, rulesAgain) {
		t.Error("the order of overrides changes what is asked")
	}
	p := parse(t, "")
	p.FailOn = audit.Low
	if err := policy.Seal(p); err != nil || digests[p.Digest] != "fail_on: low" {
		t.Errorf("sealed anew, it is %s (%v)", p.Digest, err)
	}
}
