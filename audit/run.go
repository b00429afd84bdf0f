// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"iter"
	"time"
)

// Run is one judgement of one organization's evidence: plain data for the writers, and the results
// to range over.
type Run struct {
	Organization *Organization
	Coverage     []Coverage
	CollectedAt  time.Time
	Digest       string    // of the evidence
	AsOf         time.Time // the one instant at which every token was judged
	Policy       PolicyName
	Rules        []RuleCount // in the policy's order
	Summary      Summary

	// Complete tells whether everything that the verdict needs was seen. It is false exactly if
	// Incomplete has a reason.
	Complete   bool
	Incomplete []string

	// NotSeen lists what no verdict here speaks of.
	NotSeen []string

	results, requests iter.Seq[*Result]
}

// PolicyName identifies the policy of a run.
type PolicyName struct {
	Name, Digest string
	FailOn       Severity
}

// RuleCount is a rule as the run asked it, and what it answered about tokens.
type RuleCount struct {
	PolicyRule
	Counts Counts
}

// Counts counts findings by status.
type Counts [statuses]int

// Summary counts what a run found of tokens. Pending requests have their own two figures.
type Summary struct {
	Tokens     int
	Active     int // not expired
	People     int // owners of the tokens
	Failing    int // tokens with at least one failing finding, of any severity
	Violating  int // tokens with a failing finding at or above the policy's FailOn
	Findings   Counts
	BySeverity [severities]int // failing findings
	ByWorst    [severities]int // tokens, by their worst failing finding; NoSeverity: none fails

	Requests          int
	RequestsViolating int
}

// Result is what the rules say of one token or one pending request.
type Result struct {
	Token    *Token
	Request  *Request  // set for a pending request
	Findings []Finding // one per asked rule, in the policy's order
	Severity Severity  // of the worst failing finding; NoSeverity if none fails
}

// Finding is one rule's answer about one token.
type Finding struct {
	Rule     *PolicyRule
	Status   Status
	Severity Severity // of a Fail or Waived; else NoSeverity
	Message  string   // may quote hostile text
	Basis    []string // sorted
	Missing  Facts    // of an Indeterminate: what was not learned
}

// Outcome is a run's verdict.
type Outcome uint8

// The outcomes. Clean and Violations are said of complete evidence only.
const (
	ViolationsIncomplete Outcome = iota
	Incomplete
	Violations
	Clean
)

var outcomeNames = [...]string{"violations_incomplete", "incomplete", "violations", "clean"}

// String gives the outcome as reports write it.
func (o Outcome) String() string { return outcomeNames[o] }

// Outcome is the run's verdict, from which the exit code follows.
func (r *Run) Outcome() Outcome {
	switch violated := r.Summary.Violating > 0; {
	case violated && r.Complete:
		return Violations
	case violated:
		return ViolationsIncomplete
	case r.Complete:
		return Clean
	}
	return Incomplete
}

// Results ranges over the tokens by ID. They are judged again on each pass, so that a run of a
// million tokens keeps no results; a result is the caller's to keep.
func (r *Run) Results() iter.Seq[*Result] { return r.results }

// Requests ranges over the pending requests by ID, likewise.
func (r *Run) Requests() iter.Seq[*Result] { return r.requests }
