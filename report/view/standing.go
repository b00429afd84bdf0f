// SPDX-License-Identifier: Apache-2.0

package view

import (
	"slices"

	"github.com/complytime/pataudit/audit"
)

// Standing is where a token stands; each token has exactly one, the first that holds.
type Standing uint8

// The standings, the gravest first.
const (
	Violates  Standing = iota // breaks the policy: fails at or above its threshold, or is overdue
	Open                      // a required rule could not judge it
	Indebted                  // fails at or above the threshold by accepted debt alone
	Expired                   // can no longer act
	Minor                     // fails below the threshold
	Clean                     // has nothing that fails
	Standings                 // how many there are
)

// Stand returns where a token or a request of a run stands.
func Stand(run *audit.Run, r *audit.Result) Standing {
	switch {
	case r.New >= run.Policy.FailOn, run.Policy.FailOnOverdue && Overdue(r) > 0:
		return Violates
	case slices.ContainsFunc(r.Findings, Unjudged):
		return Open
	case r.Severity >= run.Policy.FailOn:
		return Indebted
	case r.Token.Expired:
		return Expired
	case r.Severity > audit.NoSeverity:
		return Minor
	}
	return Clean
}

// Rank orders tokens for people: what breaks the policy, what could not be judged (it may break
// it), the rest, and what can no longer act.
func Rank(s Standing) Standing {
	if s == Expired {
		return Standings
	}
	return min(s, Indebted)
}

// Unjudged reports whether a finding leaves a required question open.
func Unjudged(f *audit.Finding) bool {
	return f.Status == audit.Indeterminate && f.Rule.Required
}

// worst returns the worst failing finding of those that count, the first of equals; nil if none
// does.
func worst(findings []*audit.Finding, counts func(*audit.Finding) bool) *audit.Finding {
	var found *audit.Finding
	for _, f := range findings {
		if f.Status == audit.Fail && (found == nil || f.Severity > found.Severity) && counts(f) {
			found = f
		}
	}
	return found
}
