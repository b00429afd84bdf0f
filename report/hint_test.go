// SPDX-License-Identifier: Apache-2.0

package report

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/report/reporttest"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// TestHints holds that a screen shows hints, each in its place, and that no other format does, nor
// a redacted or a public report.
func TestHints(t *testing.T) {
	d := reporttest.Document(
		reporttest.Violating(),
		reporttest.Calm(),
		reporttest.Incomplete(reporttest.Calm()),
	)
	hints := func(name string) []view.Hint {
		return []view.Hint{
			{For: "What to do", Words: []string{"pataudit", "hint-" + name, "it's", "--from", "a file"}},
		}
	}
	d.View.Hints = map[*audit.Run][]view.Hint{nil: hints("end")}
	for _, run := range d.Runs {
		d.View.Hints[run] = hints(run.Organization.Login)
	}
	for _, format := range Formats {
		text := string(reporttest.Write(t, format, d))
		screen := format.Name == "table" || format.Name == "wide"
		for _, run := range append(d.Runs, nil) {
			want := "\n What to do               pataudit " + d.View.Hints[run][0].Words[1] +
				` 'it'\''s' --from 'a file'` + "\n"
			if strings.Contains(text, want) != screen {
				t.Errorf("%s: %q", format.Name, want)
			}
		}
		if format.Public != nil {
			var public strings.Builder
			if err := format.Public(&public, d); err != nil || strings.Contains(public.String(), "hint-") {
				t.Errorf("%s tells everybody: %v", format.Name, err)
			}
		}
		if strings.Contains(string(reporttest.Write(t, format, redacted(t, d))), "hint-") {
			t.Errorf("%s, redacted", format.Name)
		}
	}
}

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
