// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/privacy"
	"github.com/complytime/pataudit/report/reporttest"
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
		if format.Nameless && strings.Contains(
			string(reporttest.Write(t, format, privacy.Nameless(d))), "hint-") {
			t.Errorf("%s tells everybody", format.Name)
		}
		if strings.Contains(string(reporttest.Write(t, format, redacted(t, d))), "hint-") {
			t.Errorf("%s, redacted", format.Name)
		}
	}
}
