// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	catalog "github.com/complytime/pataudit/audit/rules"
)

// TestPermissions holds that a policy can add names, that they are part of what it asks, and that
// --set leaves them.
func TestPermissions(t *testing.T) {
	const text = "permissions:\n" +
		"- {group: repository, name: quantum_builds, levels: [read, write], class: low, read: none}\n" +
		"- {group: organization, name: quantum_keys, levels: [read, write], read: high}\n"
	p := parse(t, text)
	want := []audit.PermissionInfo{
		{
			Group: "repository", Name: "quantum_builds", Levels: []string{"read", "write"},
			Class: audit.Low, ReadKnown: true,
		},
		{
			Group: "organization", Name: "quantum_keys", Levels: []string{"read", "write"},
			Class: audit.High, Read: audit.High, ReadKnown: true,
		},
	}
	if diff := cmp.Diff(want, p.Permissions); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if p.Digest == parse(t, "").Digest {
		t.Error("they are not part of the digest")
	}
	if err := policy.Set(p, "unused.severity=low"); err != nil {
		t.Error(err)
	}
	if p.Digest != parse(t, text+"rules: {unused: {severity: low}}").Digest {
		t.Error("--set and a file give other digests")
	}
}

// TestPermissionsRefused holds that what cannot be a permission is told with its place.
func TestPermissionsRefused(t *testing.T) {
	with := func(levels, rest string) string {
		return "{group: other, name: a, levels: " + levels + rest + "}"
	}
	for text, want := range map[string]string{
		"{group: galaxy, name: a, levels: [read], read: none}":  `the group "galaxy" is none of`,
		"{group: other, name: A-b, levels: [read], read: none}": `the name "A-b" is not made of`,

		with("[own]", ", read: none"):               `the level "own" is none of read`,
		with("[read, read]", ", read: none"):        "the level read is there twice",
		with("[]", ", read: none"):                  "the list is empty",
		with("read", ", read: none"):                "levels: wants a list",
		with("[read]", ""):                          "a permission: the key read is missing",
		with("[read]", ", read: unknown"):           `read: severity "unknown" is none`,
		with("[read]", ", read: none, class: none"): `class: severity "none"`,
		with("[read]", ", read: none, label: A"):    `the key "label" is unknown`,

		with("[read]", ", read: none") + "," + with("[write]", ", read: none"): "is there twice",

		"a": "a permission is written as keys and values",
	} {
		_, err := policy.Parse("p.yaml", []byte("version: 1\npermissions: ["+text+"]"), catalog.All)
		if err == nil || !strings.Contains(err.Error(), want) ||
			!strings.HasPrefix(err.Error(), "p.yaml:2:") {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
