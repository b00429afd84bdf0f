// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
)

// oneToken judges one token by a rule about repositories and one that is not.
func oneToken(token *audit.Token, fails map[string]bool, b *audit.Baseline) *audit.Run {
	p := &audit.Policy{FailOn: audit.Low, Baseline: b}
	for _, rule := range []*audit.Rule{
		{ID: "all-repositories", Needs: audit.FactSelection}, {ID: "unused", Needs: audit.FactLastUsed},
	} {
		verdict := audit.Verdict{Status: audit.Pass}
		if fails[rule.ID] {
			verdict = audit.Verdict{Status: audit.Fail, Basis: []string{"a"}}
		}
		p.Rules = append(p.Rules, audit.PolicyRule{
			Rule: rule, Checker: answers{1: verdict},
			Severity: audit.High, Asked: true, Required: true,
		})
	}
	return audit.Evaluate(&audit.Evidence{
		Organization: &audit.Organization{Login: "acme"}, Tokens: []*audit.Token{token},
		Coverage: []audit.Coverage{{Source: audit.SourceTokens, Status: audit.Complete}},
	}, p, audit.Options{AsOf: today})
}

// drawReaching draws a token that reaches something, as far as that is known.
func drawReaching(t *rapid.T) *audit.Token {
	token := &audit.Token{
		ID: 1, TokenID: 1, Known: ^audit.Facts(0), Owner: &audit.Member{ID: 5, Login: "o"},
		Selection: rapid.SampledFrom([]audit.Selection{
			audit.SelectAll, audit.SelectNone, audit.SelectSubset, audit.SelectSubset,
		}).Draw(t, "selection"),
	}
	if rapid.IntRange(0, 4).Draw(t, "unknown") == 0 {
		token.Known &^= audit.FactRepositories
	}
	if token.Selection == audit.SelectSubset {
		for _, id := range rapid.SliceOfDistinct(rapid.Int64Range(1, 4), rapid.ID[int64]).
			Draw(t, "repositories") {
			token.Repositories = append(token.Repositories, &audit.Repository{ID: id, Name: "x"})
		}
	}
	return token
}

// TestDebtsHoldTheirReach: what grows covers what fails, but what it says it refused; no debt
// comes to hold for repositories for which its finding was not accepted; what is pruned holds for
// no more than is reached.
func TestDebtsHoldTheirReach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token, accepted := drawReaching(t), drawReach(t)
		fails := map[string]bool{
			"all-repositories": rapid.Bool().Draw(t, "fails"), "unused": rapid.Bool().Draw(t, "is unused"),
		}
		old := acme()
		for _, rule := range []string{"all-repositories", "unused"} {
			if rapid.Bool().Draw(t, "owes "+rule) {
				d := debt("token", 1, audit.High, "a")
				d.Rule, d.Reach = rule, accepted
				old.Debts = append(old.Debts, d)
			}
		}
		reach := audit.ReachOf(token)

		grown, growth := policy.Grow(old, oneToken(token, fails, nil), until, "x")
		with := oneToken(token, fails, grown)
		refused := len(growth.Refused) > 0
		if !refused && with.Summary.Violating > 0 || refused && reach.Known() {
			t.Fatalf("%+v, %+v", with.Summary, growth)
		}
		for _, d := range growth.Refused {
			if d.Rule != "all-repositories" {
				t.Fatalf("it rests on no repositories: %+v", d)
			}
		}
		for _, d := range grown.Debts {
			if !d.Reach.Equal(grown.Debts[0].Reach) {
				t.Fatalf("one token, and two reaches: %+v", grown.Debts)
			}
			if !fails[d.Rule] && !d.Reach.Equal(accepted) && !d.Reach.Within(accepted) {
				t.Fatalf("nobody accepted %+v: it was for %+v", d, accepted)
			}
			if reach.Known() && len(growth.Added) > 0 && !d.Reach.Equal(reach) {
				t.Fatalf("accepted for %+v, and reaches %+v", d.Reach, reach)
			}
		}
		if len(grown.Debts)+len(growth.Dropped) < len(old.Debts) {
			t.Fatalf("of %+v\nonly %+v", old.Debts, grown.Debts)
		}

		kept := policy.Prune(old, oneToken(token, fails, old)).Kept
		for _, d := range kept.Debts {
			if !d.Reach.Equal(accepted) && !d.Reach.Within(accepted) ||
				reach.Known() && d.Reach.Known() && !d.Reach.Within(reach) {
				t.Fatalf("%+v is left of %+v, and reaches %+v", d, accepted, reach)
			}
		}
		covered := func(b *audit.Baseline) int { return oneToken(token, fails, b).Debt.Left }
		if covered(old) != covered(kept) {
			t.Fatalf("%d covered, %d after pruning %+v", covered(old), covered(kept), kept.Debts)
		}
	})
}

// TestReachOfOneToken: where debts of one token differ, the file holds no more than each.
func TestReachOfOneToken(t *testing.T) {
	b := acme(debt("token", 1, audit.High, "a"), debt("token", 1, audit.High, "a"))
	b.Debts[0].Rule = "all-repositories"
	b.Debts[0].Reach, b.Debts[1].Reach = audit.SomeRepositories(1, 2), audit.SomeRepositories(2, 3)
	for range 2 {
		read, err := policy.ParseBaseline("b.yaml", policy.FormatBaseline(b), p(t))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range read.Debts {
			if !d.Reach.Equal(audit.SomeRepositories(2)) {
				t.Errorf("%+v", d)
			}
		}
		slices.Reverse(b.Debts)
	}
}
