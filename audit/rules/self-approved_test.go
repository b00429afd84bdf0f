// SPDX-License-Identifier: Apache-2.0

package rules_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/rules"
)

// roleLife is what a person was to the organization over 60 days, what the audit log tells of
// that, and which runs looked. Changes are at noon, runs at midnight.
type roleLife struct {
	first   audit.Role
	changes []int // days
	told    []int // of the changes, those that the log has
	runs    []int // days
}

func otherRole(role audit.Role) audit.Role {
	if role == audit.RoleAdmin {
		return audit.RoleMember
	}
	return audit.RoleAdmin
}

func dayOf(n int) time.Time { return asOf.AddDate(0, 0, n-60) }

func noonOf(n int) time.Time { return dayOf(n).Add(12 * time.Hour) }

func (l *roleLife) at(t time.Time) audit.Role {
	role := l.first
	for _, day := range l.changes {
		if noonOf(day).Before(t) {
			role = otherRole(role)
		}
	}
	return role
}

// log is what the audit log says that the person was, and between which changes: it knows those
// that it has, and goes back from today.
func (l *roleLife) log(t time.Time) (role audit.Role, since, until time.Time) {
	role = l.at(asOf)
	for i := len(l.told) - 1; i >= 0; i-- {
		at := noonOf(l.told[i])
		if l.at(at.Add(time.Second)) != role {
			return audit.RoleUnknown, time.Time{}, time.Time{} // it contradicts itself
		}
		if at.Before(t) {
			return role, at, until
		}
		role, until = otherRole(role), at
	}
	return role, since, until
}

// seen is what the runs saw, as a history keeps it.
func (l *roleLife) seen() (roles []audit.RoleSeen) {
	for _, run := range l.runs {
		role, at := l.at(dayOf(run)), dayOf(run)
		if n := len(roles); n > 0 && roles[n-1].Role == role {
			roles[n-1].Last = at
			continue
		}
		roles = append(roles, audit.RoleSeen{Role: role, First: at, Last: at})
	}
	return roles
}

// approvedAt judges a token whose owner approved it at an instant.
func (l *roleLife) approvedAt(at time.Time, remembered bool) audit.Status {
	owner := &audit.Member{ID: 7, Login: "octocat", Role: l.at(asOf)}
	token := &audit.Token{ID: 1, TokenID: 10, Owner: owner, GrantedAt: at, Known: ^audit.Facts(0)}
	memory := &audit.Memory{Roles: map[int64][]audit.RoleSeen{7: l.seen()}}
	for _, run := range l.runs {
		memory.Runs = append(memory.Runs, dayOf(run))
	}
	role, since, until := l.log(at)
	if remembered { // the log tells it no more
		token.Known &^= audit.FactApproval
		memory.Approvals = map[int64]audit.Approval{
			1: {Own: true, Role: role, Since: since, Until: until},
		}
	} else {
		token.ApprovedBy = "OctoCat"
		token.ApproverRole = &audit.RoleThen{Role: role, Since: since, Until: until}
	}
	e := &audit.Evidence{
		Organization: &audit.Organization{Login: "acme"}, Tokens: []*audit.Token{token},
		Coverage: []audit.Coverage{{Source: audit.SourceAuditLog, Status: audit.Complete}},
	}
	p := &audit.Policy{}
	for _, rule := range rules.All {
		if rule.ID == "self-approved" {
			p.Rules = append(p.Rules, audit.PolicyRule{
				Rule: rule, Checker: rule.New(), Severity: rule.Severity, Asked: true,
			})
		}
	}
	for result := range audit.Evaluate(e, p, audit.Options{AsOf: asOf, Memory: memory}).Results() {
		return result.All()[0].Status
	}
	panic("there is no result")
}

// TestSelfApprovedThen holds that nobody is accused whom a run saw as an organization owner in the
// stretch of the approval, whatever the log lost; that a whole log is believed, whatever runs saw
// on other days; and that it makes no difference whether the log still tells it.
func TestSelfApprovedThen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := &roleLife{first: rapid.SampledFrom([]audit.Role{
			audit.RoleAdmin, audit.RoleMember,
		}).Draw(t, "first")}
		days := func(most int, what string) []int {
			some := rapid.SliceOfNDistinct(rapid.IntRange(0, 59), 0, most, rapid.ID).Draw(t, what)
			slices.Sort(some)
			return some
		}
		l.changes, l.runs = days(4, "changes"), days(12, "runs")
		whole := rapid.Bool().Draw(t, "whole")
		for _, day := range l.changes {
			if whole || rapid.Bool().Draw(t, "told") {
				l.told = append(l.told, day)
			}
		}
		at := dayOf(rapid.IntRange(1, 59).Draw(t, "approved")).Add(time.Hour)
		status := l.approvedAt(at, false)
		if again := l.approvedAt(at, true); again != status {
			t.Fatalf("%v, and %v once the log forgot it", status, again)
		}
		// The runs that looked while the person was what they were at the approval.
		saw := false
		for _, run := range l.runs {
			from, to := at, dayOf(run)
			if to.Before(from) {
				from, to = to, from
			}
			same := true
			for _, day := range l.changes {
				same = same && (noonOf(day).Before(from) || noonOf(day).After(to))
			}
			saw = saw || same
		}
		owner, about := l.at(at) == audit.RoleAdmin, fmt.Sprintf("%+v at %v", *l, at)
		switch {
		case status == audit.Fail && owner && saw:
			t.Fatalf("accused, though a run saw the owner: %s", about)
		case whole && owner && status != audit.NotApplicable, whole && !owner && status != audit.Fail:
			t.Fatalf("%v by a log that is whole: %s", status, about)
		}
	})
}

// TestSelfApprovedBoth holds that the rule does not apply where runs before and after the approval
// saw an organization owner and the log knows nothing.
func TestSelfApprovedBoth(t *testing.T) {
	for name, test := range map[string]struct {
		runs, changes []int
		want          audit.Status
	}{
		"before and after": {[]int{10, 50}, []int{55, 56}, audit.NotApplicable},
		"before":           {[]int{10}, []int{55, 56}, audit.Indeterminate},
		"after":            {[]int{50}, []int{55, 56}, audit.Indeterminate},
		"something else":   {[]int{10, 35, 50}, []int{32, 38, 55, 56}, audit.Indeterminate},
		"no run":           {nil, []int{55, 56}, audit.Indeterminate},
	} {
		// The second of the last two changes is lost: the log contradicts itself.
		l := &roleLife{first: audit.RoleAdmin, changes: test.changes, runs: test.runs}
		l.told = l.changes[:len(l.changes)-1]
		if got := l.approvedAt(dayOf(30), false); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// TestSelfApprovedBetween holds that a run within a stretch counts, not its ends alone: the log
// lost two changes, between which two runs saw the owner.
func TestSelfApprovedBetween(t *testing.T) {
	l := &roleLife{
		first: audit.RoleAdmin, changes: []int{3, 6, 43, 44}, told: []int{3, 44},
		runs: []int{0, 10, 20, 59},
	}
	if got := l.approvedAt(dayOf(15), false); got != audit.Indeterminate {
		t.Errorf("got %v", got)
	}
	l.runs = []int{0, 59}
	if got := l.approvedAt(dayOf(15), false); got != audit.Fail {
		t.Errorf("without these runs: %v", got)
	}
}
