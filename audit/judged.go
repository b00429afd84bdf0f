// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"hash/maphash"
	"runtime"
	"slices"
	"sync"
)

// perWorker is the smallest number of tokens that is worth a goroutine.
const perWorker = 4096

// judge judges everything once, tokens on all processors, and keeps the notable findings. The
// answers are counted by rule.
func (r *Run) judge(j *judge) {
	tokens := j.evidence.Tokens
	size := max(perWorker, (len(tokens)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	r.results = make([]*Result, len(tokens))
	parts := (len(tokens) + size - 1) / size
	counts, panics := make([][]RuleCount, parts), make([]any, parts)
	var group sync.WaitGroup
	for part := range parts {
		group.Go(func() {
			defer func() { panics[part] = recover() }()
			from, to := part*size, min((part+1)*size, len(tokens))
			counts[part] = j.judgeTokens(tokens[from:to], r.results[from:to])
		})
	}
	group.Wait()
	for part := range parts {
		if panics[part] != nil {
			panic(panics[part]) // in the caller's goroutine, where it can be recovered
		}
		for rule := range counts[part] {
			r.Rules[rule].Lapsed += counts[part][rule].Lapsed
			for status, n := range counts[part][rule].Counts {
				r.Rules[rule].Counts[status] += n
			}
		}
	}
	in, same := j.newScratch(), newAlike()
	for _, request := range j.evidence.Requests {
		result, findings := j.result(request.Token, request, in)
		r.requests = append(r.requests, j.withoutPasses(result, findings, same))
	}
}

// judgeTokens judges some tokens, and counts the answers by rule.
func (j *judge) judgeTokens(tokens []*Token, results []*Result) []RuleCount {
	counts := make([]RuleCount, len(j.policy.Rules))
	var asked []int // places of the rules
	for i := range j.policy.Rules {
		if j.policy.Rules[i].Asked {
			asked = append(asked, i)
		}
	}
	in, same := j.newScratch(), newAlike()
	for i, token := range tokens {
		result, findings := j.result(token, nil, in)
		for k := range findings {
			f, count := &findings[k], &counts[asked[k]]
			if count.Counts[f.Status]++; f.Status == Pass && len(f.Basis) > 0 {
				count.Lapsed++
			}
		}
		results[i] = j.withoutPasses(result, findings, same)
	}
	return counts
}

// mostProposals is of how many tokens a run keeps the successors once they were asked for. They
// take as much room as the tokens: of more, they are found again for each format that writes them.
const mostProposals = 20_000

// withoutPasses returns what the run keeps of a result and all its findings, which are about to be
// overwritten.
func (j *judge) withoutPasses(result Result, all []Finding, same *alike) *Result {
	count := 0
	for i := range all {
		if all[i].notable() {
			count++
		}
	}
	result.Findings = make([]*Finding, 0, count)
	for i := range all {
		if all[i].notable() {
			result.Findings = append(result.Findings, same.finding(&all[i]))
		}
	}
	result.Judge = j.again
	if result.Severity > NoSeverity {
		result.Propose = j.propose
		if len(j.evidence.Tokens) <= mostProposals {
			once := sync.OnceValue(func() []*Successor { return j.propose(&result) })
			result.Propose = func(*Result) []*Successor { return once() }
		}
	}
	return &result
}

// answers has a finding of each asked rule about each token that was judged again: a format that
// writes rule by rule asks as many times as there are rules.
type answers struct {
	mutex    sync.Mutex
	in       *scratch
	same     *alike
	findings map[*Token][]*Finding
}

// judgeAgain returns a finding of each asked rule about a result's token.
func (j *judge) judgeAgain(r *Result) []*Finding {
	a := &j.answers
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.findings == nil {
		a.in, a.same, a.findings = j.newScratch(), newAlike(), map[*Token][]*Finding{}
	}
	findings, known := a.findings[r.Token]
	if !known {
		_, again := j.result(r.Token, r.Request, a.in)
		findings = make([]*Finding, len(again))
		for i := range again {
			findings[i] = a.same.finding(&again[i])
		}
		a.findings[r.Token] = findings
	}
	return findings
}

// notable reports whether a finding says more than that the rule passes or does not apply.
func (f *Finding) notable() bool { return f.Status != Pass && f.Status != NotApplicable }

// alike has findings that tokens share. Most of what is found of a hundred thousand tokens is
// found of many: kept once for each, findings would take more room than all else of a run.
type alike struct {
	findings map[likeness]*Finding
	basis    maphash.Hash
}

// likeness is by what a finding is looked up that may be the same.
type likeness struct {
	rule     *PolicyRule
	severity Severity
	message  string
	basis    uint64 // a hash
}

// mostAlike is how many findings are looked at, so that those that are of one token each do not
// take room twice.
const mostAlike = 10_000

func newAlike() *alike { return &alike{findings: map[likeness]*Finding{}} }

// finding returns one that is the same as f, which may be overwritten then.
func (a *alike) finding(f *Finding) *Finding {
	a.basis.Reset()
	for _, element := range f.Basis {
		_, _ = a.basis.WriteString(element) // never fails
	}
	key := likeness{f.Rule, f.Severity, f.Message, a.basis.Sum64()}
	if known := a.findings[key]; known != nil && known.equal(f) {
		return known
	}
	if len(a.findings) >= mostAlike {
		clear(a.findings)
	}
	kept := *f
	a.findings[key] = &kept
	return &kept
}

// equal reports whether two findings are the same in everything.
func (f *Finding) equal(other *Finding) bool {
	return f.Rule == other.Rule && f.Status == other.Status && f.Severity == other.Severity &&
		f.InBaseline == other.InBaseline && f.Overdue == other.Overdue &&
		f.Unclear == other.Unclear && f.perhaps == other.perhaps && f.Missing == other.Missing &&
		f.Message == other.Message && slices.Equal(f.Basis, other.Basis) &&
		f.Override == other.Override && f.Waiver == other.Waiver && f.Exceeded == other.Exceeded &&
		slices.Equal(f.More, other.More) && f.FirstSeen.Equal(other.FirstSeen) &&
		f.Due.Equal(other.Due)
}
