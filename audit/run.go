// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"iter"
	"slices"
	"time"
)

// Run is one judgement of one organization's evidence: plain data for the writers, and the results
// to range over.
type Run struct {
	Organization *Organization
	Coverage     []Coverage
	CollectedAt  time.Time // as the evidence has it: see [Run.Collected]
	Digest       string    // of the evidence
	AsOf         time.Time // the one instant at which every token was judged
	Policy       PolicyName
	Rules        []RuleCount // in the policy's order
	Summary      Summary

	// Classic are the evidence's, which no rule judges; nil if they were not asked for.
	Classic []*Credential

	// Complete reports whether everything that the verdict needs was seen. It is false exactly if
	// Incomplete has a reason.
	Complete   bool
	Incomplete Gaps

	// NotSeen lists what no verdict here speaks of.
	NotSeen Gaps

	// Unsaved reports that the history could not save the run.
	Unsaved bool

	// Settings are what became of each claim about the organization's own settings; nil if the
	// policy claims nothing.
	Settings []SettingResult

	// Decisions are what became of each decision of a token, in the order of the policy's.
	Decisions []DecisionResult

	// Since sums up what changed since the last complete run; nil without a memory of one. Trend
	// are the complete runs before this one, oldest first; nil without a memory.
	Since *Since
	Trend []Point

	// Registry is how the registry of owners fits the evidence; nil without one.
	Registry *Registered

	// Debt counts what is left of the policy's baseline; nil without one.
	Debt *DebtCount

	results, requests []*Result
	stream            iter.Seq[*Result] // in place of results: see [Streamed]
}

// PolicyName identifies the policy of a run, and the options beside it that decide a verdict.
type PolicyName struct {
	Name, Digest   string
	FailOn         Severity
	FailOnRequests bool // see [Options], these too
	FailOnOverdue  bool
	SLA            map[Severity]int // see [Policy]
	Ratified       *Ratified        // nil: nobody has put it into force

	HistoryRequired bool
}

// DebtCount counts what is left of a baseline.
type DebtCount struct {
	Accepted int       // findings in the baseline
	Left     int       // of them, those that still fail as they did
	Worse    int       // those that fail by more than was accepted
	Ended    int       // those that fail as they did, after the last day of the debt
	Waived   int       // those that a decision accepts now, in place of the baseline
	Gone     int       // those that do not fail any more, or whose token is not there
	Until    time.Time // the last day of the last one left; zero if none is
}

// Unseen counts the findings of the baseline of which the run does not know what became: their
// rule was not asked or could not judge, or their token is not in a list that is not whole.
func (d *DebtCount) Unseen() int {
	return d.Accepted - d.Left - d.Worse - d.Ended - d.Waived - d.Gone
}

// RuleCount is a rule as the run asked it, and what it answered about tokens.
type RuleCount struct {
	PolicyRule
	NotAsked WhyNotAsked // "" of one that was asked
	Counts   Counts
	Lapsed   int // of the passes, those of tokens with what nobody accepted
}

// Counts counts findings by status.
type Counts [statuses]int

// Summary counts what a run found of tokens. Pending requests have their own two figures.
type Summary struct {
	Tokens     int
	Active     int // not expired
	People     int // owners of the tokens
	Failing    int // tokens with at least one failing finding, of any severity
	Violating  int // tokens with a failing finding at or above FailOn that is not in the baseline
	Findings   Counts
	BySeverity [severities]int // failing findings
	ByWorst    [severities]int // tokens, by their worst failing finding; NoSeverity: none fails

	// ViolatingBy are the violating tokens, by the worst finding that counts. IndebtedBy are those
	// that would violate, and do not for the baseline alone, by their worst finding: no overdue
	// finding breaks the policy, and no required rule left it open.
	ViolatingBy, IndebtedBy [severities]int

	Overdue int // failing findings after their due date

	Requests          int
	RequestsViolating int // they make the run fail only with FailOnRequests
}

// Result is what the rules say of one token or one pending request.
type Result struct {
	Token    *Token
	Request  *Request // set for a pending request
	Severity Severity // of the worst failing finding; NoSeverity if none fails

	// New is the severity of the worst failing finding that is not in the baseline: the one that
	// decides whether the policy is violated.
	New Severity

	// Findings are the notable ones, in the policy's order: they fail, were waived, or
	// could not be judged. Tokens of which the same is found share it: it is not to be changed.
	// Judge judges the result's token again, for one of each asked rule; nil: Findings has all
	// that there are.
	Findings []*Finding
	Judge    func(*Result) []*Finding

	// Registration is what the registry says of the token's owner; nil if it says nothing.
	Registration *Registration

	// Past is what earlier runs knew of the token; nil if they did not know it, or there is no
	// memory of them. Gained are the rights that it did not have at the last complete run. Lapsed
	// are those that it gained before and nobody accepted, where the policy lets that lapse.
	Past           *Past
	Gained, Lapsed []string

	// Propose is what [Result.Successors] does, which judges anew; nil: there are none.
	Propose func(*Result) []*Successor
}

// All returns a finding of each asked rule, also of those that pass or do not apply, in the
// policy's order. The token is judged again for them, once. They are not to be changed.
func (r *Result) All() []*Finding {
	if r.Judge == nil {
		return r.Findings
	}
	return r.Judge(r)
}

// Finding is one rule's answer about one token. Its small fields stand together: of what a run
// keeps, findings take the most room.
type Finding struct {
	Rule       *PolicyRule
	Status     Status
	Severity   Severity // of a Fail or Waived; else NoSeverity
	InBaseline bool     // of a Fail: accepted debt, which does not count
	Overdue    bool     // see Due

	// Unclear reports of a Fail that another answer counts beside it which could not be judged:
	// nobody can accept it yet. perhaps is the most that a Fail may be, while it is not known
	// which overrides match; else NoSeverity.
	Unclear bool
	perhaps Severity

	Missing  Facts     // of an Indeterminate: what was not learned
	Message  string    // may quote hostile text
	Basis    []string  // sorted
	Override string    // the override that judged; "" for the policy itself
	Waiver   *Decision // that accepts a Waived finding
	Exceeded *Decision // the valid waiver that does not cover this Fail
	More     []string  // what that waiver, else a debt, does not cover: may quote hostile text

	// With a memory of earlier runs: since when it fails, whether accepted or not; and when a Fail
	// that nobody accepted has to be gone, zero if the policy sets no term.
	FirstSeen, Due time.Time
}

// Acceptable reports whether a waiver or a baseline can cover a failure.
func (f *Finding) Acceptable() bool { return len(f.Basis) > 0 && !f.Unclear }

// ToAccept returns the severity that a waiver or a baseline has to accept: the finding's own or,
// while it is not known which overrides match, the most that it may be.
func (f *Finding) ToAccept() Severity { return max(f.Severity, f.perhaps) }

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

// String returns the outcome as reports write it.
func (o Outcome) String() string { return outcomeNames[o] }

// Violated reports whether something breaks the policy.
func (o Outcome) Violated() bool { return o == Violations || o == ViolationsIncomplete }

// Collected returns when the run's evidence was collected, whenever it was judged: see
// [Evidence.Collected].
func (r *Run) Collected() time.Time { return collected(r.CollectedAt, r.AsOf) }

// Outcome returns the run's verdict, from which the exit code follows.
func (r *Run) Outcome() Outcome {
	violated := r.Summary.Violating+r.Contradicted() > 0 ||
		r.Policy.FailOnOverdue && r.Summary.Overdue > 0 ||
		r.Policy.FailOnRequests && r.Summary.RequestsViolating > 0
	switch {
	case violated && r.Complete:
		return Violations
	case violated:
		return ViolationsIncomplete
	case r.Complete:
		return Clean
	}
	return Incomplete
}

// Results ranges over the tokens by ID. The results are the run's: they are not to be changed.
func (r *Run) Results() iter.Seq[*Result] {
	if r.stream != nil {
		return r.stream
	}
	return slices.Values(r.results)
}

// Requests ranges over the pending requests by ID, likewise.
func (r *Run) Requests() iter.Seq[*Result] { return slices.Values(r.requests) }

// Restored returns a run that was judged earlier, or that is shown otherwise: the run's own data
// with these results, by ID.
func Restored(run *Run, results, requests []*Result) *Run {
	restored := *run
	restored.results, restored.requests = results, requests
	return &restored
}

// Streamed returns such a run that holds no results: they are made whenever they are ranged over,
// by ID. It has no requests.
func Streamed(run *Run, results iter.Seq[*Result]) *Run {
	streamed := *run
	streamed.results, streamed.requests, streamed.stream = nil, nil, results
	return &streamed
}

// Options are what one run is given beside the policy: by flags, and by a history. The zero value
// judges as of when the evidence was collected, by all that the policy asks, without a history.
type Options struct {
	// AsOf is the one instant at which every token is judged; zero: the evidence's CollectedAt.
	AsOf time.Time

	// Memory is what earlier runs of the organization remember; nil without a history. Rules that
	// compare with an earlier run are asked only if it has one.
	Memory *Memory

	// HistoryRequired makes a run incomplete for which no history has an earlier run: one that was
	// lost would accept all that tokens gained.
	HistoryRequired bool

	// FailOnRequests makes pending requests count as tokens do. FailOnOverdue makes a finding that
	// stands longer than the policy's SLA lets it a violation, whatever its severity.
	FailOnRequests, FailOnOverdue bool

	// Skip are facts that this run does without by choice. Rules that need one of them are not
	// asked, and the run says so.
	Skip Facts

	// Shared reports that several organizations are judged by the policy. A decision is then left
	// out of the runs that do not list its token: it is another organization's.
	Shared bool

	// AllowEmpty accepts an organization without any token. Otherwise an empty list is a question,
	// not an answer: GitHub may give one where fine-grained tokens are restricted.
	AllowEmpty bool
}

// compares reports whether there is an earlier run to compare with.
func (o *Options) compares() bool { return o.Memory != nil && o.Memory.Earlier }
