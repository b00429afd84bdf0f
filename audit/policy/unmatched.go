// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
)

// Unmatched returns what a policy and its decisions name that nothing in the evidence is:
// overrides and their conditions, decisions, and what the rules' parameters name; and which logins
// changed. What might match if more was known is left out. A line may quote hostile text.
func Unmatched(p *audit.Policy, e *audit.Evidence, asOf time.Time) (lines []string) {
	u := unmatched{e.Organization, subjectsOf(e)}
	logins := LoginsIn(e)
	for i := range p.Overrides {
		o := &p.Overrides[i]
		for _, line := range append(u.override(o), renamed(o, logins)...) {
			lines = append(lines, "override "+o.Name+": "+line)
		}
	}
	for i := range p.Rules {
		lines = append(lines, unmatchedBy(&p.Rules[i], e, "")...)
	}
	for i := range p.Overrides {
		o := &p.Overrides[i]
		for k := range o.Rules {
			if len(o.Set[o.Rules[k].Rule.ID]) > 0 {
				lines = append(lines, unmatchedBy(&o.Rules[k], e, "override "+o.Name+": ")...)
			}
		}
	}
	for _, d := range audit.Evaluate(e, p, audit.Options{AsOf: asOf}).Decisions {
		if d.State != audit.DecisionUnused {
			continue
		}
		what := d.Decision.Kind
		if d.Decision.Rule != "" {
			what += " " + d.Decision.Rule
		}
		lines = append(lines, fmt.Sprintf("decision to %s, token %d: %s", what, d.Decision.TokenID,
			d.Detail))
	}
	return lines
}

// unmatchedBy returns what of a checker's parameters nothing in the evidence is.
func unmatchedBy(rule *audit.PolicyRule, e *audit.Evidence, where string) (lines []string) {
	checker, ok := rule.Checker.(interface {
		Unmatched(e *audit.Evidence) []string
	})
	if !ok || !rule.Asked {
		return nil
	}
	for _, line := range checker.Unmatched(e) {
		lines = append(lines, where+rule.Rule.ID+": "+line)
	}
	return lines
}

// unmatched holds conditions against all active tokens and requests. Of an expired one nothing but
// that is asked, and its repositories are not learned.
type unmatched struct {
	organization *audit.Organization
	subjects     []*audit.Subject
}

func subjectsOf(e *audit.Evidence) (subjects []*audit.Subject) {
	for _, token := range e.Tokens {
		if !token.Expired {
			subjects = append(subjects, &audit.Subject{Token: token, Organization: e.Organization})
		}
	}
	for _, request := range e.Requests {
		subjects = append(subjects, &audit.Subject{
			Token: request.Token, Request: request, Organization: e.Organization,
		})
	}
	return subjects
}

// matches reports whether a condition matches something, or may.
func (u *unmatched) matches(c audit.Condition) bool {
	matcher := c.Matcher(u.organization)
	for _, s := range u.subjects {
		if yes, certain := matcher.Matches(s); yes || !certain {
			return true
		}
	}
	return false
}

// override returns what of one override matches nothing.
func (u *unmatched) override(o *audit.Override) (lines []string) {
	if !u.matches(o.When) {
		lines = append(lines, "it matches no active token")
	}
	part := func(key, entry string, c audit.Condition) {
		if !u.matches(c) {
			lines = append(lines, fmt.Sprintf("%s: %s matches no active token", key, entry))
		}
	}
	for _, entry := range o.When.Owners {
		part(keyOwner, strings.Trim(ownersText([]audit.Account{entry}), "[]"),
			audit.Condition{Owners: []audit.Account{entry}})
	}
	for _, entry := range o.When.Tokens {
		part(keyToken, strconv.FormatInt(entry, 10), audit.Condition{Tokens: []int64{entry}})
	}
	for _, entry := range o.When.Names {
		part(keyName, entry, audit.Condition{Names: []string{entry}})
	}
	for _, entry := range o.When.Repositories {
		part(keyRepository, entry, audit.Condition{Repositories: []string{entry}})
	}
	for _, entry := range o.When.Permissions {
		part(keyPermission, entry, audit.Condition{Permissions: []string{entry}})
	}
	return lines
}
