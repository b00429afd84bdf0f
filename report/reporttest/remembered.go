// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// RememberedDocument returns the report of a run with a history: terms, of which some are over,
// and a trend.
func RememberedDocument() *view.Document {
	p := Policy()
	last := audit.Evaluate(WeekAgo(), p, audit.Options{})
	p.SLA = map[audit.Severity]int{audit.Critical: 7, audit.High: 30, audit.Medium: 90}
	memory := &audit.Memory{Earlier: true, Last: last, LastRun: 12, Tokens: map[int64]*audit.Past{}}
	memory.LastTool = view.Tool{Name: "pataudit", Version: "v0.0.9", Permissions: "2026-10-01"}
	e := Violating()
	for i, t := range e.Tokens {
		if t.Name == "x" {
			continue // nobody saw it before
		}
		past := &audit.Past{FirstSeen: AsOf.AddDate(0, -6, i), Failing: map[string]time.Time{
			"long-expiration":   AsOf.AddDate(0, 0, -80-i),
			"toxic-permissions": AsOf.AddDate(0, 0, -10),
		}}
		if t.Expired {
			past.ExpiresAt = AsOf.AddDate(0, 0, -2)
		}
		memory.Tokens[t.ID] = past
	}
	for week := 8; week > 0; week-- {
		point := last.Point()
		point.AsOf = AsOf.AddDate(0, 0, -7*week)
		point.Violating += week
		point.ByWorst[audit.High] += week
		point.ViolatingBy[audit.High] += week
		point.IndebtedBy[audit.Medium] = max(0, 4-week)
		point.ByWorst[audit.NoSeverity] -= min(week, point.ByWorst[audit.NoSeverity])
		point.Tokens = view.Sum(point.ByWorst)
		memory.Trend = append(memory.Trend, point)
	}
	options := Options
	options.Memory = memory
	return documentOf(audit.Evaluate(e, p, options))
}
