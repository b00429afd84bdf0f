// SPDX-License-Identifier: Apache-2.0

package view

import (
	"cmp"
	"strconv"

	"github.com/complytime/pataudit/audit"
)

// Labels are the words of the severity column, the worst first.
var Labels = []string{
	"critical", "high", "medium", "low", "info", Unknown, DebtLabel, ExpiredLabel, CleanLabel,
	NoneLabel,
}

// LabelOf returns how bad a token is that stands so, and fails by a finding of this severity. An
// expired grant that breaks nothing is expired, whatever it fails by: a severity is of what can
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

// Unknown stands in place of what is not known.
const Unknown = "unknown"

// OrUnknown returns a text, or "unknown" for none.
func OrUnknown(s string) string {
	return cmp.Or(s, Unknown)
}

// FindingSeverity returns how bad a finding is; "unknown" if it could not be judged.
func FindingSeverity(f *audit.Finding) string {
	if f.Status == audit.Indeterminate {
		return Unknown
	}
	return f.Severity.String()
}

// Owner returns the login of a token's owner; "unknown" without one.
func Owner(t *audit.Token) string {
	if t.Owner == nil {
		return Unknown
	}
	return t.Owner.Login
}

// TokenID returns a token's id as a text, for a spreadsheet would round a number; "unknown" if it
// is not known.
func TokenID(t *audit.Token) string {
	if t.TokenID == 0 {
		return Unknown
	}
	return strconv.FormatInt(t.TokenID, 10)
}

// GrantID returns the id of a token's grant, likewise.
func GrantID(t *audit.Token) string { return strconv.FormatInt(t.ID, 10) }
