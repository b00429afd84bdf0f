// SPDX-License-Identifier: Apache-2.0

package report

import (
	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// gemaraResult is an answer, the worst last.
type gemaraResult uint8

const (
	gemaraNotApplicable gemaraResult = iota
	gemaraPassed
	gemaraNotRun
	gemaraNeedsReview
	gemaraUnknown
	gemaraFailed
)

var gemaraResults = [...]string{
	"Not Applicable", "Passed", "Not Run", "Needs Review", "Unknown", "Failed",
}

func (r gemaraResult) String() string { return gemaraResults[r] }

func gemaraResultOf(w view.Weight) gemaraResult {
	switch w {
	case view.WeightPass:
		return gemaraPassed
	case view.WeightIdle:
		return gemaraNotApplicable
	case view.WeightOpen:
		return gemaraUnknown
	case view.WeightBelow:
		return gemaraNeedsReview
	default: // fails, if accepted or not
		return gemaraFailed
	}
}

// gemaraRun is a run with its counts.
type gemaraRun struct {
	*audit.Run
	counts map[string]*view.Weighed
}

// of is what a run says of a rule: the worst of its answers, and Unknown rather than better if
// the run is not complete.
func (r *gemaraRun) of(rule string) gemaraResult {
	c := r.counts[rule]
	if c == nil {
		return gemaraNotRun
	}
	worst := gemaraNotApplicable
	if !r.Complete {
		worst = gemaraUnknown
	}
	for w, n := range c {
		if n > 0 {
			worst = max(worst, gemaraResultOf(view.Weight(w)))
		}
	}
	return worst
}
