// SPDX-License-Identifier: Apache-2.0

package audit

import "time"

// Memory is what a history remembers of an organization from before a run. GitHub forgets: when an
// expired token would have expired, what a token could do last week, how long a finding stands.
type Memory struct {
	// Last is the last complete run, by which changes are told; nil if there was none. Its tokens
	// hold what was seen of them then.
	Last     *Run
	LastRun  int64 // its number in the history; 0 without one
	LastTool Tool  // that judged it

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

// Past is what earlier runs knew of a token.
type Past struct {
	TokenID   int64                // 0 if unknown
	FirstSeen time.Time            // by any run
	ExpiresAt time.Time            // the last expiry that GitHub told; zero if it told none
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

// Since sums up what changed since the last complete run: what a reader of each week's report
// wants to know first.
type Since struct {
	Run  int64 // its number in the history
	AsOf time.Time

	Outcome      Outcome
	PolicyDigest string
	Tool         Tool    // that judged it
	ChangedBy    []Cause // why the verdict is another one now: see [ChangedBy]

	New, Gone, Widened, Narrowed, Renewed, Roles int // tokens
	Opened, Fixed, Waived, Indebted              int // findings

	GoneTokens []*Token // the first of those that are gone, as they were
}

// mostGone is how many tokens that are gone are told one by one.
const mostGone = 10

// remembered finds what is known of a token: by its grant, or by the token's own id if its grant
// is new.
type remembered[T any] struct{ byGrant, byToken map[int64]*T }

func (r remembered[T]) of(t *Token) *T {
	if found := r.byGrant[t.ID]; found != nil || t.TokenID == 0 {
		return found
	}
	return r.byToken[t.TokenID]
}

// pasts returns the past of each token.
func (m *Memory) pasts() (r remembered[Past]) {
	if m == nil {
		return r
	}
	r = remembered[Past]{m.Tokens, make(map[int64]*Past, len(m.Tokens))}
	for _, past := range m.Tokens {
		if past != nil && past.TokenID != 0 {
			r.byToken[past.TokenID] = past // which all its grants share
		}
	}
	return r
}

// before returns the tokens of the last complete run.
func (m *Memory) before() (r remembered[Token]) {
	if m == nil || m.Last == nil {
		return r
	}
	r = remembered[Token]{map[int64]*Token{}, map[int64]*Token{}}
	for result := range m.Last.Results() {
		t := result.Token
		r.byGrant[t.ID] = t
		if t.TokenID != 0 {
			r.byToken[t.TokenID] = t
		}
	}
	return r
}

// remember fills in what the memory adds to a run, once it is judged.
func (r *Run) remember(m *Memory) {
	if m == nil {
		return
	}
	r.Trend = append([]Point{}, m.Trend...) // with a memory, never nil
	if m.Last == nil {
		return
	}
	r.Since = &Since{
		Run: m.LastRun, AsOf: m.Last.AsOf, Outcome: m.Last.Outcome(),
		PolicyDigest: m.Last.Policy.Digest, Tool: m.LastTool,
	}
	for _, delta := range Diff(m.Last, r) {
		r.Since.Add(&delta)
	}
}

// Add counts one token's changes.
func (s *Since) Add(d *Delta) {
	for _, what := range []struct {
		happened bool
		count    *int
	}{
		{d.Appeared(), &s.New},
		{d.Gone(), &s.Gone},
		{len(d.Gained) > 0, &s.Widened},
		{len(d.Lost) > 0, &s.Narrowed},
		{d.Renewed, &s.Renewed},
		{d.RoleChanged, &s.Roles},
	} {
		if what.happened {
			*what.count++
		}
	}
	s.Opened += len(d.Opened)
	s.Fixed += len(d.Fixed)
	s.Waived += len(d.Waived)
	s.Indebted += len(d.Indebted)
	if d.Gone() && len(s.GoneTokens) < mostGone {
		s.GoneTokens = append(s.GoneTokens, d.Old.Token)
	}
}

// Point returns the run's own place in a trend.
func (r *Run) Point() Point {
	return Point{
		AsOf: r.AsOf, Tokens: r.Summary.Tokens, Violating: r.Summary.Violating,
		Overdue: r.Summary.Overdue, ByWorst: r.Summary.ByWorst,
		ViolatingBy: r.Summary.ViolatingBy, IndebtedBy: r.Summary.IndebtedBy,
	}
}

// recall gives the subject, and the result, what is remembered of a token.
func (j *judge) recall(subject *Subject, result *Result) {
	if j.options.Memory == nil {
		return
	}
	result.Past = j.pasts.of(subject.Token)
	subject.Past = result.Past
	subject.keeps, subject.kept = j.keeps(subject.Token)
	j.options.Memory.recallApproval(subject)
	if before := j.before.of(subject.Token); before != nil {
		result.Gained = Grown(before, subject.Token)
	}
}

// date says since when a failing finding stands, and when it has to be gone. Without a memory
// nothing is known of that.
func (j *judge) date(past *Past, f *Finding) {
	if j.options.Memory == nil || f.Status != Fail && f.Status != Waived {
		return
	}
	f.FirstSeen = j.seen()
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
