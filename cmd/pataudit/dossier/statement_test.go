// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/report/reporttest"
)

// TestHostileStatement holds that texts from elsewhere stay within their lines, and act on
// nothing.
func TestHostileStatement(t *testing.T) {
	at := time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC)
	told := func(text string) (string, int) {
		run := history.Run{
			Number: 1, AsOf: at, CollectedAt: at, Verdict: text, Incomplete: reporttest.Gaps(text),
			Tool: text, Batch: text, EvidenceDigest: text,
		}
		run.Organization.Login, run.Organization.Host = text, text
		run.Policy.Name, run.Policy.Digest, run.Policy.FailOn = text, text, audit.High
		d := &dossier{
			from: at.AddDate(0, -1, 0), to: at.AddDate(0, 1, 0), expected: time.Hour, often: "1h",
			login: text, host: text, runs: []history.Run{run},
			parts: []*dossierRun{{
				Run: run, inPeriod: true, notSeen: []string{text}, snapshot: "sha256:1",
				ratified: &audit.Ratified{By: text}, criteria: &audit.Criteria{},
			}},
		}
		var out bytes.Buffer
		if err := d.statement(&out); err != nil {
			t.Fatal(err)
		}
		var table bytes.Buffer
		if err := d.runSheet().Csv(&table); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&table).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Errorf("%q: %d rows: %v", text, len(rows), err)
		}
		for _, cell := range rows[1] {
			if reporttest.Evaluated(cell) {
				t.Errorf("%q: the cell %q is a formula", text, cell)
			}
		}
		return out.String(), strings.Count(out.String(), "\n")
	}
	plain, lines := told("plain")
	want := rendered(t, plain)
	for _, text := range slices.Concat(reporttest.Payloads, reporttest.Links) {
		out, n := told(text)
		if n != lines {
			t.Errorf("%q: %d lines, want %d:\n%s", text, n, lines, out)
		}
		if diff := cmp.Diff(want, rendered(t, out)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// rendered lists what a page of Markdown is made of, and what GitHub acts on in it.
func rendered(t *testing.T, markdown string) (parts []string) {
	t.Helper()
	for n := range reporttest.Rendered(t, markdown).Descendants() {
		switch {
		case n.Type == html.ElementNode && n.Data != "wbr" && n.Data != "code":
			parts = append(parts, n.Data)
		case n.Type == html.CommentNode:
			parts = append(parts, "<!--"+n.Data)
		case n.Type == html.TextNode && n.Parent.Data != "code":
			parts = append(parts, reporttest.Act.FindAllString(n.Data, -1)...)
			if strings.ContainsFunc(strings.ReplaceAll(n.Data, "\n", ""), reporttest.Hidden) {
				t.Errorf("not visible: %.80q", n.Data)
			}
		}
	}
	return parts
}
