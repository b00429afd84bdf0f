// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// rememberedDocument is a run with a history: terms, of which some are over, and a trend.
func rememberedDocument() *view.Document {
	p := reporttest.Policy()
	last := audit.Evaluate(reporttest.WeekAgo(), p, audit.Options{})
	p.SLA = map[audit.Severity]int{audit.Critical: 7, audit.High: 30, audit.Medium: 90}
	memory := &audit.Memory{Earlier: true, Last: last, LastRun: 12, Tokens: map[int64]*audit.Past{}}
	memory.LastTool = view.Tool{Name: "pataudit", Version: "v0.0.9", Permissions: "2026-10-01"}
	e := reporttest.Violating()
	for i, t := range e.Tokens {
		if t.Name == "x" {
			continue // nobody saw it before
		}
		past := &audit.Past{FirstSeen: reporttest.AsOf.AddDate(0, -6, i), Failing: map[string]time.Time{
			"long-expiration": reporttest.AsOf.AddDate(
				0,
				0,
				-80-i,
			),
			"toxic-permissions": reporttest.AsOf.AddDate(0, 0, -10),
		}}
		if t.Expired {
			past.ExpiresAt = reporttest.AsOf.AddDate(0, 0, -2)
		}
		memory.Tokens[t.ID] = past
	}
	for week := 8; week > 0; week-- {
		point := last.Point()
		point.AsOf = reporttest.AsOf.AddDate(0, 0, -7*week)
		point.Violating += week
		point.ByWorst[audit.High] += week
		point.ViolatingBy[audit.High] += week
		point.IndebtedBy[audit.Medium] = max(0, 4-week)
		point.ByWorst[audit.NoSeverity] -= min(week, point.ByWorst[audit.NoSeverity])
		point.Tokens = view.Sum(point.ByWorst)
		memory.Trend = append(memory.Trend, point)
	}
	options := reporttest.Options
	options.Memory = memory
	return &view.Document{
		Runs: []*audit.Run{audit.Evaluate(e, p, options)},
		Tool: view.Tool{Name: "pataudit", Version: "v0.1.0", Permissions: "2026-11-30"},
	}
}

// TestRememberedRestores holds that what a history adds to a report is read back.
func TestRememberedRestores(t *testing.T) {
	d := rememberedDocument()
	run := d.Runs[0]
	if run.Since == nil || run.Since.New != 1 || run.Since.Gone != 1 || run.Since.Widened != 1 ||
		run.Since.Renewed != 1 || run.Summary.Overdue == 0 {
		t.Fatalf("since %+v, %d overdue", run.Since, run.Summary.Overdue)
	}
	written := write(t, JSON, d)
	again, err := saved(t, written).Document(reporttest.FakeRules())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(write(t, JSON, again), written) {
		t.Error("not the same bytes")
	}
}
