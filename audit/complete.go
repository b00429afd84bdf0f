// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// serves tells which facts rest on a source. A source that is not here, or serves no fact that a
// required rule needs, cannot make a run incomplete.
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

// complete decides whether everything was seen that the verdict needs, and says what was not.
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
		r.incomplete("%d of %d pending requests cannot be judged", n, len(e.Requests))
	}
	if n := r.perhapsWorse(); n > 0 {
		r.incomplete("%s may violate the policy: not all answers of overrides are known",
			ofTokens(n, r.Summary.Tokens))
	}
	if len(e.Tokens) == 0 && !o.AllowEmpty {
		r.incomplete("no tokens at all: nothing to audit (--allow-empty accepts that)")
	}
	if o.HistoryRequired && !o.compares() {
		r.incomplete("the history has no earlier run that tells what tokens gained " +
			"(--history-required)")
	}
	r.Complete = len(r.Incomplete) == 0
	r.NotSeen = []string{unseenClassic(e), "SSH and deploy keys", "apps"}
	if c := e.CoverageOf(SourceRequests); c.Status != Complete && !o.FailOnRequests {
		r.NotSeen = append(r.NotSeen, "pending requests ("+c.because()+")")
	}
	if c := e.CoverageOf(SourceAuditLog); c.Status != Complete && c.Status != NotAsked {
		r.NotSeen = append(r.NotSeen, "who approved tokens, and when they were made ("+
			c.because()+")")
	}
	for _, rule := range r.Rules {
		if n := rule.Counts[Indeterminate]; n > 0 && !rule.Required {
			r.NotSeen = append(r.NotSeen,
				fmt.Sprintf("%s: %s cannot be judged", rule.Rule.ID, ofTokens(n, r.Summary.Tokens)))
		}
		if n := rule.Lapsed; n > 0 {
			r.NotSeen = append(r.NotSeen, fmt.Sprintf("what %s lets pass of %s (--only all lists it)",
				rule.Rule.ID, ofTokens(n, r.Summary.Tokens)))
		}
	}
	if ids := r.skipped(); len(ids) > 0 {
		r.NotSeen = append(r.NotSeen,
			o.Skip.String()+", by choice: not asked: "+strings.Join(ids, ", "))
	}
}

// Gaps lists what the run's own words say against its being complete, where these facts are
// required: sources, the instant, and required rules without an answer. A run that has a gap and
// calls itself complete contradicts itself.
func (r *Run) Gaps(required Facts) (gaps []string) {
	for _, source := range Sources {
		c := CoverageOf(r.Coverage, source)
		switch {
		case c.Status == Complete:
		case source == SourceOutsideCollaborators && c.Status == NotAsked:
			// asked only if an owner is no member
		case source == SourceTokens, source == SourceOrganization, serves[source]&required != 0,
			source == SourceRequests && r.Policy.FailOnRequests:
			gaps = append(gaps, source+": "+c.because())
		}
	}
	if r.AsOf.Before(r.CollectedAt.Add(-early)) {
		gaps = append(gaps, "judged as of "+r.AsOf.Format(time.RFC3339)+
			", before the evidence was collected")
	}
	for _, rule := range r.Rules {
		if n := rule.Counts[Indeterminate]; n > 0 && rule.Required {
			gaps = append(gaps,
				rule.Rule.ID+" cannot judge "+ofTokens(n, r.Summary.Tokens))
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
func unseenClassic(e *Evidence) string {
	switch c := e.CoverageOf(SourceAuthorizations); c.Status {
	case Complete:
		return "classic tokens without SAML authorization"
	case NotAsked:
		return "classic tokens"
	default:
		return "classic tokens (" + c.because() + ")"
	}
}

// skipped lists the rules that were not asked by choice.
func (r *Run) skipped() (ids []string) {
	for _, rule := range r.Rules {
		if rule.NotAsked == Skipped {
			ids = append(ids, rule.Rule.ID)
		}
	}
	return ids
}

func (r *Run) incomplete(format string, args ...any) {
	r.Incomplete = append(r.Incomplete, fmt.Sprintf(format, args...))
}

// because returns what is wrong with a source.
func (c Coverage) because() string {
	if c.Reason == "" {
		return strings.ReplaceAll(string(c.Status), "_", " ")
	}
	return c.Reason
}

func ofTokens(n, total int) string {
	if total == 1 {
		return "the only token"
	}
	return fmt.Sprintf("%d of %d tokens", n, total)
}
