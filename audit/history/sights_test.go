// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// growth asks what a token gained that nobody accepted.
type growth struct{}

func (growth) Check(s *audit.Subject) audit.Verdict {
	accepted := s.Accepted(time.Time{})
	if accepted == nil {
		return audit.Verdict{Status: audit.NotApplicable}
	}
	more := audit.Grown(accepted, s.Token)
	slices.Sort(more)
	if len(more) == 0 {
		return audit.Verdict{Status: audit.Pass}
	}
	return audit.Verdict{Status: audit.Fail, Severity: audit.Medium, Basis: more}
}

// glimpse is what a run of the property test saw of a token.
type glimpse struct {
	at        int
	grant     int64
	expired   bool
	selection audit.Selection // "": not known
	levels    map[string]int  // nil: not known; by name, as levelNames has them
	reaches   map[int64]bool  // nil: not known, of a subset
	renamed   bool            // repositories are called otherwise
}

var levelNames = []string{audit.LevelRead, audit.LevelWrite, audit.LevelAdmin}

func drawGlimpse(t *rapid.T, token int64, at int) *glimpse {
	if rapid.IntRange(0, 5).Draw(t, "absent") == 0 {
		return nil
	}
	g := &glimpse{
		at: at, grant: 10*token + rapid.Int64Range(0, 1).Draw(t, "grant"),
		expired: rapid.IntRange(0, 5).Draw(t, "expired") == 0, renamed: rapid.Bool().Draw(t, "renamed"),
		selection: rapid.SampledFrom([]audit.Selection{
			audit.SelectAll, audit.SelectNone, audit.SelectSubset, audit.SelectSubset, "",
		}).Draw(t, "selection"),
	}
	if rapid.IntRange(0, 4).Draw(t, "permissions known") > 0 {
		g.levels = rapid.MapOfN(rapid.SampledFrom([]string{"contents", "issues"}),
			rapid.IntRange(0, 2), 0, 2).Draw(t, "levels")
	}
	if g.selection == audit.SelectSubset && rapid.IntRange(0, 3).Draw(t, "reach known") > 0 {
		g.reaches = rapid.MapOfN(rapid.Int64Range(1, 3), rapid.Just(true), 0, 3).Draw(t, "reaches")
	}
	return g
}

// token is the one that a run saw so.
func (g *glimpse) token(id int64) *audit.Token {
	t := token(g.grant)
	t.TokenID, t.Expired, t.Selection = id, g.expired, g.selection
	t.Permissions, t.Repositories = nil, nil
	t.Known &^= audit.FactSelection | audit.FactPermissions | audit.FactRepositories
	if g.selection != "" {
		t.Known |= audit.FactSelection
	}
	if g.levels != nil {
		t.Known |= audit.FactPermissions
	}
	for name, level := range g.levels {
		t.Permissions = append(t.Permissions, audit.Permission{
			Group: audit.GroupRepository, Name: name, Level: levelNames[level],
		})
	}
	slices.SortFunc(t.Permissions, audit.ComparePermissions)
	if g.reaches != nil || g.selection == audit.SelectAll || g.selection == audit.SelectNone {
		t.Known |= audit.FactRepositories
	}
	for id := range g.reaches {
		t.Repositories = append(t.Repositories, &audit.Repository{ID: id, Name: g.name(id)})
	}
	return t
}

func (g *glimpse) name(repository int64) string {
	if g.renamed {
		return fmt.Sprintf("acme/new-%d", repository)
	}
	return fmt.Sprintf("acme/r%d", repository)
}

// gained is what the last of some glimpses of a token, in the order of time, has and nobody
// accepted: those of the day kept or before are accepted, and the first that tells each fact. It
// looks for each right by itself.
func gained(glimpses []*glimpse, kept int) (more []string) {
	now := glimpses[len(glimpses)-1]
	first := func(tells func(*glimpse) bool) *glimpse {
		for _, g := range glimpses {
			if tells(g) {
				return g
			}
		}
		return nil
	}
	accepted := func(tells, has func(*glimpse) bool) bool {
		for _, g := range glimpses {
			if tells(g) && has(g) && (g.at <= kept || g == first(tells)) {
				return true
			}
		}
		return false
	}
	tellsLevels := func(g *glimpse) bool { return g.levels != nil }
	tellsSelection := func(g *glimpse) bool { return g.selection != "" }
	tellsList := func(g *glimpse) bool {
		return g.reaches != nil || g.selection == audit.SelectNone
	}
	isAll := func(g *glimpse) bool { return g.selection == audit.SelectAll }
	for name, level := range now.levels {
		if !accepted(tellsLevels, func(g *glimpse) bool {
			old, has := g.levels[name]
			return has && old >= level
		}) {
			more = append(more, "repository:"+name+":"+levelNames[level])
		}
	}
	switch {
	case accepted(tellsSelection, isAll):
	case isAll(now):
		more = append(more, audit.EveryRepository)
	default:
		for id := range now.reaches {
			if !accepted(tellsList, func(g *glimpse) bool { return g.reaches[id] }) {
				more = append(more, "reaches "+now.name(id))
			}
		}
	}
	slices.Sort(more)
	return more
}

// judgedRun is a run of the property test, and what was said of its tokens.
type judgedRun struct {
	number   int64
	evidence *audit.Evidence
	policy   *audit.Policy
	gained   map[int64][]string // by token
}

// judgeGrowth judges evidence of a day, where the tokens were kept by decisions of another one;
// -1: never.
func judgeGrowth(day, kept int, now map[int64]*glimpse) *judgedRun {
	r := &judgedRun{evidence: seen(noon.AddDate(0, 0, day))}
	r.policy = &audit.Policy{FailOn: audit.Medium, Rules: []audit.PolicyRule{{
		Rule:    &audit.Rule{ID: "grows", Severity: audit.Medium, OfExpired: true},
		Checker: growth{}, Severity: audit.Medium, Asked: true,
	}}}
	for _, token := range slices.Sorted(maps.Keys(now)) {
		r.evidence.Tokens = append(r.evidence.Tokens, now[token].token(token))
		if kept >= 0 {
			r.policy.Decisions = append(r.policy.Decisions, &audit.Decision{
				TokenID: token, OwnerID: 5, Kind: audit.Keep,
				On: noon.AddDate(0, 0, kept).Truncate(24 * time.Hour),
			})
		}
	}
	return r
}

// judge judges the run's evidence with a memory.
func (r *judgedRun) judge(memory *audit.Memory) *audit.Run {
	return audit.Evaluate(r.evidence, r.policy, audit.Options{Memory: memory, AllowEmpty: true})
}

// gainedBy returns what a run says that its tokens gained.
func gainedBy(run *audit.Run) map[int64][]string {
	gained := map[int64][]string{}
	for result := range run.Results() {
		for _, f := range result.Findings {
			gained[result.Token.TokenID] = f.Basis
		}
	}
	return gained
}

// TestGained holds what tokens gained against a naive judge, whatever runs saw, in whichever order
// they are saved, and when the history is pruned; and that a run that is judged again, by what was
// remembered then, says the same.
func TestGained(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), emptied(t)
	rapid.Check(t, func(t *rapid.T) {
		s.empty(t)
		known := map[int64][]*glimpse{} // by token
		doubtful := map[int64]bool{}    // tokens that were gone when the history was pruned
		newest := -1
		var runs []*judgedRun
		for _, day := range rapid.SliceOfNDistinct(rapid.IntRange(0, 9), 2, 7, rapid.ID).
			Draw(t, "days") {
			now := map[int64]*glimpse{}
			for _, token := range []int64{1, 2} {
				if g := drawGlimpse(t, token, day); g != nil {
					now[token], known[token] = g, append(known[token], g)
				}
			}
			kept := rapid.IntRange(-1, 9).Draw(t, "kept")
			r := judgeGrowth(day, kept, now)
			runs = append(runs, r)
			memory, err := s.Recall(ctx, acme(), nil, 0, r.evidence.CollectedAt)
			if err != nil {
				t.Fatal(err)
			}
			run := r.judge(memory)
			r.gained = gainedBy(run)
			for token := range now {
				var until []*glimpse
				for _, g := range known[token] {
					if g.at <= day {
						until = append(until, g)
					}
				}
				slices.SortFunc(until, func(a, b *glimpse) int { return a.at - b.at })
				if want := gained(until, kept); !doubtful[token] && !slices.Equal(r.gained[token], want) {
					t.Fatalf("token %d gained %q on day %d, want %q", token, r.gained[token], day, want)
				}
			}
			if r.number, _, err = s.Save(ctx, present, &Entry{
				Run: run, Memory: memory, Tool: "pataudit test", Criteria: &audit.Criteria{
					PolicyDigest: run.Policy.Digest, Policy: []byte("x"),
				},
				Report:   documentOf(append(reported(run, "test"), fmt.Sprint(day)...)),
				Snapshot: documentOf("x"),
			}); err != nil {
				t.Fatal(err)
			}
			newest = max(newest, day)
			if limit := rapid.IntRange(0, 30).Draw(t, "prune"); limit < 10 {
				for token, glimpses := range known {
					doubtful[token] = doubtful[token] || !slices.ContainsFunc(glimpses,
						func(g *glimpse) bool { return g.at == newest })
				}
				if _, err := s.Prune(ctx, noon.AddDate(0, 0, limit)); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, r := range runs {
			memory, err := s.Memory(ctx, r.number)
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			for token, got := range gainedBy(r.judge(memory)) {
				if !doubtful[token] && !slices.Equal(got, r.gained[token]) {
					t.Fatalf("run %d: token %d gained %q, and %q when it is judged again", r.number,
						token, r.gained[token], got)
				}
			}
		}
	})
}
