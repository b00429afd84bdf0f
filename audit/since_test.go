// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// contentsWriting fails what may write contents.
type contentsWriting struct{}

func (contentsWriting) Check(s *audit.Subject) audit.Verdict {
	if s.Token.Writes(audit.GroupRepository) {
		return audit.Verdict{Status: audit.Fail, Basis: []string{"repository:contents:write"}}
	}
	return audit.Verdict{Status: audit.Pass}
}

// drawListed draws evidence of a few grants of fewer tokens.
func drawListed(t *rapid.T) *audit.Evidence {
	e := seen()
	e.Tokens = nil
	ids := rapid.SliceOfNDistinct(rapid.Int64Range(1, 5), 0, 5, rapid.ID).Draw(t, "grants")
	slices.Sort(ids)
	for _, id := range ids {
		level := rapid.SampledFrom([]string{audit.LevelRead, audit.LevelWrite}).Draw(t, "level")
		e.Tokens = append(e.Tokens, &audit.Token{
			ID: id, TokenID: rapid.Int64Range(0, 2).Draw(t, "token"), Known: ^audit.Facts(0),
			Selection: rapid.SampledFrom([]audit.Selection{audit.SelectAll, audit.SelectNone}).
				Draw(t, "selection"),
			Permissions: []audit.Permission{
				{Group: audit.GroupRepository, Name: "contents", Level: level},
			},
			Expired: rapid.Bool().Draw(t, "expired"),
		})
	}
	if rapid.Bool().Draw(t, "partial") {
		e.Coverage = slices.Clone(e.Coverage)
		for i := range e.Coverage {
			if e.Coverage[i].Source == audit.SourceTokens {
				e.Coverage[i].Status = audit.Partial
			}
		}
	}
	return e
}

// TestComparedAsItPasses holds that a run which is compared with the last one while that is read,
// token by token, tells the same as one that is compared with all of it at once.
func TestComparedAsItPasses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rule := asking("writes", audit.Verdict{}, 0)
		rule.Checker = contentsWriting{}
		last := audit.Evaluate(drawListed(t), asked(rule), atNoon)
		e := drawListed(t)
		evaluate := func(last *audit.Run) *audit.Run {
			return audit.Evaluate(e, asked(rule), audit.Options{
				AsOf: noon, Memory: &audit.Memory{Last: last, LastRun: 7},
			})
		}
		passed := 0
		run := evaluate(audit.Streamed(last, func(yield func(*audit.Result) bool) {
			for result := range last.Results() {
				one := *result
				if passed++; !yield(&one) {
					return
				}
			}
		}))
		want := &audit.Since{
			Run: 7, AsOf: last.AsOf, Outcome: last.Outcome(), PolicyDigest: last.Policy.Digest,
		}
		for _, d := range audit.Diff(last, run) {
			want.Add(&d)
		}
		if !reflect.DeepEqual(run.Since, want) {
			t.Errorf("since %+v, want %+v", run.Since, want)
		}
		if passed != len(slices.Collect(last.Results())) {
			t.Errorf("%d passed", passed)
		}
		byGrant, byToken := map[int64]*audit.Token{}, map[int64]*audit.Token{}
		for result := range last.Results() {
			byGrant[result.Token.ID] = result.Token
			byToken[result.Token.TokenID] = result.Token
		}
		for result := range run.Results() {
			before := byGrant[result.Token.ID]
			if before == nil && result.Token.TokenID != 0 {
				before = byToken[result.Token.TokenID]
			}
			var gained []string
			if before != nil {
				gained = audit.Grown(before, result.Token)
			}
			if !slices.Equal(result.Gained, gained) {
				t.Errorf("grant %d gained %q, want %q", result.Token.ID, result.Gained, gained)
			}
		}
	})
}

// TestLastUnread holds that a run whose last one could not be read is not complete.
func TestLastUnread(t *testing.T) {
	last := audit.Evaluate(seen(), asked(asking("r", audit.Verdict{Status: audit.Pass}, 0)), atNoon)
	memory := &audit.Memory{LastRun: 7}
	memory.Last = audit.Streamed(last, func(func(*audit.Result) bool) {
		memory.LastError = errors.New("cut off")
	})
	run := audit.Evaluate(seen(), asked(asking("r", audit.Verdict{Status: audit.Pass}, 0)),
		audit.Options{AsOf: noon, Memory: memory})
	if run.Complete || !slices.Contains(run.Incomplete.Texts(),
		"run 7, with which this one compares, cannot be read: cut off") {
		t.Errorf("complete is %t: %q", run.Complete, run.Incomplete)
	}
}
