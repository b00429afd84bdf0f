// SPDX-License-Identifier: Apache-2.0

package comparison

import (
	"testing"
)

// TestChangeWords holds how a difference words what a token can do and could not, and the reverse.
func TestChangeWords(t *testing.T) {
	for _, c := range []struct {
		rights       []string
		widened, low string
	}{
		{nil, "", ""},
		{
			[]string{"repository:contents:write"},
			"widened by repository:contents:write",
			"no more repository:contents:write",
		},
		{[]string{"reaches o/a", "reaches o/b"}, "reaches o/a, o/b now", "reaches o/a, o/b no more"},
		{
			[]string{"repository:contents:write", "all repositories"},
			"widened by repository:contents:write; reaches all repositories now",
			"no more repository:contents:write; reaches all repositories no more",
		},
		{
			[]string{"reaches a", "reaches b", "reaches c", "reaches d"},
			"reaches a, b, c and 1 more now", "reaches a, b, c and 1 more no more",
		},
	} {
		if got := widenedText(c.rights); got != c.widened {
			t.Errorf("got %q, want %q", got, c.widened)
		}
		if got := lostText(c.rights); got != c.low {
			t.Errorf("got %q, want %q", got, c.low)
		}
	}
}
