// SPDX-License-Identifier: Apache-2.0

package audit

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
