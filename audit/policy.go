// SPDX-License-Identifier: Apache-2.0

package audit

// Policy is what an organization asks of its tokens.
type Policy struct {
	Name      string
	Digest    string   // "sha256:…" of what it effectively asks
	FailOn    Severity // findings at or above it are violations
	Rules     []PolicyRule
	Decisions []*Decision

	// AllowEmpty accepts an organization without any token. Otherwise an empty list is a question,
	// not an answer: GitHub may give one where fine-grained tokens are restricted.
	AllowEmpty bool
}

// PolicyRule is one rule as the policy asks it.
type PolicyRule struct {
	Rule     *Rule
	Checker  Checker  // with the policy's parameters
	Severity Severity // the most that the rule says here
	Asked    bool
	Required bool // an Indeterminate answer makes the run incomplete
}

// Needs gives the facts that the asked rules need.
func (p *Policy) Needs() Facts {
	return p.needs(func(r *PolicyRule) bool { return r.Asked })
}

// required gives the facts without which the run cannot be complete.
func (p *Policy) required() Facts {
	return p.needs(func(r *PolicyRule) bool { return r.Asked && r.Required })
}

func (p *Policy) needs(counts func(*PolicyRule) bool) (f Facts) {
	for i := range p.Rules {
		if counts(&p.Rules[i]) {
			f |= p.Rules[i].Rule.Needs
		}
	}
	return f
}
