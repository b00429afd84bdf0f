// SPDX-License-Identifier: Apache-2.0

package view_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// TestHintLines holds that a shell reads what is shown as the words that were meant, in however
// narrow a place; and that what cannot be typed is not shown.
func TestHintLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.OneOf(
			rapid.StringMatching(`[a-z~=!$'"\\ *?&;#<>|(){}\[\]-]{1,12}`), rapid.StringN(1, 6, -1),
		), 1, 8).Draw(t, "words")
		hint := view.Hint{Words: append([]string{"printf", `%s\0`}, words...)}
		lines := hint.Lines(rapid.IntRange(0, 120).Draw(t, "room"))
		if slices.ContainsFunc(words, func(word string) bool { return safe.Terminal(word) != word }) {
			if len(lines) != 0 {
				t.Fatalf("%q is shown as %q", words, lines)
			}
			return
		}
		// Each line stands under the first, behind blanks.
		got, err := exec.Command("sh", "-c", strings.Join(lines, "\n      ")).Output()
		if want := strings.Join(words, "\x00") + "\x00"; err != nil || string(got) != want {
			t.Fatalf("%q, not %q: %v\n%s", got, want, err, strings.Join(lines, "\n"))
		}
	})
}
