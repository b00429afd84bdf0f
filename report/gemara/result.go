// SPDX-License-Identifier: Apache-2.0

package gemara

import (
	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// outcome is an answer, the worst last.
type outcome uint8

const (
	notApplicable outcome = iota
	passed
	notRun
	needsReview
	unknown
	failed
)

var outcomes = [...]string{
	"Not Applicable", "Passed", "Not Run", "Needs Review", "Unknown", "Failed",
}

func (r outcome) String() string { return outcomes[r] }

// outcomeOf returns a weight's outcome. What is none of these fails, accepted or not.
func outcomeOf(w view.Weight) outcome {
	switch w {
	case view.WeightPass:
		return passed
	case view.WeightIdle:
		return notApplicable
	case view.WeightOpen:
		return unknown
	case view.WeightBelow:
		return needsReview
	default:
		return failed
	}
}

// runCounts is a run with its counts.
type runCounts struct {
	*audit.Run
	counts map[string]*view.Weighed
}

// outcomeOf returns the answer of a run to a rule: the worst of its answers, and unknown rather
// than better if the run is not complete.
func (r *runCounts) outcomeOf(rule string) outcome {
	c := r.counts[rule]
	if c == nil {
		return notRun
	}
	worst := notApplicable
	if !r.Complete {
		worst = unknown
	}
	for w, n := range c {
		if n > 0 {
			worst = max(worst, outcomeOf(view.Weight(w)))
		}
	}
	return worst
}
