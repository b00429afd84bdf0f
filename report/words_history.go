// SPDX-License-Identifier: Apache-2.0

package report

import (
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// trendOf gives the complete runs up to this one, oldest first; none without a history.
func trendOf(run *audit.Run) []audit.Point {
	if len(run.Trend) == 0 {
		return nil
	}
	points := slices.Clone(run.Trend)
	if run.Complete {
		points = append(points, run.Point())
	}
	return points
}

// trendTitle says what a chart of a trend counts.
const trendTitle = "Tokens that break the policy, by their worst finding that counts, and those " +
	"with accepted debt alone, at each complete run"

// appeared reports whether no earlier complete run saw the token.
func appeared(run *audit.Run, r *audit.Result) bool {
	return r.Past == nil || r.Past.FirstSeen.After(run.Since.AsOf)
}

// trendPart is tokens of a run that are drawn alike: those that break the policy at a severity, or
// those with accepted debt alone.
type trendPart struct {
	label string
	of    func(*audit.Point) int
}

// trendParts are those that a run has, and medium and above in any case.
func trendParts(points []audit.Point) (parts []trendPart) {
	for i, part := range allParts() {
		if i <= int(audit.Critical-audit.Medium) || slices.ContainsFunc(points,
			func(p audit.Point) bool { return part.of(&p) > 0 }) {
			parts = append(parts, part)
		}
	}
	return parts
}

// allParts are the parts that there can be, the worst first.
func allParts() (parts []trendPart) {
	for s := audit.Critical; s > audit.NoSeverity; s-- {
		violating := func(p *audit.Point) int { return p.ViolatingBy[s] }
		parts = append(parts, trendPart{s.String(), violating})
	}
	return append(
		parts,
		trendPart{view.DebtLabel, func(p *audit.Point) int { return view.Sum(p.IndebtedBy) }},
	)
}
