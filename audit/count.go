// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"runtime"
	"slices"
	"sync"
)

// tally is the count of some of a run's tokens.
type tally struct {
	summary Summary
	counts  []Counts // by rule
	people  map[int64]struct{}
}

// perWorker is the smallest number of tokens that is worth a goroutine.
const perWorker = 4096

// count judges everything once, for the figures: tokens on all processors, in parts whose sums do
// not depend on how many there are.
func (r *Run) count(j *judge) {
	tokens := j.evidence.Tokens
	size := max(perWorker, (len(tokens)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	parts := slices.Collect(slices.Chunk(tokens, size))
	tallies := make([]tally, len(parts))
	panics := make([]any, len(parts))
	var group sync.WaitGroup
	for i, part := range parts {
		group.Go(func() {
			defer func() { panics[i] = recover() }()
			tallies[i] = j.tally(part, r.Policy.FailOn)
		})
	}
	group.Wait()
	people := map[int64]struct{}{}
	for i := range tallies {
		if panics[i] != nil {
			panic(panics[i]) // in the caller's goroutine, where it can be recovered
		}
		r.add(&tallies[i], people)
	}
	r.Summary.People = len(people)
	buf := make([]Finding, 0, len(j.policy.Rules))
	for _, request := range j.evidence.Requests {
		result := j.result(request.Token, request, buf)
		r.Summary.Requests++
		if result.New >= r.Policy.FailOn {
			r.Summary.RequestsViolating++
		}
		if slices.ContainsFunc(result.Findings, func(f Finding) bool {
			return f.Rule.Required && f.Status == Indeterminate
		}) {
			r.requestsOpen++
		}
	}
}

// tally counts what the rules say of some tokens.
func (j *judge) tally(tokens []*Token, failOn Severity) tally {
	t := tally{counts: make([]Counts, len(j.policy.Rules)), people: map[int64]struct{}{}}
	buf := make([]Finding, 0, len(j.policy.Rules))
	for _, token := range tokens {
		result := j.result(token, nil, buf)
		t.summary.Tokens++
		if !token.Expired {
			t.summary.Active++
		}
		if token.Owner != nil {
			t.people[token.Owner.ID] = struct{}{}
		}
		t.summary.ByWorst[result.Severity]++
		if result.Severity > NoSeverity {
			t.summary.Failing++
		}
		if result.New >= failOn {
			t.summary.Violating++
		}
		t.findings(j.policy, result.Findings)
	}
	return t
}

// findings counts one token's, by rule, status and severity. Rules that are not asked have none.
func (t *tally) findings(p *Policy, findings []Finding) {
	rule := 0
	for i := range findings {
		for !p.Rules[rule].Asked {
			rule++
		}
		t.counts[rule][findings[i].Status]++
		rule++
		t.summary.Findings[findings[i].Status]++
		if findings[i].Status == Fail {
			t.summary.BySeverity[findings[i].Severity]++
		}
		if findings[i].Overdue {
			t.summary.Overdue++
		}
	}
}

// add adds a part's count to the run's.
func (r *Run) add(t *tally, people map[int64]struct{}) {
	s := &r.Summary
	s.Tokens += t.summary.Tokens
	s.Active += t.summary.Active
	s.Failing += t.summary.Failing
	s.Violating += t.summary.Violating
	s.Overdue += t.summary.Overdue
	for i := range s.Findings {
		s.Findings[i] += t.summary.Findings[i]
	}
	for i := range s.BySeverity {
		s.BySeverity[i] += t.summary.BySeverity[i]
		s.ByWorst[i] += t.summary.ByWorst[i]
	}
	for rule := range t.counts {
		for status, n := range t.counts[rule] {
			r.Rules[rule].Counts[status] += n
		}
	}
	for id := range t.people {
		people[id] = struct{}{}
	}
}
