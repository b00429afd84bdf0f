// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// drawReach draws what was accepted.
func drawReach(t *rapid.T) audit.Reach {
	switch rapid.IntRange(0, 3).Draw(t, "reach") {
	case 0:
		return audit.AllRepositories()
	case 1:
		return audit.Reach{}
	}
	return audit.SomeRepositories(rapid.SliceOf(rapid.Int64Range(1, 4)).Draw(t, "ids")...)
}

// drawReaching draws a token that reaches something, as far as that is known.
func drawReaching(t *rapid.T) *audit.Token {
	token := seen().Tokens[0]
	token.Selection = rapid.SampledFrom([]audit.Selection{
		audit.SelectAll, audit.SelectNone, audit.SelectSubset, audit.SelectSubset,
	}).Draw(t, "selection")
	token.Known &^= rapid.SampledFrom([]audit.Facts{
		0, 0, 0, audit.FactSelection, audit.FactRepositories,
	}).Draw(t, "unknown")
	if token.Selection == audit.SelectSubset {
		for _, id := range rapid.SliceOfDistinct(rapid.Int64Range(0, 4), rapid.ID[int64]).
			Draw(t, "repositories") {
			token.Repositories = append(token.Repositories,
				&audit.Repository{ID: id, Name: fmt.Sprintf("acme/r%d", id)})
		}
	}
	return token
}

// TestMoreIsNeverCovered holds what becomes of a failing finding against what was accepted: never
// is it covered if the token reaches anything that was not, and always if it is no more.
func TestMoreIsNeverCovered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token, accepted := drawReaching(t), drawReach(t)
		needs := rapid.SampledFrom([]audit.Facts{
			audit.FactExpiry, audit.FactPermissions, audit.FactRepositories,
		}).Draw(t, "about")
		basis := rapid.SampledFrom([][]string{
			{"a"}, {"organization:members:write"}, {"repository:contents:write"}, {"a", "other:keys:write"},
		}).Draw(t, "basis")
		rule := asking("r", audit.Verdict{Status: audit.Fail, Basis: basis}, needs)
		rule.Required = rapid.Bool().Draw(t, "required")
		policy := asked(rule)
		waived := rapid.Bool().Draw(t, "waived")
		if waived {
			policy.Decisions = []*audit.Decision{{
				TokenID: 11, OwnerID: 5, Kind: audit.Waive, Rule: "r", Basis: basis,
				Severity: audit.Critical, Reach: accepted, Until: thatDay,
			}}
		} else {
			policy.Baseline = &audit.Baseline{Debts: []audit.Debt{{
				Kind: audit.KindGrant, ID: 1, Rule: "r", Basis: basis, Severity: audit.Critical,
				Reach: accepted, Until: thatDay,
			}}}
		}
		e := seen()
		e.Tokens = []*audit.Token{token}
		f := findingsOf(e, policy)[0]
		covered := f.Status == audit.Waived || f.InBaseline
		knows := token.Known.Has(audit.FactSelection) && (token.Selection != audit.SelectSubset ||
			token.Known.Has(audit.FactRepositories) && !slices.ContainsFunc(token.Repositories,
				func(r *audit.Repository) bool { return r.ID == 0 }))
		rests := needs == audit.FactRepositories && basis[0] != "organization:members:write" ||
			needs == audit.FactPermissions && basis[0] != "organization:members:write" &&
				len(basis) == 1
		var beyond bool
		if knows && accepted.Known() && !accepted.All() {
			beyond = token.Selection == audit.SelectAll ||
				slices.ContainsFunc(token.Repositories, func(r *audit.Repository) bool {
					return !slices.Contains(accepted.IDs(), r.ID)
				})
		}
		clear := accepted.All() || knows && accepted.Known() || !accepted.Known() && !rests
		switch {
		case covered != (clear && !beyond):
			t.Fatalf("covered %v by %+v: %s", covered, accepted, answer(f))
		case !covered && f.Status != audit.Fail && !(!knows && accepted.Known()):
			t.Fatalf("unclear by %+v: %s", accepted, answer(f))
		case f.Status == audit.Indeterminate && !rule.Required:
			t.Fatalf("counts for nothing: %s", answer(f))
		case f.Status == audit.Fail && !covered && len(f.More) == 0:
			t.Fatalf("does not say why: %s", answer(f))
		}
	})
}

// TestReach holds the words of sets: one is within another, and both are what is in each.
func TestReach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawReach(t), drawReach(t)
		both := a.Both(b)
		if both.Known() != (a.Known() && b.Known()) ||
			both.Known() && (!both.Within(a) || !both.Within(b)) ||
			a.Within(b) && !both.Equal(a) || a.Known() && !a.Within(a) || !a.Equal(a) {
			t.Fatalf("%+v and %+v: %+v", a, b, both)
		}
		for id := range int64(5) {
			if both.Known() && both.Has(id) != (a.Has(id) && b.Has(id)) {
				t.Fatalf("%d: %+v and %+v: %+v", id, a, b, both)
			}
		}
		if word := a.Word(); word != "some" {
			if again, err := audit.ParseReach(word); err != nil || !again.Equal(a) {
				t.Fatalf("%s: %+v, %v", word, again, err)
			}
		}
	})
}

// TestContestedIsNotKept holds that what one of two active grants of a token gained is not
// accepted by a decision to keep that token.
func TestContestedIsNotKept(t *testing.T) {
	rule := asking("r", audit.Verdict{}, 0)
	rule.Checker = checkerFunc(func(s *audit.Subject) audit.Verdict {
		if len(audit.Grown(s.Accepted(noon.AddDate(-9, 0, 0)), s.Token)) > 0 {
			return audit.Verdict{Status: audit.Fail, Basis: []string{"a"}}
		}
		return audit.Verdict{Status: audit.Pass}
	})
	for grants, want := range map[int]audit.Outcome{
		1: audit.Clean, 2: audit.ViolationsIncomplete,
	} {
		e, policy := seen(), asked(rule)
		e.Tokens[0].Selection = audit.SelectNone
		before, since := *e.Tokens[0], *e.Tokens[0]
		since.Permissions = []audit.Permission{{Group: "repository", Name: "a", Level: "read"}}
		e.Tokens = nil
		for i := range grants {
			token := since
			token.ID = int64(i + 1)
			e.Tokens = append(e.Tokens, &token)
		}
		past := &audit.Past{TokenID: 11, Sights: []audit.Sight{
			audit.SightOf(&before, noon.AddDate(0, 0, -3)), audit.SightOf(&since, noon.AddDate(0, 0, -2)),
		}}
		options := atNoon
		options.Memory = &audit.Memory{
			Earlier: true, Tokens: map[int64]*audit.Past{1: past, 2: past},
		}
		policy.Decisions = []*audit.Decision{{
			TokenID: 11, OwnerID: 5, Kind: audit.Keep, On: thatDay, Until: thatDay.AddDate(1, 0, 0),
		}}
		if got := audit.Evaluate(e, policy, options).Outcome(); got != want {
			t.Errorf("%d grants: %s, want %s", grants, got, want)
		}
	}
}

// TestContested holds that of tokens of which several active grants claim the id nothing is waived
// or kept, that the list is not whole then, and that an expired grant changes nothing.
func TestContested(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		failing := asking("r", audit.Verdict{Status: audit.Fail, Basis: []string{"a"}}, 0)
		kept := asking("s", audit.Verdict{}, 0)
		kept.Checker = checkerFunc(func(s *audit.Subject) audit.Verdict {
			if len(s.Decisions) == 0 {
				return audit.Verdict{Status: audit.Fail, Basis: []string{"a"}}
			}
			return audit.Verdict{Status: audit.Pass}
		})
		policy := asked(failing, kept)
		e := seen()
		e.Tokens = nil
		active := map[int64]int{}
		for id := range rapid.Int64Range(1, 5).Draw(t, "grants") {
			token := seen().Tokens[0]
			token.ID, token.TokenID = id+1, rapid.Int64Range(10, 12).Draw(t, "token")
			if token.Expired = rapid.Bool().Draw(t, "expired"); !token.Expired {
				active[token.TokenID]++
			}
			e.Tokens = append(e.Tokens, token)
		}
		for id := range active {
			for _, kind := range []string{audit.Waive, audit.Keep} {
				policy.Decisions = append(policy.Decisions, &audit.Decision{
					TokenID: id, OwnerID: 5, Kind: kind, Rule: "r", Basis: []string{"a"},
					Severity: audit.Critical, Reach: audit.AllRepositories(), Until: thatDay,
				})
			}
		}
		run, contested := audit.Evaluate(e, policy, atNoon), false
		for result := range run.Results() {
			token := result.Token
			claimed := active[token.TokenID] > 1
			contested = contested || claimed
			if token.Expired {
				continue
			}
			all := result.All()
			if claimed != (all[0].Status == audit.Indeterminate) ||
				!claimed != (all[0].Status == audit.Waived) ||
				claimed != (all[1].Status == audit.Fail) {
				t.Fatalf("grant %d, claimed %v: %s, %s", token.ID, claimed, answer(all[0]), answer(all[1]))
			}
		}
		if contested == run.Complete || contested == run.Listed() {
			t.Fatalf("contested %v: complete %v: %q", contested, run.Complete, run.Incomplete)
		}
	})
}
