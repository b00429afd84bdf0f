// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
)

// TestHostileStatement holds that texts from elsewhere stay within their lines, and act on
// nothing.
func TestHostileStatement(t *testing.T) {
	at := time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC)
	told := func(text string) (string, int) {
		run := history.Run{
			Number: 1, AsOf: at, CollectedAt: at, Verdict: text, Incomplete: []string{text}, Tool: text,
			Batch: text, EvidenceDigest: text,
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
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@") {
				t.Errorf("%q: the cell %q is a formula", text, cell)
			}
		}
		return out.String(), strings.Count(out.String(), "\n")
	}
	_, lines := told("plain")
	for _, text := range []string{
		"a\n# b", "a\r\nb", "| a | b |", "=1+1", "@octocat", "\x1b[2Jx", "\u202enimda", "a\x00b",
		"![x](https://evil.example/x.png)", "<script>alert(1)</script>", "::add-mask::x", "a\tb", "`x`",
	} {
		out, n := told(text)
		if n != lines {
			t.Errorf("%q: %d lines, want %d:\n%s", text, n, lines, out)
		}
		for _, bad := range []string{
			"\x1b", "\u202e", "\x00", "::add-mask", "\t", "\r", "<script", "![x]", "@octocat",
			"| a |", "`x`",
		} {
			if strings.Contains(out, bad) {
				t.Errorf("%q: %q stands in\n%s", text, bad, out)
			}
		}
	}
}
