// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	catalog "github.com/complytime/pataudit/audit/rules"
)

// TestTemplate holds that the starting file asks what the guide asks, as it is and with all its
// settings uncommented, and that it names every rule and parameter.
func TestTemplate(t *testing.T) {
	for name, list := range map[string][]*audit.Rule{"fake": rules(), "real": catalog.All} {
		guide, err := policy.Guide(list)
		if err != nil {
			t.Fatal(err)
		}
		asIs := string(policy.Template(list))
		uncommented := regexp.MustCompile(`(?m)^( *)#(\S)`).ReplaceAllString(asIs, "$1$2")
		for i, text := range []string{asIs, uncommented} {
			p, err := policy.Parse("template", []byte(text), list)
			if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, text)
			}
			if p.Digest != guide.Digest {
				t.Errorf("%s: it does not ask what the guide asks\n%s", name, text)
			}
			if (p.Ratified != nil) != (i == 1) {
				t.Errorf("%s: ratified is %v", name, p.Ratified)
			}
		}
		for i := range guide.Rules {
			rule := &guide.Rules[i]
			for _, part := range []string{"  # " + rule.Rule.Title + ".", "  " + rule.Rule.ID + ":"} {
				if !strings.Contains(asIs, "\n"+part) {
					t.Errorf("%s: no %q", name, part)
				}
			}
			for _, parameter := range policy.Parameters(rule) {
				if !strings.Contains(asIs, "\n    #"+parameter.Name+":") {
					t.Errorf("%s: no %s.%s", name, rule.Rule.ID, parameter.Name)
				}
			}
		}
	}
}

const everything = `version: 1
name: "ours: all of it\nand \u2029more"
ratified: {by: "us, \"them\"\nall", on: 2026-11-22}
fail_on: low
sla: {critical: 1d, info: 3660}
permissions:
- {group: other, name: "null", levels: [read, admin], read: critical}
- {group: repository, name: "1_0", levels: [write], class: info, read: none}
rules:
  long-expiration:
    severity: high
    required: false
    max_days: 30
    share: 0.5
    deny: ["a\nb", "x, y", "- z", " # w", "{q", "a\u2028b", "\U0001F600", "\uFEFFb", "'", "\x85"]
    pairs: [{left: "a: b", count: 2}, {left: "~", count: 0}, {left: "a\n\n b\n", count: 1}]
    limits: {"b c": 2}
    plain: true
  unused: {asked: false}
overrides:
- name: "bots #1"
  when:
    owner: [{id: 7, login: a}, 123, {id: 8, login: "123"}]
    token: 7
    name: "*x*"
    repository: r
    permission: contents:read
  rules:
    long-expiration: {limits: {}, deny: ["null", ""], severity: info}
    never-used: {severity: critical}
- name: second
  when: {owner: {id: 9, login: b}}
  rules: {new-rule: {days: 3}}
waivers: {critical: 3}
`

func TestFormat(t *testing.T) {
	guide, err := policy.Guide(catalog.All)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := policy.Parse("ours", []byte(everything), rules())
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]*audit.Policy{"guide": guide, "ours": ours} {
		text, err := policy.Format(p)
		if err != nil {
			t.Fatal(err)
		}
		var list []*audit.Rule
		for _, r := range p.Rules {
			list = append(list, r.Rule)
		}
		again, err := policy.Parse("again", text, list)
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, text)
		}
		if again.Digest != p.Digest || again.Name != p.Name ||
			!cmp.Equal(again.Ratified, p.Ratified) {
			t.Errorf("%s: it became %s %q %v", name, again.Digest, again.Name, again.Ratified)
		}
		for i := range p.Overrides {
			if diff := cmp.Diff(p.Overrides[i].Set, again.Overrides[i].Set); diff != "" {
				t.Error(diff)
			}
		}
		twice, err := policy.Format(again)
		if diff := cmp.Diff(string(text), string(twice)); diff != "" || err != nil {
			t.Error(err, diff)
		}
		if strings.Contains(name+string(text), p.Digest+"\nversion: 1\n") {
			continue
		}
		t.Errorf("%s does not name the digest:\n%s", name, text)
	}
}

// TestFormatRefuses holds that a policy that no file can express is not written as another one.
func TestFormatRefuses(t *testing.T) {
	unlimited := parse(t, "")
	unlimited.Waivers = nil
	byHand := parse(t, "overrides: [{name: a, when: {owner: 1}, rules: {unused: {severity: low}}}]")
	byHand.Overrides[0].Set = nil
	stale := parse(t, "")
	longExpiration(t, stale).MaxDays = 3
	infinite := parse(t, "")
	longExpiration(t, infinite).Share = math.NaN()
	for name, p := range map[string]*audit.Policy{
		"no limits": unlimited, "by hand": byHand, "not sealed": stale, "not a number": infinite,
	} {
		if name != "not sealed" {
			_ = policy.Seal(p) // NaN cannot be sealed
		}
		if text, err := policy.Format(p); err == nil {
			t.Errorf("%s: it was written:\n%s", name, text)
		}
	}
}

func TestParameters(t *testing.T) {
	p := parse(t, "rules: {long-expiration: {max_days: 30, pairs: [{left: a, count: 2}], deny: []}}")
	r := rule(t, p, "long-expiration")
	r.Rule.Doc = "\n| Parameter | Default | Meaning |\n| --- | --- | --- |\n" +
		"| `max_days` | `90` | The most `days`. |\n"
	want := []policy.Parameter{
		{"deny", "list of text", "[test, tmp]", "[]", ""},
		{"limits", "whole number by name", "{a: 1}", "{a: 1}", ""},
		{"max_days", "whole number", "90", "30", "The most days."},
		{"pairs", "list of {left, count}", "[]", "[{left: a, count: 2}]", ""},
		{"plain", "true or false", "false", "false", ""},
		{"share", "number", "0", "0", ""},
	}
	if diff := cmp.Diff(want, policy.Parameters(&r)); diff != "" {
		t.Error(diff)
	}
	bare := rule(t, p, "unused")
	if got := policy.Parameters(&bare); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	guide, err := policy.Guide(catalog.All)
	if err != nil {
		t.Fatal(err)
	}
	for i := range guide.Rules {
		for _, parameter := range policy.Parameters(&guide.Rules[i]) {
			if parameter.Meaning == "" || parameter.Default != parameter.Value {
				t.Errorf("%s: %+v", guide.Rules[i].Rule.ID, parameter)
			}
		}
	}
}
