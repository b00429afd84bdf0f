// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"iter"
	"slices"
	"time"
)

// Evaluate judges the evidence by the policy, as of one instant; a zero asOf is the evidence's
// CollectedAt. It is pure, and keeps e and p: neither may change while the run is in use.
func Evaluate(e *Evidence, p *Policy, asOf time.Time) *Run {
	if asOf.IsZero() {
		asOf = e.CollectedAt
	}
	p = p.withoutHistory()
	j := &judge{
		evidence: e, policy: p, now: asOf.UTC(), decisions: p.byToken(), unlearned: p.unlearned(),
	}
	run := &Run{
		Organization: e.Organization,
		Coverage:     e.Coverage,
		CollectedAt:  e.CollectedAt,
		Digest:       e.Digest,
		AsOf:         j.now,
		Policy:       PolicyName{Name: p.Name, Digest: p.Digest, FailOn: p.FailOn},
		Rules:        make([]RuleCount, len(p.Rules)),
		results:      j.results,
		requests:     j.requests,
	}
	for i, rule := range p.Rules {
		run.Rules[i].PolicyRule = rule
	}
	run.count(j)
	run.complete(e, p)
	return run
}

// judge asks a policy's rules.
type judge struct {
	evidence  *Evidence
	policy    *Policy
	now       time.Time
	decisions map[int64][]*Decision
	unlearned map[Facts]string // the message of an Indeterminate, by what is missing
}

func (j *judge) results(yield func(*Result) bool) {
	for _, token := range j.evidence.Tokens {
		if !yield(j.result(token, nil, nil)) {
			return
		}
	}
}

func (j *judge) requests(yield func(*Result) bool) {
	for _, request := range j.evidence.Requests {
		if !yield(j.result(request.Token, request, nil)) {
			return
		}
	}
}

var _, _ iter.Seq[*Result] = (*judge)(nil).results, (*judge)(nil).requests

// result judges one token, with the findings in buf if it is large enough.
func (j *judge) result(token *Token, request *Request, buf []Finding) *Result {
	if buf == nil {
		buf = make([]Finding, 0, len(j.policy.Rules))
	}
	subject := &Subject{
		Token:        token,
		Request:      request,
		Organization: j.evidence.Organization,
		Decisions:    j.decisionsOf(token),
		Now:          j.now,
		findings:     buf[:0],
	}
	known := subject.Known()
	result := &Result{Token: token, Request: request}
	for i := range j.policy.Rules {
		rule := &j.policy.Rules[i]
		if !rule.Asked {
			continue
		}
		finding := j.ask(rule, subject, known)
		subject.findings = append(subject.findings, finding)
		if finding.Status == Fail {
			result.Severity = max(result.Severity, finding.Severity)
		}
	}
	result.Findings = subject.findings
	return result
}

// ask asks one rule, and holds its answer to what the rule promised.
func (j *judge) ask(rule *PolicyRule, subject *Subject, known Facts) Finding {
	if subject.Token.Expired && !rule.Rule.OfExpired {
		return Finding{Rule: rule, Status: NotApplicable}
	}
	verdict := rule.Checker.Check(subject)
	finding := Finding{
		Rule: rule, Status: verdict.Status, Message: verdict.Message, Basis: verdict.Basis,
	}
	switch missing := rule.Rule.Needs &^ known; {
	case verdict.Status == Fail:
		finding.Severity = rule.Severity
		if verdict.Severity != NoSeverity {
			finding.Severity = min(verdict.Severity, rule.Severity)
		}
	case verdict.Status == Pass && missing != 0, verdict.Status == Indeterminate:
		finding.Status = Indeterminate
		finding.Missing = missing
		if finding.Message == "" {
			finding.Message = j.unlearned[missing]
		}
	}
	return finding
}

// decisionsOf gives the decisions that are bound to the token and its owner, and still hold.
func (j *judge) decisionsOf(token *Token) []*Decision {
	if len(j.decisions) == 0 || token.Owner == nil || token.TokenID == 0 {
		return nil
	}
	var valid []*Decision
	for _, d := range j.decisions[token.TokenID] {
		if d.OwnerID == token.Owner.ID && j.now.Before(d.Until.AddDate(0, 0, 1)) {
			valid = append(valid, d)
		}
	}
	return valid
}

func (p *Policy) byToken() map[int64][]*Decision {
	byToken := make(map[int64][]*Decision, len(p.Decisions))
	for _, d := range p.Decisions {
		byToken[d.TokenID] = append(byToken[d.TokenID], d)
	}
	return byToken
}

// unlearned words what an Indeterminate can be for want of: every part of what a rule needs.
func (p *Policy) unlearned() map[Facts]string {
	words := map[Facts]string{0: "cannot be judged"}
	for i := range p.Rules {
		needs := p.Rules[i].Rule.Needs
		for part := needs; part != 0; part = (part - 1) & needs {
			words[part] = "cannot be judged: not learned: " + part.String()
		}
	}
	return words
}

// withoutHistory gives the policy as it can be asked where no earlier run is at hand: a rule that
// compares with one is not asked at all, rather than reported as if it had found nothing.
func (p *Policy) withoutHistory() *Policy {
	asked := *p
	asked.Rules = slices.Clone(p.Rules)
	for i := range asked.Rules {
		if asked.Rules[i].Rule.Needs.Has(FactHistory) {
			asked.Rules[i].Asked = false
		}
	}
	return &asked
}
