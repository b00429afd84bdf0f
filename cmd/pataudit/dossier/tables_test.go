// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"strings"
	"testing"
)

func TestDiffering(t *testing.T) {
	before := "a\nb\nc\nd\ne\nf\ng\nh\ni\n"
	after := "a\nb\nc\nd\nE\x1b\nf\ng\nh\ni\n"
	want := "@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\\x1b\n f\n g\n h"
	if got := strings.Join(differing([]byte(before), []byte(after)), "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := differing([]byte(before), []byte(before)); len(got) > 0 {
		t.Errorf("the same text differs: %q", got)
	}
}
