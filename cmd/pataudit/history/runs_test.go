// SPDX-License-Identifier: Apache-2.0

package history

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
)

// TestHostileTables holds that texts from elsewhere stay within their lines, and act on nothing,
// in what history prints.
func TestHostileTables(t *testing.T) {
	at := time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC)
	told := func(text string) (string, int) {
		run := history.Run{
			Number: 1, AsOf: at, CollectedAt: at, Verdict: text, Incomplete: []string{text}, Tool: text,
			Batch: text, EvidenceDigest: text,
		}
		run.Organization.Login, run.Organization.Host = text, text
		run.Policy.Name, run.Policy.Digest, run.Policy.FailOn = text, text, audit.High
		runs := []history.Run{run}
		var out bytes.Buffer
		if err := errors.Join(writeRuns(&out, runs, records.AsTable),
			writeTrend(&out, runs, records.AsTable)); err != nil {
			t.Fatal(err)
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
		for _, bad := range []string{"\x1b", "\u202e", "\x00", "::add-mask", "\t", "\r"} {
			if strings.Contains(out, bad) {
				t.Errorf("%q: %q stands in\n%s", text, bad, out)
			}
		}
	}
}
