// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
)

// FuzzPolicy holds that nothing makes Parse panic, and that no file reads as a policy that asks
// less than it says: a rule that the guide requires is asked and required, unless the file says
// otherwise of it; an override leaves that alone. What is read can be written, and asks the same.
// Its lines are those that a diff shows.
func FuzzPolicy(f *testing.F) {
	guide, err := os.ReadFile("guide.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(guide)
	f.Add(policy.Template(rules()))
	for _, seed := range []string{
		"version: 1\nrules: {long-expiration: {max_days: 3, pairs: [{left: a}]}}",
		"version: 1\nname: &a [*a]\nrules: {<<: *a}",
		"version: 1\nrules: {unused: {asked: no}, \"\\x75nused\": {required: off}}",
		"version: 1\npermissions: [{group: other, name: \"on\", levels: [read], read: none}, " +
			"{group: repository, name: a, levels: [write, admin], class: low, read: info}]",
		"version: 1\nextends: guide\nratified: {by: us, on: 2026-11-22}\nwaivers: {low: 1}",
		"version: 1\noverrides: [{name: a, when: {owner: [2, {id: 3, login: b}], token: [1], " +
			"name: '*'}, rules: {unused: {severity: low}, long-expiration: {deny: [], limits: {x: 1}}}}]",
		"version: 1\noverrides: [{name: a, when: {repository: a/*, permission: contents:write}, " +
			"rules: {long-expiration: {share: 0.25, plain: true}}}]",
		"version: 1\ntests: [{name: a, token: {owner: {role: ~}, expires_at: -1d2h}, " +
			"expect: {unused: pass}}, {name: b, token: {}, as_of: 2027-01-01, expect: clean}]",
		"\ufeffversion: 1\r\nname: \"\\u2028\\u202e\\x85\\r\"\r\nfail_on: low",
		"version: 1\n# stands.\u2028fail_on: critical", "version: 1\n# stands.\rfail_on: critical",
	} {
		f.Add([]byte(seed))
	}
	required, err := policy.Guide(rules())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := policy.Parse("policy.yaml", data, rules())
		if _, testErr := policy.Test("policy.yaml", data, rules()); (err == nil) != (testErr == nil) {
			t.Errorf("Parse says %v, Test says %v", err, testErr)
		}
		if err != nil {
			return
		}
		if p.FailOn < audit.Info || p.Digest == "" || len(p.Rules) != len(rules()) {
			t.Errorf("%+v", p)
		}
		asksEnough(t, p, required, data)
		placed(t, data)
		text, err := policy.Format(p)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := policy.Parse("again", text, rules()); err != nil ||
			again.Digest != p.Digest {
			t.Errorf("formatted, it is %v\n%s", err, text)
		}
	})
}

// FuzzProject holds that nothing makes ParseProject panic, and that a file that is only found sets
// no key that has to be named, and no path out of its folder.
func FuzzProject(f *testing.F) {
	for _, seed := range []string{
		"version: 1\norganizations: [acme]\npolicy: policy.yaml\nhistory: h.db",
		"version: 1\norganizations: {acme: {policy: p.yaml, sources: classic}}\nredact: true",
		"version: 1\npolicy: {rules: {unused: {asked: false}}}\nexit_zero: true",
		"version: 1\noutputs: [json=x, ../a=b.json, 'json=-']\nhistory: sqlite:/tmp/x",
		"version: 1\npolicy: &a [*a]\n<<: *a\nversion: 1", "apikey: a: b", "",
		"version: 1\nregistry: {ci: {kind: bot, contact: a, id: 1}, b: {kind: person, team: x}}",
		"version: 1\norganizations: {acme: {registry: ../r.yaml}}\nregistry: [a]",
		"version: 1\nsnapshot: ../a=b.json", "version: 1\nhistory: sqlite:/tmp/x",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := policy.ParseProject("pataudit.yaml", data, false)
		if err != nil {
			return
		}
		if _, err := policy.ParseProject("pataudit.yaml", data, true); err != nil {
			t.Errorf("read when found, and when named: %v", err)
		}
		settings := p.Settings
		for _, o := range p.Organizations {
			settings = append(settings, o.Settings...)
		}
		for _, s := range settings {
			i := slices.IndexFunc(policy.ProjectKeys, func(k policy.ProjectKey) bool {
				return k.Name == s.Key
			})
			if i < 0 || policy.ProjectKeys[i].Named || len(s.Values) == 0 {
				t.Errorf("%+v", s)
			}
			for _, value := range s.Values {
				_, after, named := strings.Cut(value, "=")
				if !filepath.IsLocal(value) || named && !filepath.IsLocal(after) {
					t.Errorf("%s: %q leads out", s.Key, value)
				}
			}
		}
	})
}

// asksEnough reads the file in another way, and holds the policy against that.
func asksEnough(t *testing.T, p, guide *audit.Policy, data []byte) {
	var said struct {
		Rules map[string]struct{ Asked, Required *bool }
	}
	if err := yaml.Load(data, &said); err != nil {
		t.Fatalf("read, although %v", err)
	}
	holds := func(id, what string, got, want bool, said *bool) {
		if said != nil {
			want = *said
		}
		if got != want {
			t.Errorf("%s: %s is %t", id, what, got)
		}
	}
	for i, r := range p.Rules {
		id := r.Rule.ID
		if r.Checker == nil || r.Severity < audit.Info {
			t.Errorf("%+v", r)
		}
		holds(id, "asked", r.Asked, guide.Rules[i].Asked, said.Rules[id].Asked)
		holds(id, "required", r.Required, guide.Rules[i].Required, said.Rules[id].Required)
		for _, o := range p.Overrides {
			if o.Rules[i].Asked != r.Asked || o.Rules[i].Required != r.Required {
				t.Errorf("the override %q changes whether %s is asked", o.Name, id)
			}
		}
	}
}
