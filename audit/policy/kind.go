// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"slices"

	"go.yaml.in/yaml/v4"
)

// The kinds of files that are read here.
const (
	aPolicy       = "a policy"
	someDecisions = "decisions"
	aBaseline     = "a baseline"
	aProject      = "a project file"
	aRegistry     = "a registry"
)

// writtenKinds are the kinds of files that this program writes for itself, by keys that only they
// have together.
var writtenKinds = map[string][]string{
	"a report":   {"tool", "verdict", "tokens"},
	"a snapshot": {"snapshot", "collected_at", "tokens"},
}

// ownKeys are keys by which people know the kinds that are read here from one another.
var ownKeys = []struct {
	kind string
	keys []string
}{
	{aBaseline, []string{keyDebts, "created"}},
	{someDecisions, []string{keyDecisions}},
	{aPolicy, []string{
		keyExtends, keyRatified, keyFailOn, keyRules, keyOverrides, keyWaivers, keySLA, keyPermissions,
		keyTests,
	}},
	{aProject, []string{
		keyOrganizations, keyPolicy, keyDecisions, "baseline", "history", "cache", "outputs",
		"snapshot", "redact", "sources", keyRegistry,
	}},
	{aRegistry, []string{keyRegistry}},
}

// otherKind returns what a file is that is not of the kind that belongs here, by its keys in
// whatever order; "" if it may be.
func otherKind(root *yaml.Node, want string) (other string) {
	if root.Kind != yaml.MappingNode {
		return ""
	}
	has := func(key string) bool {
		for i := 0; i < len(root.Content); i += 2 {
			if root.Content[i].Value == key {
				return true
			}
		}
		return false
	}
	for kind, keys := range writtenKinds {
		if !slices.ContainsFunc(keys, func(key string) bool { return !has(key) }) {
			return kind
		}
	}
	for _, own := range ownKeys {
		switch there := slices.ContainsFunc(own.keys, has); {
		case there && own.kind == want:
			return ""
		case there && other == "":
			other = own.kind
		}
	}
	return other
}
