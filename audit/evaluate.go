// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"
	"strings"
	"time"
)

// Evaluate judges the evidence by the policy. It is pure, but that it may read the run with which
// it compares ([Memory.LastError]), and keeps e and p: neither may change while the run is in use.
// Each token is judged once, and the run keeps the findings that are notable.
func Evaluate(e *Evidence, p *Policy, o Options) *Run {
	asOf := o.AsOf
	if asOf.IsZero() {
		asOf = e.CollectedAt
	}
	whole := p
	p = p.askable(e, &o)
	j := &judge{
		evidence: e, policy: p, options: o, now: asOf.UTC(), unlearned: p.unlearned(),
		decisions: p.byToken(), debts: p.Baseline.byFinding(e.Organization),
		pasts:       o.Memory.pasts(),
		permissions: GitHubPermissions().With(p.Permissions),
		contested:   contestedTokens(e.Tokens),
	}
	if p.Baseline != nil {
		j.identity = identities(slices.Values(e.Tokens))
	}
	if p.Registry != nil {
		j.roles = e.roles()
	}
	j.again, j.propose = j.judgeAgain, j.successors
	for i := range p.Overrides {
		j.conditions = append(j.conditions, p.Overrides[i].When.Matcher(e.Organization))
	}
	run := &Run{
		Organization: e.Organization,
		Coverage:     j.coverage(),
		CollectedAt:  e.CollectedAt,
		Classic:      e.Classic,
		Digest:       e.Digest,
		AsOf:         j.now,
		Policy: PolicyName{
			Name: p.Name, Digest: p.Digest, FailOn: p.FailOn,
			FailOnRequests: o.FailOnRequests, FailOnOverdue: o.FailOnOverdue, SLA: p.SLA,
			Ratified: p.Ratified, HistoryRequired: o.HistoryRequired,
		},
		Rules: make([]RuleCount, len(p.Rules)), Registry: j.registered(),
	}
	for i, rule := range p.Rules {
		run.Rules[i].PolicyRule = rule
		run.Rules[i].NotAsked = whyNotAsked(&whole.Rules[i], p.Registry, e, &o)
	}
	run.judge(j)
	run.count(j)
	run.judgeSettings(j)
	run.noteDecisions(j)
	run.countDebt(j)
	run.complete(j)
	run.remember(o.Memory, p)
	j.options.Memory = o.Memory.WithoutLast() // the run judges on by it, and holds no other run
	return run
}

// judge asks a policy's rules.
type judge struct {
	evidence    *Evidence
	policy      *Policy
	options     Options
	now         time.Time
	conditions  []*Matcher // of the overrides
	decisions   map[int64][]*Decision
	debts       map[debtKey]*Debt
	identity    func(*Token) Identity
	pasts       pasts
	unlearned   map[Facts]string // the message of an Indeterminate, by what is missing
	permissions *PermissionTable
	contested   map[int64][]int64 // active grants that claim one token, by its id
	roles       map[string]Role   // of contacts, by login in lower case; nil without a registry

	// What all results have, made once: judgeAgain, and successors.
	again   func(*Result) []*Finding
	propose func(*Result) []*Successor
	answers answers
}

// collected returns when the evidence was collected.
func (j *judge) collected() time.Time { return j.evidence.Collected(j.now).UTC() }

// subject returns what is asked about one token, without what people decided and what earlier runs
// knew.
func (j *judge) subject(token *Token, request *Request) Subject {
	return Subject{
		Token:        token,
		Request:      request,
		Organization: j.evidence.Organization,
		Now:          j.now,
		permissions:  j.permissions,
		seen:         j.collected(),
	}
}

// scratch is memory in which one token is judged, and then the next: without it, subjects and
// findings take more memory than all else that judging takes.
type scratch struct {
	subject  Subject
	findings []Finding
}

func (j *judge) newScratch() *scratch {
	return &scratch{findings: make([]Finding, 0, len(j.policy.Rules))}
}

// result judges one token, and returns all findings beside its result, in the scratch.
func (j *judge) result(token *Token, request *Request, in *scratch) (Result, []Finding) {
	subject := &in.subject
	*subject = j.subject(token, request)
	if j.contested[token.TokenID] == nil {
		subject.Decisions = j.decisionsOf(token)
	}
	j.register(subject)
	result := Result{Token: token, Request: request, Registration: subject.Registration}
	if request == nil {
		j.recall(subject, &result)
	}
	findings := j.answer(subject, in.findings)
	for i := range findings {
		finding := &findings[i]
		if finding.Status == Pass && len(finding.Basis) > 0 {
			result.Lapsed = finding.Basis
		}
		if finding.Status != Fail {
			continue
		}
		j.accept(subject, finding)
		if request == nil {
			j.date(result.Past, finding)
		}
		if finding.Status == Fail {
			result.Severity = max(result.Severity, finding.Severity)
			if !finding.InBaseline {
				result.New = max(result.New, finding.Severity)
			}
		}
	}
	return result, findings
}

// askAll asks the rules one after another; later ones see what earlier ones said.
func (j *judge) askAll(
	rules []PolicyRule, override string, subject *Subject, buf []Finding,
) []Finding {
	if buf == nil {
		buf = make([]Finding, 0, len(rules))
	}
	subject.findings = buf[:0]
	known := subject.Known()
	for i := range rules {
		if rules[i].Asked {
			j.ask(&rules[i], override, subject, known)
			if subject.enough != nil &&
				subject.enough(&subject.findings[len(subject.findings)-1]) {
				break
			}
		}
	}
	return subject.findings
}

// ask asks one rule, holds its answer to what the rule promised, and adds it to what was found of
// the subject.
func (j *judge) ask(rule *PolicyRule, override string, subject *Subject, known Facts) {
	verdict := Verdict{Status: NotApplicable}
	if (!subject.Token.Expired || rule.Rule.OfExpired) &&
		(subject.Request != nil || !rule.Rule.OfRequests) &&
		(subject.Registration != nil || !rule.Rule.OfRegistered) {
		subject.most, subject.looksAt = rule.Severity, rule.Rule.LooksAt
		verdict = rule.Checker.Check(subject)
	}
	subject.findings = append(subject.findings, Finding{
		Rule: rule, Override: override,
		Status: verdict.Status, Message: verdict.Message, Basis: verdict.Basis,
	})
	finding := &subject.findings[len(subject.findings)-1]
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
}

// unlearned returns, in words, what an Indeterminate can be for want of: every part of what a
// rule needs.
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

// askable returns the policy as it can be asked of the evidence: rules that compare with an
// earlier run where none is at hand, those that need an audit log where none was asked for, and
// those that need what is done without by choice, are not asked at all, rather than reported as if
// they had found nothing. Overrides are sorted by their names, so that their order in a file
// changes nothing.
func (p *Policy) askable(e *Evidence, o *Options) *Policy {
	asked := *p
	asked.Rules = askableRules(p.Rules, p.Registry, e, o)
	asked.Overrides = slices.Clone(p.Overrides)
	for i := range asked.Overrides {
		asked.Overrides[i].Rules = askableRules(p.Overrides[i].Rules, p.Registry, e, o)
	}
	slices.SortStableFunc(asked.Overrides, func(a, b Override) int {
		return strings.Compare(a.Name, b.Name)
	})
	return &asked
}

func askableRules(
	rules []PolicyRule, registry *Registry, e *Evidence, o *Options,
) []PolicyRule {
	asked := slices.Clone(rules)
	for i := range asked {
		asked[i].Asked = whyNotAsked(&rules[i], registry, e, o) == ""
	}
	return asked
}

// count sums up what was judged.
func (r *Run) count(j *judge) {
	s := &r.Summary
	people := map[int64]struct{}{}
	for _, result := range r.results {
		s.Tokens++
		if !result.Token.Expired {
			s.Active++
		}
		if result.Token.Owner != nil {
			people[result.Token.Owner.ID] = struct{}{}
		}
		s.ByWorst[result.Severity]++
		if result.Severity > NoSeverity {
			s.Failing++
		}
		undecided := false // it may violate, or does for what is overdue
		for _, f := range result.Findings {
			if f.Status == Fail {
				s.BySeverity[f.Severity]++
			}
			if f.Overdue {
				s.Overdue++
			}
			undecided = undecided || f.Status == Indeterminate && f.Rule.Required ||
				f.Overdue && r.Policy.FailOnOverdue
		}
		switch {
		case result.New >= r.Policy.FailOn:
			s.Violating++
			s.ViolatingBy[result.New]++
		case result.Severity >= r.Policy.FailOn && !undecided:
			s.IndebtedBy[result.Severity]++
		}
	}
	s.People = len(people)
	for i := range r.Rules {
		for status, n := range r.Rules[i].Counts {
			s.Findings[status] += n
		}
	}
	for _, result := range r.requests {
		s.Requests++
		if result.New >= r.Policy.FailOn {
			s.RequestsViolating++
		}
	}
}
