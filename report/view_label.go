// SPDX-License-Identifier: Apache-2.0

package report

import (
	"github.com/complytime/pataudit/audit"
)

// labels are what the severity column says, the worst first.
var labels = []string{
	"critical", "high", "medium", "low", "info", notLearned, debtLabel, expiredLabel, cleanLabel,
	noneLabel,
}

// labelOf says how bad a token is that stands so, and fails by a finding of this severity.
func labelOf(run *audit.Run, s standing, severity audit.Severity) string {
	switch {
	case s == unknown:
		return notLearned
	case s == indebted:
		return debtLabel
	case severity > audit.NoSeverity:
		return severity.String()
	case s == expired:
		return expiredLabel
	case s == clean && run.Complete:
		return cleanLabel
	}
	return noneLabel
}

// The labels stand in place of a severity.
const (
	debtLabel    = "debt" // fails by accepted debt alone
	expiredLabel = "expired"
	cleanLabel   = "clean"
	noneLabel    = "none" // like clean, where not everything was seen
)

const notLearned = "unknown"

// chartLabel says how bad a token is. Of an expired grant that breaks nothing it says no more than
// that: a severity is said of what can act.
func chartLabel(w *place) string {
	if w.standing == expired {
		return expiredLabel
	}
	return w.label()
}
