// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

func public(t *testing.T, f view.Format, d *view.Document) string {
	t.Helper()
	var b bytes.Buffer
	if err := f.Public(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestPublicTellsNobody looks for each name and id in what everybody may read.
func TestPublicTellsNobody(t *testing.T) {
	for _, verbose := range []bool{false, true} {
		d := telling()
		d.View.Verbose, d.View.Only = verbose, view.OnlyAll
		d.View.Filter.Owners = []string{"jdoe"}
		for _, f := range Formats {
			if f.Public == nil {
				continue
			}
			got := reporttest.Content(reporttest.Rendered(t, public(t, f, d)))
			for name := range told(d) {
				if strings.Contains(strings.ToLower(got), strings.ToLower(name)) {
					t.Errorf("%s tells %q:\n%s", f.Name, name, got)
				}
			}
			for _, says := range []string{
				"25 fine-grained tokens of", "break the policy", "INCOMPLETE", "critical", "not seen",
				"toxic-permissions", "2 overdue", "2 wait", "--allow-public", `403 "…"`,
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
		"public": decidedDocument(), "public-several": documents()["failed"],
	} {
		for _, f := range []view.Format{Table, Markdown} {
			reporttest.Golden(t, name+"."+f.Name, []byte(public(t, f, d)))
		}
	}
}

func TestPublicHostile(t *testing.T) {
	d := hostileDocument()
	reporttest.CheckPage(t, reporttest.Rendered(t, public(t, Markdown, d)))
	if out := public(t, Table, d); strings.Contains(out, "\x1b") || strings.Contains(out, "::") {
		t.Errorf("acts:\n%s", out)
	}
}

func TestPublicWriteError(t *testing.T) {
	for _, f := range []view.Format{Table, Markdown} {
		if err := f.Public(
			&reporttest.FailingWriter{Left: 100},
			document(reporttest.Violating()),
		); !errors.Is(
			err,
			reporttest.ErrFull,
		) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}
