// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
)

// TestRegistryRoundTrip: what a registry says is read back as it was, whatever teams and services
// are called; and registries that say different things have different digests.
func TestRegistryRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(what string) *audit.Registry {
			r := &audit.Registry{}
			for _, login := range []string{"CI", "release-bot", "yes"} {
				if len(r.Owners) > 0 && rapid.Bool().Draw(t, what+": left out") {
					continue
				}
				label := rapid.StringMatching(`[a-zé"'\\#:{}\[\]&*!%@,0-9-]{0,8}`)
				e := &audit.Registration{
					Login: login, ID: rapid.Int64Range(0, 2).Draw(t, "id"),
					Kind: rapid.SampledFrom(audit.OwnerKinds).Draw(t, "kind"),
					Team: label.Draw(t, "team"), Service: label.Draw(t, "service"),
					Contact: rapid.SampledFrom([]string{"", "Alice", "null"}).Draw(t, "contact"),
				}
				if e.Kind == audit.Bot && e.Contact == "" {
					e.Contact = "bob"
				}
				r.Owners = append(r.Owners, e)
			}
			policy.SealRegistry(r)
			return r
		}
		one, other := draw("one"), draw("other")
		again, err := policy.ParseRegistry("r.yaml", policy.FormatRegistry(one))
		if err != nil {
			t.Fatalf("%v\n%s", err, policy.FormatRegistry(one))
		}
		if diff := cmp.Diff(one, again); diff != "" {
			t.Fatalf("(-written +read):\n%s", diff)
		}
		if same := cmp.Equal(one.Owners, other.Owners); same != (one.Digest == other.Digest) {
			t.Fatalf("same: %v; %s and %s", same, one.Digest, other.Digest)
		}
	})
}

// TestRegistryInCriteria: what a run is judged by has the registry, comes back whole, and counts.
func TestRegistryInCriteria(t *testing.T) {
	p := parse(t, "fail_on: high")
	none, err := policy.Criteria(p, audit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p.Registry, err = policy.ParseRegistry("r.yaml",
		[]byte("version: 1\nregistry: {ci: {kind: bot, contact: alice, team: web}}"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := policy.Criteria(p, audit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c.Digest() == none.Digest() || c.PolicyDigest != none.PolicyDigest {
		t.Error("the registry does not count, or counts in the policy")
	}
	again, err := policy.OfCriteria(c.Clone(), rules())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p.Registry, again.Registry); diff != "" {
		t.Error(diff)
	}
}

// TestRegistryOfProject: a project file is a registry, if it has one; the same entries have the
// same digest wherever they stand.
func TestRegistryOfProject(t *testing.T) {
	const entries = "registry:\n  ci: {kind: bot, contact: alice}\n"
	alone, err := policy.ParseRegistry("r.yaml", []byte("version: 1\n"+entries))
	if err != nil {
		t.Fatal(err)
	}
	within, err := policy.ParseRegistry("pataudit.yaml",
		[]byte("version: 1\norganizations: [acme]\nredact: true\n"+entries+"# and more\n"))
	if err != nil {
		t.Fatal(err)
	}
	if alone.Digest != within.Digest {
		t.Error("other digests")
	}
	one := func(entry string) string { return "registry: {a: {" + entry + "}}" }
	for text, want := range map[string]string{
		"organizations: [acme]":           "this file is a project file, and not a registry",
		"registry: r.yaml":                "r.yaml:2:11: registry is written as keys and values",
		"registry: {}":                    "names nobody",
		"version: 2\n" + entries:          "is there twice",
		"registri: {}\n" + entries:        `"registri" is unknown; did you mean registry?`,
		"rules: {}\nfail_on: high":        "this file is a policy, and not a registry",
		"registry: {a: {kind: bot}}":      "the key contact is missing",
		"registry: {a: {team: x}}":        "the key kind is missing",
		one("kind: bot, contact: A"):      `"A" is a bot here`,
		one("kind: person, team: ' x'"):   "team: has blanks around it",
		one("kind: person, id: -1"):       "id: wants an id",
		one("kind: person, contact: b c"): "wants the login of a person",

		one("kind: person, service: " + strings.Repeat("x", 101)): "longer than 100",
		"registry: {a: &x {kind: person}, b: *x}":                 "anchors and aliases",
	} {
		if _, err := policy.ParseRegistry("r.yaml", []byte("version: 1\n"+text)); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("%s\n%v\nwant %s", text, err, want)
		}
	}
}

// TestRegistryPerOrganization: an organization may have a registry of its own, in a file.
func TestRegistryPerOrganization(t *testing.T) {
	p, err := policy.ParseProject("pataudit.yaml", []byte("version: 1\nregistry: all.yaml\n"+
		"organizations: {acme: {registry: acme.yaml}, other: {}}"), false)
	if err != nil {
		t.Fatal(err)
	}
	for login, want := range map[string]string{"acme": "acme.yaml", "other": "all.yaml"} {
		if got, err := p.Of("registry", []string{login}); err != nil || got.Values[0] != want {
			t.Errorf("%s: %v, %v", login, got, err)
		}
	}
	if _, err := p.Of("registry", nil); err == nil {
		t.Error("two registries are one")
	}
	if _, err := policy.ParseProject("pataudit.yaml", []byte("version: 1\n"+
		"organizations: {acme: {registry: {ci: {kind: person}}}}"), true); err == nil {
		t.Error("a registry is written out for one organization")
	}
	if _, err := policy.ParseProject("pataudit.yaml",
		[]byte("version: 1\nregistry: ../r.yaml"), false); err == nil {
		t.Error("a file that was only found leads out of its folder")
	}
}

// FuzzRegistry holds that nothing makes ParseRegistry panic, and that what is read can be written,
// and says the same.
func FuzzRegistry(f *testing.F) {
	for _, seed := range []string{
		"version: 1\nregistry: {ci: {id: 9, kind: bot, contact: alice, team: web, service: x}}",
		"version: 1\nregistry: {ci: {kind: person}, CI: {kind: person}}",
		"version: 1\nregistry: {\"(forgotten-1)\": {kind: bot, contact: \"(forgotten-2)\"}}",
		"version: 1\nregistry: {ci: {kind: person, team: \"\\u202e\\n\"}}", "registry: &a [*a]",
		"version: 1\norganizations: a\nregistry: {1: {kind: person}, 0x1: {kind: person}}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := policy.ParseRegistry("r.yaml", data)
		if err != nil {
			return
		}
		again, err := policy.ParseRegistry("again", policy.FormatRegistry(r))
		if err != nil || !cmp.Equal(r, again) {
			t.Errorf("%v\n%s", err, policy.FormatRegistry(r))
		}
	})
}
