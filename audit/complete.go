// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"
	"time"
)

// serves has the facts that rest on each source. A source that is not here, or serves no fact that
// a required rule needs, cannot make a run incomplete.
var serves = map[string]Facts{
	SourceRepositories:             FactRepositories,
	SourceMembers:                  FactMembership | FactTwoFactor,
	SourceOutsideCollaborators:     FactMembership,
	SourceOrganizationRepositories: FactOrganizationRepositories,
	SourceInstallation:             FactRepositories | FactOrganizationRepositories,
	SourceAuditLog:                 FactApproval,
}

// early is how far before the evidence a run may judge: a day that is named without a time begins
// before the evidence of that day.
const early = 24 * time.Hour

// complete decides whether everything was seen that the verdict needs, and notes what was not.
//
// It is: the list is whole and verified, and the organization is known by more than the name that
// was typed; every source that a required rule needs is complete; no required rule is
// indeterminate for any token; there were tokens, unless an empty list is accepted; there
// was an earlier run, if one is required; and the evidence is not younger than the instant by
// which it is judged.
func (r *Run) complete(j *judge) {
	e, o := j.evidence, &j.options
	r.Incomplete = r.Gaps(j.policy.required())
	if n := r.unjudgedRequests(); o.FailOnRequests && n > 0 {
		r.incomplete(Gap{Code: GapRequests, Count: n, Of: len(e.Requests)})
	}
	if n := r.perhapsWorse(); n > 0 {
		r.incomplete(Gap{Code: GapOverrides, Count: n, Of: r.Summary.Tokens})
	}
	if len(e.Tokens) == 0 && !o.AllowEmpty {
		r.incomplete(Gap{Code: GapNoTokens})
	}
	if o.HistoryRequired && !o.compares() {
		r.incomplete(Gap{Code: GapNoEarlierRun})
	}
	r.Complete = len(r.Incomplete) == 0
	r.NotSeen = r.notSeen(e, o)
}

// notSeen lists what no verdict of the run speaks of.
func (r *Run) notSeen(e *Evidence, o *Options) Gaps {
	gaps := Gaps{unseenClassic(e), {Code: GapKeys}, {Code: GapApps}}
	if c := e.CoverageOf(SourceRequests); c.Status != Complete && !o.FailOnRequests {
		gaps = append(gaps, c.gap(GapPending))
	}
	if c := e.CoverageOf(SourceAuditLog); c.Status != Complete && c.Status != NotAsked {
		gaps = append(gaps, c.gap(GapApprovals))
	}
	var skipped []string
	for _, rule := range r.Rules {
		id := rule.Rule.ID
		if n := rule.Counts[Indeterminate]; n > 0 && !rule.Required {
			gaps = append(gaps, Gap{Code: GapOptionalRule, Rule: id, Count: n, Of: r.Summary.Tokens})
		}
		if n := rule.Lapsed; n > 0 {
			gaps = append(gaps, Gap{Code: GapLapsed, Rule: id, Count: n, Of: r.Summary.Tokens})
		}
		if rule.NotAsked == Skipped {
			skipped = append(skipped, id)
		}
	}
	if len(skipped) > 0 {
		gaps = append(gaps, Gap{Code: GapSkipped, Skipped: o.Skip.Names(), Rules: skipped})
	}
	return gaps
}

// Gaps lists what the run itself says against its being complete, where these facts are
// required: sources, the instant, and required rules without an answer. A run that has a gap and
// calls itself complete contradicts itself.
func (r *Run) Gaps(required Facts) (gaps Gaps) {
	for _, source := range Sources {
		c := CoverageOf(r.Coverage, source)
		switch {
		case c.Status == Complete:
		case source == SourceOutsideCollaborators && c.Status == NotAsked:
			// asked only if an owner is no member
		case source == SourceTokens, source == SourceOrganization, serves[source]&required != 0,
			source == SourceRequests && r.Policy.FailOnRequests:
			gaps = append(gaps, c.gap(GapSource))
		}
	}
	if r.AsOf.Before(r.CollectedAt.Add(-early)) {
		gaps = append(gaps, Gap{Code: GapEarly, AsOf: r.AsOf.UTC()})
	}
	for _, rule := range r.Rules {
		if n := rule.Counts[Indeterminate]; n > 0 && rule.Required {
			gaps = append(gaps,
				Gap{Code: GapRule, Rule: rule.Rule.ID, Count: n, Of: r.Summary.Tokens})
		}
	}
	return gaps
}

// perhapsWorse counts the tokens of which a required rule says less than perhaps is true, for it
// is not known which overrides match or what one of them says.
func (r *Run) perhapsWorse() (n int) {
	for _, result := range r.results {
		if slices.ContainsFunc(result.Findings, func(f *Finding) bool {
			return f.Rule.Required && r.perhapsViolates(f)
		}) {
			n++
		}
	}
	return n
}

// perhapsViolates reports whether a failure that counts for nothing may be a violation.
func (r *Run) perhapsViolates(f *Finding) bool {
	return f.Status == Fail && !f.InBaseline &&
		(f.Unclear || f.Severity < r.Policy.FailOn && f.ToAccept() >= r.Policy.FailOn)
}

// unjudgedRequests counts those about which a required rule is indeterminate.
func (r *Run) unjudgedRequests() (n int) {
	for _, result := range r.requests {
		if slices.ContainsFunc(result.Findings, func(f *Finding) bool {
			return f.Rule.Required && (f.Status == Indeterminate || r.perhapsViolates(f))
		}) {
			n++
		}
	}
	return n
}

// unseenClassic returns which classic tokens nothing is known of.
func unseenClassic(e *Evidence) Gap {
	switch c := e.CoverageOf(SourceAuthorizations); c.Status {
	case Complete:
		return Gap{Code: GapClassicWithoutSAML}
	case NotAsked:
		return Gap{Code: GapClassic}
	default:
		return c.gap(GapClassic)
	}
}

func (r *Run) incomplete(g Gap) { r.Incomplete = append(r.Incomplete, g) }

// gap returns what is missing where a source was not seen whole.
func (c *Coverage) gap(code GapCode) Gap {
	return Gap{Code: code, Source: c.Source, Status: c.Status, Quoted: c.Reason.String()}
}
