// SPDX-License-Identifier: Apache-2.0

package history

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/report/reporttest"
)

// TestHostileTables holds that texts from elsewhere stay within their lines, and act on nothing,
// in what history prints.
func TestHostileTables(t *testing.T) {
	at := time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC)
	told := func(text string) (string, int) {
		run := history.Run{AsOf: at, CollectedAt: at, Verdict: text, Tool: text, Batch: text}
		run.Organization.Login, run.Organization.Host = text, text
		changed := run
		changed.Changed = []string{"its report"}
		runs := []history.Run{run, changed}
		var out bytes.Buffer
		if err := errors.Join(writeRuns(&out, runs, records.AsTable),
			writeTrend(&out, runs, records.AsTable)); err != nil {
			t.Fatal(err)
		}
		return out.String(), strings.Count(out.String(), "\n")
	}
	_, lines := told("plain")
	for _, text := range reporttest.Payloads {
		out, n := told(text)
		if n != lines {
			t.Errorf("%q: %d lines, want %d:\n%s", text, n, lines, out)
		}
		if shown := strings.ReplaceAll(out, "\n", ""); strings.ContainsFunc(shown, reporttest.Hidden) {
			t.Errorf("%q: not visible in\n%s", text, out)
		}
		if strings.Contains(out, "::") || strings.Contains(out, "##[") {
			t.Errorf("%q: a command to a workflow in\n%s", text, out)
		}
	}
}
