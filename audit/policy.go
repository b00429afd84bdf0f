// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"
	"time"
)

// Policy is what an organization asks of its tokens.
type Policy struct {
	Name      string
	Digest    string   // "sha256:…" of what it effectively asks
	FailOn    Severity // findings at or above it are violations
	Rules     []PolicyRule
	Overrides []Override // in any order: all that match a token judge it
	Decisions []*Decision
	Baseline  *Baseline // nil: none
	Registry  *Registry // nil: none
	Ratified  *Ratified // nil: nobody has put the policy into force
	Claims    Claims    // about the organization's own settings

	// Permissions are names that the table of GitHub's permissions does not have yet.
	Permissions []PermissionInfo

	// Waivers are the longest life of a waiver in days, by the severity that it accepts; a
	// severity that is not there has no limit.
	Waivers map[Severity]int

	// SLA is how many days after it is first seen a finding has to be gone, by its severity; a
	// severity that is not there has no term. It takes a memory to know.
	SLA map[Severity]int
}

// Ratified is who put a policy into force, and when.
type Ratified struct {
	By string
	On time.Time
}

// PolicyRule is one rule as the policy asks it.
type PolicyRule struct {
	Rule     *Rule
	Checker  Checker  // with the policy's parameters
	Severity Severity // the most that the rule says here
	Asked    bool
	Required bool // an Indeterminate answer makes the run incomplete
}

// Needs returns the facts that the asked rules, the conditions of the overrides and what was
// accepted for some repositories need, where a run does without some of them ([Options.Skip]).
func (p *Policy) Needs(skip Facts) Facts {
	needs := p.needs(func(r *PolicyRule) bool {
		return r.Asked && r.Rule.Needs&skip == 0 && (p.Registry != nil || !r.Rule.OfRegistered)
	})
	for i := range p.Overrides {
		needs |= p.Overrides[i].When.needs()
	}
	if p.acceptsSome() {
		needs |= FactSelection | FactRepositories
	}
	return needs &^ skip
}

// acceptsSome reports whether something was accepted, or decided, for some repositories.
func (p *Policy) acceptsSome() bool {
	return slices.ContainsFunc(p.Decisions, func(d *Decision) bool {
		return (d.Kind == Waive || d.Kind == Reduce) && !d.Reach.All()
	}) || p.Baseline != nil && slices.ContainsFunc(p.Baseline.Debts, func(d Debt) bool {
		return !d.Reach.All()
	})
}

// required returns the facts without which the run cannot be complete.
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

// WhyNotAsked is why a run did not ask a rule.
type WhyNotAsked string

// The reasons. Of several, the first in this order is the one that counts.
const (
	RuleOff      WhyNotAsked = "off"            // in the policy
	NoHistory    WhyNotAsked = "no_history"     // and the rule compares with an earlier run
	NoEarlierRun WhyNotAsked = "no_earlier_run" // in the history
	NoAuditLog   WhyNotAsked = "no_audit_log"   // and the rule needs one
	NoRegistry   WhyNotAsked = "no_registry"    // and the rule is of the owners that one names
	Skipped      WhyNotAsked = "skipped"        // it needs what the run does without by choice
)

// ReasonsNotAsked lists all of them.
var ReasonsNotAsked = []WhyNotAsked{
	RuleOff, NoHistory, NoEarlierRun, NoAuditLog, NoRegistry, Skipped,
}

// whyNotAsked returns why one of the policy's rules cannot be asked of the evidence; "" if it can.
func whyNotAsked(r *PolicyRule, registry *Registry, e *Evidence, o *Options) WhyNotAsked {
	needs := r.Rule.Needs
	switch {
	case !r.Asked:
		return RuleOff
	case needs.Has(FactHistory) && o.Memory == nil:
		return NoHistory
	case needs.Has(FactHistory) && !o.compares():
		return NoEarlierRun
	case needs.Has(FactApproval) && e.CoverageOf(SourceAuditLog).Status == NotAsked:
		return NoAuditLog
	case r.Rule.OfRegistered && registry == nil:
		return NoRegistry
	case needs&o.Skip != 0:
		return Skipped
	}
	return ""
}
