// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strconv"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// overdueOf tells whether a finding with a due date is overdue.
func overdueOf(f *audit.Finding) string {
	if f.Due.IsZero() {
		return ""
	}
	return strconv.FormatBool(f.Overdue)
}

// usedText says by day when the token was last used.
func usedText(t *audit.Token, asOf time.Time) string {
	if !t.Known.Has(audit.FactLastUsed) {
		return "?"
	}
	if t.LastUsedAt.IsZero() {
		return "never"
	}
	switch n := audit.CalendarDays(t.LastUsedAt, asOf); {
	case n < 0:
		return "?" // in the future: not to be believed
	case n == 0:
		return "today"
	default:
		return fmt.Sprintf("%d d", n)
	}
}

// findingSeverity returns how bad a finding is; "unknown" if it could not be judged.
func findingSeverity(f *audit.Finding) string {
	if f.Status == audit.Indeterminate {
		return view.Unknown
	}
	return f.Severity.String()
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// orUnknown returns a text, or "unknown" for none.
func orUnknown(s string) string {
	if s == "" {
		return view.Unknown
	}
	return s
}

// owner returns the login of a token's owner.
func owner(t *audit.Token) string {
	if t.Owner == nil {
		return view.Unknown
	}
	return t.Owner.Login
}

// role returns what a token's owner is in the organization.
func role(t *audit.Token) string {
	if t.Owner == nil || !t.Known.Has(audit.FactMembership) {
		return view.Unknown
	}
	switch t.Owner.Role {
	case audit.RoleAdmin:
		return "org owner"
	case audit.RoleOutside:
		return "outside"
	case audit.RoleNone, audit.RoleNotMember:
		return "not a member"
	default:
		return orUnknown(string(t.Owner.Role))
	}
}

// secondFactor returns whether a token's owner has one: "yes", "no" or "unknown".
func secondFactor(t *audit.Token) string {
	switch o := t.Owner; {
	case o == nil || o.TwoFactor == nil:
		return view.Unknown
	case *o.TwoFactor:
		return "yes"
	}
	return "no"
}

// tokenID returns a token's id as a text: a spreadsheet would round a number.
func tokenID(t *audit.Token) string {
	if t.TokenID == 0 {
		return view.Unknown
	}
	return strconv.FormatInt(t.TokenID, 10)
}

// grantID returns the id of a token's grant, likewise.
func grantID(t *audit.Token) string { return strconv.FormatInt(t.ID, 10) }
