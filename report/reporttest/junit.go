// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"testing"
)

// JUnitCases returns the cases of a suite, by class and name.
func JUnitCases(t *testing.T, n *Node) map[string]*Node {
	t.Helper()
	found := map[string]*Node{}
	for _, c := range n.Children {
		if c.Name != "testcase" {
			continue
		}
		key := c.Attrs["classname"] + " / " + c.Attrs["name"]
		if found[key] != nil {
			t.Errorf("twice: %s", key)
		}
		found[key] = c
	}
	return found
}

// JUnitOutcome returns what is said of a case: "" if it passes.
func JUnitOutcome(t *testing.T, n *Node) string {
	t.Helper()
	said := ""
	for _, c := range n.Children {
		if c.Name != "system-out" {
			if said += c.Name; c.Attrs["message"] == "" || c.Attrs["type"] == "" {
				t.Errorf("%s of %q says nothing", c.Name, n.Attrs["name"])
			}
		}
	}
	return said
}
