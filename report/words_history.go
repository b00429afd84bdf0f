// SPDX-License-Identifier: Apache-2.0

package report

import (
	"slices"

	"github.com/complytime/pataudit/audit"
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
