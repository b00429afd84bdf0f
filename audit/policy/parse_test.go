// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit/policy"
)

// TestParseRefuses holds that what is wrong with a policy is said, all at once, with its place.
func TestParseRefuses(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"empty":   {"", "policy.yaml: there is nothing in it"},
		"comment": {"# version: 1", "policy.yaml: there is nothing in it"},
		"list":    {"[]", "policy.yaml:1:1: a policy is written as keys and values"},
		"syntax":  {"version: 1\nrules: [", "policy.yaml:3:1: did not find"},
		"two": {
			"# ours\n---\nversion: 1\n---\nversion: 1",
			"policy.yaml:4:1: a second document begins here: a file holds one",
		},
		"an end": {"version: 1\n...\nname: a", "policy.yaml:2:1: a second document begins here"},
		"tab":    {"version: 1\nrules:\n\tunused: {days: 9}", "policy.yaml:3:1: a tab: YAML lines"},
		"control": {
			"version: 1\nname: \x1b[2K",
			"policy.yaml:2:7: reviewers cannot see U+001B: remove it",
		},
		"no version": {"name: a", `policy.yaml:1:1: the line "version: 1" is missing`},
		"version":    {"version: 2", "policy.yaml:1:10: version: this pataudit reads version 1"},
		"key": {
			"version: 1\nfail-on: low",
			`2:1: the key "fail-on" is unknown; did you mean fail_on?`,
		},
		"far key": {
			"version: 1\nzzzzzz: 1",
			`"zzzzzz" is unknown; one of version, name, extends, ratified, fail_on, rules, ` +
				"overrides, waivers, sla, organization, permissions, tests?",
		},
		"twice": {
			"version: 1\nfail_on: low\nfail_on: high",
			`3:1: "fail_on" is there twice; first in line 2`,
		},
		"severity": {
			"version: 1\nfail_on: grave",
			`2:10: fail_on: severity "grave" is none of`,
		},
		"none":     {"version: 1\nfail_on: none", `2:10: fail_on: severity "none" is none of`},
		"no value": {"version: 1\nfail_on:", "2:9: there is no value"},
		"name":     {"version: 1\nname: [a]", "2:7: name: wants text"},
		"rules":    {"version: 1\nrules: [unused]", "2:8: rules is written as keys and values"},
		"rule": {
			"version: 1\nrules: {long-expirations: {}}",
			"2:9: the rule \"long-expirations\" is unknown; did you mean long-expiration?",
		},
		"rule twice": {
			"version: 1\nrules:\n  unused: {}\n  unused: {}",
			`4:3: "unused" is there twice`,
		},
		"rule empty": {"version: 1\nrules:\n  unused:\n", "3:10: there is no value"},
		"rule on": {
			"version: 1\nrules: {unused: true}",
			"2:17: unused is written as keys and values",
		},
		"parameter": {
			"version: 1\nrules: {long-expiration: {maxdays: 1}}",
			`2:27: the key "maxdays" is unknown; did you mean max_days?`,
		},
		"hidden": {
			"version: 1\nrules: {long-expiration: {hidden: 1}}",
			`the key "hidden" is unknown`,
		},
		"none at all": {
			"version: 1\nrules: {unused: {days: 1}}",
			`"days" is unknown; one of asked, required, severity?`,
		},
		"number": {
			"version: 1\nrules: {long-expiration: {max_days: ninety}}",
			"2:37: max_days: wants a whole number",
		},
		"fraction": {
			"version: 1\nrules: {long-expiration: {max_days: 1.5}}",
			"2:37: max_days: wants a whole number",
		},
		"share": {
			"version: 1\nrules: {long-expiration: {share: half}}",
			"2:34: share: wants a number",
		},
		"not finite": {
			"version: 1\nrules: {long-expiration: {share: .nan}}",
			`".nan" is no plain number`,
		},
		"boolean": {
			"version: 1\nrules: {unused: {asked: 1}}",
			"2:25: asked: wants true or false",
		},
		"boolean in quotes": {
			"version: 1\nrules: {unused: {required: \"no\"}}",
			"2:28: required: wants true or false",
		},
		"boolean of another version": {
			"version: 1\nrules: {unused: {asked: off}}",
			"2:25: asked: wants true or false",
		},
		"list wanted": {
			"version: 1\nrules: {long-expiration: {deny: foo}}",
			"2:33: deny: wants a list",
		},
		"inner key": {
			"version: 1\nrules: {long-expiration: {pairs: [{right: a}]}}",
			`2:36: pairs: the key "right" is unknown`,
		},
		"inner type": {
			"version: 1\nrules: {long-expiration: {pairs: [{count: a}]}}",
			"2:43: pairs: wants a whole number",
		},
		"inner twice": {
			"version: 1\nrules: {long-expiration: {pairs: [{count: 1, count: 2}]}}",
			`2:46: pairs: mapping key "count" already defined at line 2`,
		},
		"names twice": {
			"version: 1\nrules: {long-expiration: {limits: {b: 1, b: 2}}}",
			`2:42: limits: mapping key "b" already defined at line 2`,
		},
		"inner null": {
			"version: 1\nrules: {long-expiration: {pairs: [{count: ~}]}}",
			"2:43: there is no value",
		},
		"invalid": {
			"version: 1\nrules: {long-expiration: {max_days: -1}}",
			"2:26: long-expiration: max_days: cannot be below zero",
		},
		"alias": {"version: 1\nname: &a x\nfail_on: *a", "2:7: anchors and aliases"},
		"tag": {
			"version: 1\nname: !!str x",
			`2:7: tags are not allowed: remove "!!str"`,
		},
		"merge": {
			"version: 1\nrules: {unused: {<<: {asked: false}}}",
			`the key "<<" is unknown`,
		},
		"too large": {
			"version: 1\n#" + strings.Repeat("a", 1<<20),
			"policy.yaml:1:1: larger than 1048576 bytes",
		},
		"deep": {"version: 1\nrules: " + strings.Repeat("[", 50_000), "policy.yaml:"},
	}
	var off strings.Builder
	for _, r := range rules() {
		fmt.Fprintf(&off, "  %s: {asked: false}\n", r.ID)
	}
	tests["asks nothing"] = struct{ text, want string }{
		"version: 1\nrules:\n" + off.String(), "policy.yaml: the policy asks no rule",
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := policy.Parse("policy.yaml", []byte(test.text), rules())
			if err == nil || p != nil {
				t.Fatalf("read it, as %+v", p)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %s\nwant %s", err, test.want)
			}
		})
	}
}

func TestParseSaysAll(t *testing.T) {
	_, err := policy.Parse("policy.yaml", []byte(`version: 1
rules:
  unused: {asked: maybe, sevrity: low}
  long-expiration:
    deny: &a [x]
    max_days: many
fail_on: grave
`), rules())
	want := `policy.yaml:3:19: asked: wants true or false
      unused: {asked: maybe, sevrity: low}
                      ^
policy.yaml:3:26: the key "sevrity" is unknown; did you mean severity?
      unused: {asked: maybe, sevrity: low}
                             ^
policy.yaml:5:11: anchors and aliases are not allowed: write it out
        deny: &a [x]
              ^
policy.yaml:6:15: max_days: wants a whole number
        max_days: many
                  ^
policy.yaml:7:10: fail_on: severity "grave" is none of info, low, medium, high, critical
    fail_on: grave
             ^`
	if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
		t.Error(diff)
	}
}

// TestParseShowsPlaces holds that a line is shown so that it cannot mislead, and that the mark
// stands where the problem is.
func TestParseShowsPlaces(t *testing.T) {
	tests := map[string]struct{ text, line, mark string }{
		"tab":  {"version: 1\nfail_on:\tgrave", "fail_on: grave", "         ^"},
		"CRLF": {"version: 1\r\nfail_on: grave\r\nname: a", "fail_on: grave", "         ^"},
		"line separator": {
			"version: 1\nname: \"aé\u2028b\"\nfail_on: grave",
			"name: \"aé\ufffdb\"", "         ^",
		},
		"letters": {"version: 1\n{é: 1}", "", ""},
		"wide":    {"{version: 1, name: Äé, fail_on: x}", "{version: 1, name: Äé, fail_on: x}", ""},
		"bidi": {
			"{version: 1, name: \"a\u202eb\", fail_on: x}",
			"{version: 1, name: \"a\ufffdb\", fail_on: x}", strings.Repeat(" ", 21) + "^",
		},
		"mark of order": {"\ufeffversion: 2", "version: 2", "         ^"},
		"long": {
			"{version: 1, name: " + strings.Repeat("a", 300) + ", fail_on: x, rules: {}}",
			strings.Repeat("a", 37) + ", fail_on: x, rules: {}}", "",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := policy.Parse("policy.yaml", []byte(test.text), rules())
			message, shown, _ := strings.Cut(fmt.Sprint(err), "\n    ")
			line, mark, _ := strings.Cut(shown, "\n    ")
			if test.line != "" && !strings.HasSuffix(line, test.line) {
				t.Errorf("%s\ngot  %q\nwant %q", message, line, test.line)
			}
			if at := []rune(mark); len(at) > len([]rune(line)) || len([]rune(line)) > 80 {
				t.Errorf("the mark is beside the line:\n%s\n%s", line, mark)
			}
			if test.mark != "" && mark != test.mark {
				t.Errorf("got  %q\nwant %q", mark, test.mark)
			}
		})
	}
	_, err := policy.Parse("policy.yaml", []byte(strings.Repeat("? [a]\n", 5000)), rules())
	if n := strings.Count(fmt.Sprint(err), "\n"); n > 320 {
		t.Errorf("%d lines of problems", n)
	}
}
