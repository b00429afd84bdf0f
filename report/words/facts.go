// SPDX-License-Identifier: Apache-2.0

package words

import (
	"fmt"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// Used returns how many days ago the token was last used.
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

// NotKnown explains a "?" in a table.
const NotKnown = "not known: it was not asked for, or GitHub did not tell it"

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
		return view.OrUnknown(string(t.Owner.Role))
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
