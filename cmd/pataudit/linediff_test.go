// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDiffering(t *testing.T) {
	before := "a\nb\nc\nd\ne\nf\ng\nh\ni\n"
	after := "a\nb\nc\nd\nE\x1b\nf\ng\nh\ni\n"
	want := "@@\n b\n c\n d\n-e\n+E\\x1b\n f\n g\n h"
	if got := strings.Join(differing([]byte(before), []byte(after)), "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := differing([]byte(before), []byte(before)); len(got) > 1 {
		t.Errorf("the same text differs: %q", got)
	}
}

// TestEditScript holds that a script has both texts in it, whole and in order, and as much in
// common as one can see.
func TestEditScript(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", ""}), 0, 12)
		a, b := some.Draw(t, "a"), some.Draw(t, "b")
		var old, now []string
		for _, line := range editScript(a, b) {
			if line[0] != '+' {
				old = append(old, line[1:])
			}
			if line[0] != '-' {
				now = append(now, line[1:])
			}
		}
		if strings.Join(old, "\n") != strings.Join(a, "\n") || len(old) != len(a) ||
			strings.Join(now, "\n") != strings.Join(b, "\n") || len(now) != len(b) {
			t.Fatalf("%q and %q, of %q and %q", old, now, a, b)
		}
	})
}
