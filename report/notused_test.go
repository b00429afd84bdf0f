// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/gemara"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/reporttest"
)

// TestNotUsed holds that each format says which files of the last run nothing stands for in this
// one, also of a report that was read back.
func TestNotUsed(t *testing.T) {
	d := reporttest.RememberedDocument()
	for _, f := range Formats {
		if text := reporttest.Bare(t, f, d); strings.Contains(strings.ToLower(text), "not used: ") {
			t.Errorf("%s: something is not used", f.Name)
		}
	}
	since := d.Runs[0].Since
	since.NotUsed = []audit.Used{{Kind: audit.UsedBaseline, Digest: "sha256:0123456789abcdef"}}
	since.Tool.ProjectFile, since.Tool.ProjectDigest = "our.yaml", "sha256:fedcba9876543210"
	saved, err := json.Read(bytes.NewReader(reporttest.Write(t, json.Format, d)), "report.json")
	if err != nil {
		t.Fatal(err)
	}
	again, err := saved.Document(reporttest.FakeRules())
	if err != nil {
		t.Fatal(err)
	}
	got := again.Runs[0].Since
	if !slices.Equal(got.NotUsed, since.NotUsed) || got.Tool != since.Tool {
		t.Errorf("read back: %+v", got)
	}
	for _, f := range Formats {
		if f.Name == gemara.Catalog.Name {
			continue // it is of the policy alone
		}
		for _, document := range []string{reporttest.Bare(t, f, d), reporttest.Bare(t, f, again)} {
			text := strings.Join(strings.Fields(document), " ")
			for _, want := range []string{"baseline", "sha256:01234567", "our.yaml", "sha256:fedcba98"} {
				if !strings.Contains(text, want) {
					t.Errorf("%s: no %q", f.Name, want)
				}
			}
		}
	}
	d.Tool.ProjectFile = "another.yaml"
	if text := reporttest.Bare(t, Formats[0], d); strings.Contains(text, "our.yaml") {
		t.Error("there is a project file")
	}
}
