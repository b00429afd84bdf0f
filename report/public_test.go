// SPDX-License-Identifier: Apache-2.0

package report

import (
	"errors"
	"strings"
	"testing"

	"github.com/complytime/pataudit/report/markdown"
	"github.com/complytime/pataudit/report/privacy"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/table"
	"github.com/complytime/pataudit/report/view"
)

// nameless returns what a format writes of a document for a public place.
func nameless(t *testing.T, f view.Format, d *view.Document) string {
	t.Helper()
	return string(reporttest.Write(t, f, privacy.Nameless(d)))
}

// TestPublicTellsNobody looks for each name and id in what everybody may read.
func TestPublicTellsNobody(t *testing.T) {
	for _, verbose := range []bool{false, true} {
		d := reporttest.Telling()
		d.View.Verbose, d.View.Only = verbose, view.OnlyAll
		d.View.Filter.Owners = []string{"jdoe"}
		for _, f := range Formats {
			if !f.Nameless {
				continue
			}
			got := reporttest.Content(reporttest.Rendered(t, nameless(t, f, d)))
			for name := range reporttest.NamesIn(d) {
				if strings.Contains(strings.ToLower(got), strings.ToLower(name)) {
					t.Errorf("%s tells %q:\n%s", f.Name, name, got)
				}
			}
			for _, says := range []string{
				"25 fine-grained tokens of", "break the policy", "INCOMPLETE", "critical", "not seen",
				"toxic-permissions", "2 overdue", "2 wait", "--allow-public", "403 refused",
			} {
				if !strings.Contains(strings.ToLower(got), strings.ToLower(says)) {
					t.Errorf("%s does not say %q:\n%s", f.Name, says, got)
				}
			}
		}
	}
}

func TestPublicGolden(t *testing.T) {
	for name, d := range map[string]*view.Document{
		"public": reporttest.DecidedDocument(), "public-several": reporttest.Documents()["failed"],
	} {
		for _, f := range []view.Format{table.Format, markdown.Format} {
			reporttest.Golden(t, name+"."+f.Name, []byte(nameless(t, f, d)))
		}
	}
}

func TestPublicHostile(t *testing.T) {
	d := reporttest.HostileDocument()
	reporttest.CheckPage(t, reporttest.Rendered(t, nameless(t, markdown.Format, d)))
	if out := nameless(t, table.Format, d); strings.Contains(out, "\x1b") ||
		strings.Contains(out, "::") {
		t.Errorf("acts:\n%s", out)
	}
}

func TestPublicWriteError(t *testing.T) {
	for _, f := range []view.Format{table.Format, markdown.Format} {
		if err := f.Write(
			&reporttest.FailingWriter{Left: 100},
			privacy.Nameless(reporttest.Document(reporttest.Violating())),
		); !errors.Is(
			err,
			reporttest.ErrFull,
		) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}
