// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strconv"
	"time"

	"github.com/complytime/pataudit/audit"
)

const notLearned = "unknown"

func orUnknown(s string) any {
	if s == "" {
		return notLearned
	}
	return s
}

func owner(e entry) any {
	if e.result.Token.Owner == nil {
		return notLearned
	}
	return e.result.Token.Owner.Login
}

func role(e entry) any {
	t := e.result.Token
	if t.Owner == nil || !t.Known.Has(audit.FactMembership) {
		return notLearned
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

func secondFactor(e entry) any {
	o := e.result.Token.Owner
	switch {
	case o == nil || o.TwoFactor == nil:
		return notLearned
	case *o.TwoFactor:
		return "yes"
	}
	return "no"
}

// An id is a text: a spreadsheet would round it.
func tokenID(e entry) any {
	if e.result.Token.TokenID == 0 {
		return notLearned
	}
	return strconv.FormatInt(e.result.Token.TokenID, 10)
}

func grantID(e entry) any { return strconv.FormatInt(e.result.Token.ID, 10) }

// dateOr is a date, or what its absence means.
func dateOr(known bool, none string, at time.Time) any {
	switch {
	case !known:
		return notLearned
	case at.IsZero():
		return none
	}
	return at
}

func instantText(t time.Time, none string) string {
	if t.IsZero() {
		return none
	}
	return t.UTC().Format(time.RFC3339)
}

// overdueOf tells whether a finding with a due date is overdue.
func overdueOf(f *audit.Finding) string {
	if f.Due.IsZero() {
		return ""
	}
	return strconv.FormatBool(f.Overdue)
}

// entry is what a row of a list is about. What a list is not about is nil.
type entry struct {
	run      *audit.Run
	result   *audit.Result
	worst    *audit.Finding // that decides of the result, of those shown
	finding  *audit.Finding
	coverage *audit.Coverage
	decision *audit.DecisionResult
	classic  *audit.Credential
	reached  *reached
	person   *person
	rule     *audit.RuleCount
	point    *audit.Point
	note     [2]string // a topic, and what is to say of it
	failed   string    // the organization that has no run
}
