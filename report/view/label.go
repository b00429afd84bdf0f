// SPDX-License-Identifier: Apache-2.0

package view

import (
	"github.com/complytime/pataudit/audit"
)

// Labels are what the severity column says, the worst first.
var Labels = []string{
	"critical", "high", "medium", "low", "info", Unknown, DebtLabel, ExpiredLabel, CleanLabel,
	NoneLabel,
}

// LabelOf returns how bad a token is that stands so, and fails by a finding of this severity. Of
// an expired grant that breaks nothing it says no more than that: a severity is said of what can
// act.
func LabelOf(run *audit.Run, s Standing, severity audit.Severity) string {
	switch {
	case s == Open:
		return Unknown
	case s == Indebted:
		return DebtLabel
	case s == Expired:
		return ExpiredLabel
	case severity > audit.NoSeverity:
		return severity.String()
	case s == Clean && run.Complete:
		return CleanLabel
	}
	return NoneLabel
}

// The labels stand in place of a severity.
const (
	DebtLabel    = "debt" // fails by accepted debt alone
	ExpiredLabel = "expired"
	CleanLabel   = "clean"
	NoneLabel    = "none" // like clean, where not everything was seen
)

// Unknown is said in place of what is not known.
const Unknown = "unknown"
