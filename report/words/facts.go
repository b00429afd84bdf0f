// SPDX-License-Identifier: Apache-2.0

package words

import (
	"fmt"
	"strconv"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// OverdueOf reports whether a finding with a due date is overdue.
func OverdueOf(f *audit.Finding) string {
	if f.Due.IsZero() {
		return ""
	}
	return strconv.FormatBool(f.Overdue)
}

// Used says by day when the token was last used.
func Used(t *audit.Token, asOf time.Time) string {
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

// FindingSeverity returns how bad a finding is; "unknown" if it could not be judged.
func FindingSeverity(f *audit.Finding) string {
	if f.Status == audit.Indeterminate {
		return view.Unknown
	}
	return f.Severity.String()
}

// OrNone returns a text, or "none" for an empty one.
func OrNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// NotKnown explains a "?" in a table.
const NotKnown = "not known: it was not asked for, or GitHub did not tell it"

// OrUnknown returns a text, or "unknown" for none.
func OrUnknown(s string) string {
	if s == "" {
		return view.Unknown
	}
	return s
}

// Owner returns the login of a token's owner.
func Owner(t *audit.Token) string {
	if t.Owner == nil {
		return view.Unknown
	}
	return t.Owner.Login
}

// Role returns what a token's owner is in the organization.
func Role(t *audit.Token) string {
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
		return OrUnknown(string(t.Owner.Role))
	}
}

// SecondFactor returns whether a token's owner has one: "yes", "no" or "unknown".
func SecondFactor(t *audit.Token) string {
	switch o := t.Owner; {
	case o == nil || o.TwoFactor == nil:
		return view.Unknown
	case *o.TwoFactor:
		return "yes"
	}
	return "no"
}

// TokenID returns a token's id as a text: a spreadsheet would round a number.
func TokenID(t *audit.Token) string {
	if t.TokenID == 0 {
		return view.Unknown
	}
	return strconv.FormatInt(t.TokenID, 10)
}

// GrantID returns the id of a token's grant, likewise.
func GrantID(t *audit.Token) string { return strconv.FormatInt(t.ID, 10) }
