// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"
	"time"
)

// Since sums up what changed since the last complete run: what a reader of each week's report
// wants to know first.
type Since struct {
	Run  int64 // its number in the history
	AsOf time.Time

	Outcome      Outcome
	PolicyDigest string
	Tool         Tool    // that judged it
	ChangedBy    []Cause // why the verdict is another one now: see [ChangedBy]

	// NotUsed is what that run was judged by, and this one has nothing in place of.
	NotUsed []Used

	New, Gone, Widened, Narrowed, Renewed, Roles int // tokens
	Opened, Fixed, Waived, Indebted              int // findings

	GoneTokens []*Token // the first of those that are gone, as they were
}

// mostGone is how many tokens that are gone are listed one by one.
const mostGone = 10

// remember fills in what the memory adds to a run, once it is judged.
func (r *Run) remember(m *Memory, p *Policy) {
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
	for _, used := range m.LastUsed {
		if used.Kind == UsedDecisions && len(p.Decisions) == 0 ||
			used.Kind == UsedBaseline && p.Baseline == nil ||
			used.Kind == UsedRegistry && p.Registry == nil {
			r.Since.NotUsed = append(r.Since.NotUsed, used)
		}
	}
	r.Since.compare(m.Last, r)
	if m.LastError != nil {
		r.Complete = false
		r.incomplete(Gap{Code: GapLastRun, Run: m.LastRun, Quoted: m.LastError.Error()})
	}
}

// compare sums up what changed since an old run, and notes what tokens gained. The old run's
// results are ranged over once, and none of them is held whose token is still listed.
func (s *Since) compare(old, new *Run) {
	g := newGains(new)
	passing := Streamed(old, func(yield func(*Result) bool) {
		for result := range old.Results() {
			g.before(result.Token)
			if !yield(result) {
				return
			}
		}
	})
	var gone []Delta
	compare(passing, new, BothAsked(old, new), func(d *Delta) {
		s.count(d)
		if d.Gone() {
			gone = append(gone, *d)
		}
	})
	g.end()
	slices.SortFunc(gone, func(a, b Delta) int { return compareDeltas(&a, &b) })
	for i := range gone[:min(mostGone, len(gone))] {
		s.GoneTokens = append(s.GoneTokens, gone[i].Old.Token)
	}
}

// gains notes what tokens gained, while the tokens of the last run pass by in the order of their
// grants. A token that has another grant now is compared with what it was under the former one.
type gains struct {
	left    []*Result        // of the new run, by ID: those that are yet to be met
	regrant []*Result        // those whose grants the last run did not list
	grants  map[int64]int64  // by token: the grant under which it is listed; 0: several
	tokens  map[int64]*Token // of the last run, those that may have another grant now
}

func newGains(new *Run) *gains {
	g := &gains{left: new.results, grants: map[int64]int64{}, tokens: map[int64]*Token{}}
	for _, result := range new.results {
		t := result.Token
		if _, again := g.grants[t.TokenID]; again {
			g.grants[t.TokenID] = 0
		} else {
			g.grants[t.TokenID] = t.ID
		}
	}
	return g
}

// before notes what a token was.
func (g *gains) before(old *Token) {
	g.upTo(old.ID)
	if len(g.left) > 0 && g.left[0].Token.ID == old.ID {
		g.left[0].Gained = Grown(old, g.left[0].Token)
		g.left = g.left[1:]
	}
	if grant, listed := g.grants[old.TokenID]; old.TokenID != 0 && listed && grant != old.ID {
		g.tokens[old.TokenID] = old
	}
}

// upTo passes the results whose grants the last run did not list.
func (g *gains) upTo(id int64) {
	for len(g.left) > 0 && g.left[0].Token.ID < id {
		g.regrant, g.left = append(g.regrant, g.left[0]), g.left[1:]
	}
}

// end compares what is left with the former grants of the same tokens.
func (g *gains) end() {
	for _, result := range slices.Concat(g.regrant, g.left) {
		if old := g.tokens[result.Token.TokenID]; old != nil {
			result.Gained = Grown(old, result.Token)
		}
	}
}

// Add counts one token's changes. Those of a run are to be added in the order of [Diff].
func (s *Since) Add(d *Delta) {
	s.count(d)
	if d.Gone() && len(s.GoneTokens) < mostGone {
		s.GoneTokens = append(s.GoneTokens, d.Old.Token)
	}
}

func (s *Since) count(d *Delta) {
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
}
