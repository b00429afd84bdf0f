// SPDX-License-Identifier: Apache-2.0

package audit

import "fmt"

// serves tells which facts rest on a source. A source that is not here, or serves no fact that a
// required rule needs, cannot make a run incomplete.
var serves = map[string]Facts{
	SourceRepositories:             FactRepositories,
	SourceMembers:                  FactMembership | FactTwoFactor,
	SourceOutsideCollaborators:     FactMembership,
	SourceOrganizationRepositories: FactOrganizationRepositories,
	SourceInstallation:             FactRepositories | FactOrganizationRepositories,
}

// complete decides whether everything was seen that the verdict needs, and says what was not.
//
// It is: the list is whole and verified, and the organization is known by more than the name that
// was typed; every source that a required rule needs is complete, or nothing asked for it; no
// required rule is indeterminate for any token; and there were tokens, unless the policy accepts
// an empty list.
func (r *Run) complete(e *Evidence, p *Policy) {
	required := p.required()
	for _, c := range e.Coverage {
		switch {
		case c.Status == Complete:
		case c.Source == SourceTokens,
			c.Source == SourceOrganization && c.Status != NotAsked,
			serves[c.Source]&required != 0 && c.Status != NotAsked:
			r.incomplete("%s: %s", c.Source, c.because())
		case c.Source == SourceRequests:
			r.NotSeen = append(r.NotSeen, "pending requests ("+c.because()+")")
		}
	}
	if e.CoverageOf(SourceTokens).Status == NotAsked {
		r.incomplete("%s: not asked", SourceTokens)
	}
	for _, rule := range r.Rules {
		n := rule.Counts[Indeterminate]
		switch {
		case n == 0:
		case rule.Required:
			r.incomplete("%s cannot judge %d of %d tokens", rule.Rule.ID, n, len(e.Tokens))
		default:
			r.NotSeen = append(r.NotSeen,
				fmt.Sprintf("%s: %d tokens cannot be judged", rule.Rule.ID, n))
		}
	}
	if len(e.Tokens) == 0 && !p.AllowEmpty {
		r.incomplete("no tokens at all: nothing to audit (--allow-empty accepts that)")
	}
	r.NotSeen = append([]string{"classic tokens", "SSH and deploy keys", "apps"}, r.NotSeen...)
	r.Complete = len(r.Incomplete) == 0
}

func (r *Run) incomplete(format string, args ...any) {
	r.Incomplete = append(r.Incomplete, fmt.Sprintf(format, args...))
}

// because says what is wrong with a source.
func (c Coverage) because() string {
	if c.Reason == "" {
		return string(c.Status)
	}
	return c.Reason
}
