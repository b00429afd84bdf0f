// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"
	"time"
)

// Memory is what a history remembers of an organization from before a run. GitHub forgets: when an
// expired token would have expired, what a token could do last week, how long a finding stands.
type Memory struct {
	// Last is the last complete run, with which this one is compared; nil if there was none. Its
	// tokens hold what was seen of them then. Its results may be read as they are ranged over (see
	// [Streamed]): LastError is then why they could not be, and whoever judged has to look.
	Last      *Run
	LastError error
	LastRun   int64 // its number in the history; 0 without one
	LastTool  Tool  // that judged it
	LastUsed  []Used

	Earlier bool            // there was a run, complete or not
	SeenBy  int64           // the number of the last run that added to what was seen; 0: none
	Tokens  map[int64]*Past // by grant ID; the grants of one token share theirs
	Trend   []Point         // complete runs, oldest first

	// Approvals are what runs learned of who approved grants, by grant ID. Roles are what they saw
	// owners as, oldest first: one for each change, by the owner's id. A memory that was kept has
	// them by grant ID instead, as GrantRoles: it names no people.
	// Runs are when the evidence of the complete runs was collected, in order.
	Approvals         map[int64]Approval
	Roles, GrantRoles map[int64][]RoleSeen
	Runs              []time.Time
}

// Used is a text that a run was judged by, beside its policy.
type Used struct {
	Kind   UsedKind
	Digest string // of the text, as the history got it
}

// UsedKind is what such a text is.
type UsedKind string

// The kinds, as commands call the files that they are from.
const (
	UsedDecisions UsedKind = "decisions"
	UsedBaseline  UsedKind = "baseline"
	UsedRegistry  UsedKind = "registry"
)

// Past is what earlier runs knew of a token.
type Past struct {
	TokenID   int64                // 0 if unknown
	FirstSeen time.Time            // by any run
	ExpiresAt time.Time            // the last expiry that GitHub showed; zero if none
	Expiries  []Expiry             // what runs saw of that, oldest first: one for each change
	Failing   map[string]time.Time // by rule, what is open: first seen failing, ever since

	// Sights are what any run saw that the token can do, oldest first: one for each change.
	Sights []Sight
}

// Point is one run in a trend.
type Point struct {
	AsOf      time.Time
	Tokens    int
	Violating int
	Overdue   int             // findings
	ByWorst   [severities]int // tokens, by their worst failing finding

	ViolatingBy, IndebtedBy [severities]int // see [Summary]
}

// pasts finds the past of a token: by its grant, or by the token's own id if its grant is new.
type pasts struct{ byGrant, byToken map[int64]*Past }

func (r pasts) find(t *Token) *Past {
	if found := r.byGrant[t.ID]; found != nil || t.TokenID == 0 {
		return found
	}
	return r.byToken[t.TokenID]
}

// WithoutLast returns what is remembered but for the run by which changes are found: those decide
// nothing, and that run may have to be read to find them. It is nil without a memory.
func (m *Memory) WithoutLast() *Memory {
	if m == nil {
		return nil
	}
	without := *m
	without.Last = nil
	return &without
}

// pasts returns the past of each token.
func (m *Memory) pasts() (r pasts) {
	if m == nil {
		return r
	}
	r = pasts{m.Tokens, make(map[int64]*Past, len(m.Tokens))}
	for _, past := range m.Tokens {
		if past != nil && past.TokenID != 0 {
			r.byToken[past.TokenID] = past // which all its grants share
		}
	}
	return r
}

// Point returns the run's own place in a trend.
func (r *Run) Point() Point {
	return Point{
		AsOf: r.AsOf, Tokens: r.Summary.Tokens, Violating: r.Summary.Violating,
		Overdue: r.Summary.Overdue, ByWorst: r.Summary.ByWorst,
		ViolatingBy: r.Summary.ViolatingBy, IndebtedBy: r.Summary.IndebtedBy,
	}
}

// recall puts into the subject, and the result, what is remembered of a token.
func (j *judge) recall(subject *Subject, result *Result) {
	if j.options.Memory == nil {
		return
	}
	result.Past = j.pasts.find(subject.Token)
	subject.Past = result.Past
	subject.keeps, subject.kept = j.keepDecisions(subject.Token)
	j.options.Memory.recallApproval(subject)
}

// date writes into a failing finding since when it stands, and when it has to be gone. Without a
// memory nothing is known of that.
func (j *judge) date(past *Past, f *Finding) {
	if j.options.Memory == nil || f.Status != Fail && f.Status != Waived {
		return
	}
	f.FirstSeen = j.collected()
	if past != nil {
		if first, open := past.Failing[f.Rule.Rule.ID]; open && first.Before(f.FirstSeen) {
			f.FirstSeen = first
		}
	}
	days, limited := j.policy.SLA[f.Severity]
	if !limited || f.Status != Fail || f.InBaseline {
		return // what was accepted has a date of its own
	}
	f.Due = f.FirstSeen.AddDate(0, 0, days)
	f.Overdue = j.now.After(f.Due)
}

// Expiry is what runs of a while saw of when a token expires.
type Expiry struct {
	At      time.Time // zero: it did not expire, or had Expired
	Expired bool

	First, Last time.Time // of these runs, by when their evidence was collected
}

// ExpirySet returns between which instants the token got its present date of expiry, with its
// present life: after the last run that saw it with another one, and not after the first that saw
// it with this one, which may be the run that asks. After is zero if no run saw another one.
func (s *Subject) ExpirySet() (after, by time.Time) {
	by = s.seen
	if s.Past == nil || s.Token.Expired {
		return after, by
	}
	for _, e := range slices.Backward(s.Past.Expiries) {
		if e.Expired || !e.At.Equal(s.Token.ExpiresAt) {
			return e.Last, by
		}
		if e.First.Before(by) {
			by = e.First
		}
	}
	return after, by
}
