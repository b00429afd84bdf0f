// SPDX-License-Identifier: Apache-2.0

package report

import (
	"slices"

	"github.com/complytime/pataudit/audit"
)

// standing is where a token stands; each token has exactly one, the first that holds.
type standing uint8

const (
	violates standing = iota // breaks the policy: fails at or above its threshold, or is overdue
	unknown                  // a required rule could not judge it
	indebted                 // fails at or above the threshold by known debt alone
	expired                  // can no longer act
	minor                    // fails below the threshold
	clean
	standings
)

func stand(run *audit.Run, r *audit.Result) standing {
	switch {
	case r.New >= run.Policy.FailOn, run.Policy.FailOnOverdue && overdue(r) > 0:
		return violates
	case slices.ContainsFunc(r.Findings, func(f audit.Finding) bool { return unjudged(&f) }):
		return unknown
	case r.Severity >= run.Policy.FailOn:
		return indebted
	case r.Token.Expired:
		return expired
	case r.Severity > audit.NoSeverity:
		return minor
	}
	return clean
}

// rank orders tokens for people: what breaks the policy, what could not be judged (it may break
// it), and the rest.
func rank(s standing) standing { return min(s, indebted) }

// unjudged reports whether a finding leaves a required question open.
func unjudged(f *audit.Finding) bool {
	return f.Status == audit.Indeterminate && f.Rule.Required
}

// worst gives a result's worst failing finding, the first of equals; nil if none fails.
func worst(findings []*audit.Finding) *audit.Finding {
	var found *audit.Finding
	for _, f := range findings {
		if f.Status == audit.Fail && (found == nil || f.Severity > found.Severity) {
			found = f
		}
	}
	return found
}

func pointers(findings []audit.Finding) []*audit.Finding {
	all := make([]*audit.Finding, len(findings))
	for i := range findings {
		all[i] = &findings[i]
	}
	return all
}
