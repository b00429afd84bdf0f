// SPDX-License-Identifier: Apache-2.0

package words

import (
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// TrendOf returns the complete runs up to this one, oldest first; none without a history.
func TrendOf(run *audit.Run) []audit.Point {
	if len(run.Trend) == 0 {
		return nil
	}
	points := slices.Clone(run.Trend)
	if run.Complete {
		points = append(points, run.Point())
	}
	return points
}

// TrendTitle is what a chart of a trend counts.
const TrendTitle = "Tokens that break the policy, by their worst finding that counts, and those " +
	"with accepted debt alone, at each complete run"

// Appeared reports whether no earlier complete run saw the token.
func Appeared(run *audit.Run, r *audit.Result) bool {
	return r.Past == nil || r.Past.FirstSeen.After(run.Since.AsOf)
}

// TrendPart is tokens of a run that are drawn alike: those that break the policy at a severity, or
// those with accepted debt alone.
type TrendPart struct {
	Label string
	Of    func(*audit.Point) int
}

// TrendParts are those that a run has, and medium and above in any case.
func TrendParts(points []audit.Point) (parts []TrendPart) {
	for i, part := range AllParts() {
		if i <= int(audit.Critical-audit.Medium) || slices.ContainsFunc(points,
			func(p audit.Point) bool { return part.Of(&p) > 0 }) {
			parts = append(parts, part)
		}
	}
	return parts
}

// AllParts are the parts that there can be, the worst first.
func AllParts() (parts []TrendPart) {
	for s := audit.Critical; s > audit.NoSeverity; s-- {
		violating := func(p *audit.Point) int { return p.ViolatingBy[s] }
		parts = append(parts, TrendPart{s.String(), violating})
	}
	indebted := func(p *audit.Point) int { return view.Sum(p.IndebtedBy) }
	return append(parts, TrendPart{view.DebtLabel, indebted})
}
