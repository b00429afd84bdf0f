// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/html"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/junit"
	"github.com/complytime/pataudit/report/markdown"
	"github.com/complytime/pataudit/report/privacy"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/table"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/xlsx"
)

// TestChangedByIsTold holds that every format for people says why the verdict is another one, and
// that JSON keeps it.
func TestChangedByIsTold(t *testing.T) {
	d := reporttest.RememberedDocument()
	d.Runs[0].Since.Outcome = audit.Clean
	d.Runs[0].Since.ChangedBy = []audit.Cause{audit.CauseAcceptances, audit.CauseTool}
	const want = "violations now, clean then, by what is not accepted any more and another version"
	for _, f := range []view.Format{
		table.Format, table.Wide, html.Format, markdown.Format, xlsx.Format, junit.Format,
	} {
		written := reporttest.Write(t, f, d)
		if f.Binary {
			written = reporttest.Unzipped(t, written)
		}
		if text := strings.Join(strings.Fields(string(written)), " "); !strings.Contains(text, want) {
			t.Errorf("%s does not say why", f.Name)
		}
	}
	for _, f := range []view.Format{table.Format, markdown.Format} {
		text := strings.Join(strings.Fields(string(reporttest.Write(t, f, privacy.Nameless(d)))), " ")
		if !strings.Contains(text, "what is not accepted any more and another version") {
			t.Errorf("%s, in a public place, does not say why:\n%s", f.Name, text)
		}
	}
	if got := restored(t, d).Runs[0].Since; len(got.ChangedBy) != 2 || got.Outcome != audit.Clean ||
		got.Tool != d.Runs[0].Since.Tool {
		t.Errorf("read back as %+v", got)
	}
	text := strings.Replace(
		string(reporttest.Write(t, json.Format, d)),
		`"acceptances"`,
		`"moods"`,
		1,
	)
	if _, err := readBack(t, []byte(text)).Document(reporttest.FakeRules()); err == nil ||
		!strings.Contains(err.Error(), `is no cause: "moods"`) {
		t.Errorf("another cause: %v", err)
	}
}
