// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
)

// grantsOf judges grants by one rule, which fails for those of some ids.
func grantsOf(tokens []*audit.Token, says answers, b *audit.Baseline) *audit.Run {
	rule := &audit.Rule{ID: "unused", Needs: audit.FactLastUsed, OfExpired: true}
	return audit.Evaluate(&audit.Evidence{
		Organization: &audit.Organization{Login: "acme"}, Tokens: tokens,
		Coverage: []audit.Coverage{{Source: audit.SourceTokens, Status: audit.Complete}},
	}, &audit.Policy{FailOn: audit.Low, Baseline: b, Rules: []audit.PolicyRule{{
		Rule: rule, Checker: says, Severity: audit.High, Asked: true, Required: true,
	}}}, audit.Options{AsOf: today})
}

// drawGrants draws grants of few tokens, of which some are not known by their ids.
func drawGrants(t *rapid.T) (tokens []*audit.Token, says answers) {
	says = answers{}
	for id := range rapid.Int64Range(1, 5).Draw(t, "grants") {
		token := &audit.Token{
			ID: id + 1, TokenID: rapid.SampledFrom([]int64{0, 1, 2, 3, 70, 71}).Draw(t, "token"),
			Expired: rapid.Bool().Draw(t, "expired"), Known: ^audit.Facts(0),
			Owner: &audit.Member{ID: 5, Login: "o"}, Selection: audit.SelectAll,
		}
		if tokens = append(tokens, token); rapid.Bool().Draw(t, "fails") {
			says[token.ID] = fails(audit.High, "a")
		}
	}
	return tokens, says
}

// TestDebtsNameTokens holds that a baseline names tokens by their ids, and by their grants only
// where these ids are not known or of several grants; that it covers what was accepted and nothing
// else, though ids of tokens and grants are alike; and that nothing of it is dropped that fails.
func TestDebtsNameTokens(t *testing.T) {
	of := p(t)
	rapid.Check(t, func(t *rapid.T) {
		tokens, says := drawGrants(t)
		run := grantsOf(tokens, says, nil)
		b, _ := policy.NewBaseline(run, until)
		read, err := policy.ParseBaseline("b.yaml", policy.FormatBaseline(b), of)
		if err != nil || len(read.Debts) != len(says) {
			t.Fatalf("%d debts of %d: %v", len(b.Debts), len(says), err)
		}
		for _, d := range read.Debts {
			grants := slices.DeleteFunc(slices.Clone(tokens), func(t *audit.Token) bool {
				return d.Kind == audit.KindToken && t.TokenID != d.ID ||
					d.Kind == audit.KindGrant && t.ID != d.ID
			})
			active := slices.DeleteFunc(slices.Clone(grants), func(t *audit.Token) bool {
				return t.Expired
			})
			switch {
			case len(grants) == 0, d.Kind == audit.KindToken && len(grants) > 1 && len(active) != 1:
				t.Fatalf("%s %d is of %d grants, %d active", d.Kind, d.ID, len(grants), len(active))
			case d.Kind == audit.KindGrant && grants[0].TokenID != 0 &&
				slices.IndexFunc(tokens, func(t *audit.Token) bool {
					return t.TokenID == grants[0].TokenID && t.ID != grants[0].ID
				}) < 0:
				t.Fatalf("grant %d is of token %d alone", d.ID, grants[0].TokenID)
			}
		}

		// Of what did not fail then, nothing is covered.
		for _, token := range tokens {
			says[token.ID] = fails(audit.High, "a")
		}
		accepted := map[int64]bool{}
		for r := range run.Results() {
			accepted[r.Token.ID] = r.Severity != audit.NoSeverity
		}
		with := grantsOf(tokens, says, read)
		for r := range with.Results() {
			if r.Findings[0].InBaseline != accepted[r.Token.ID] {
				t.Fatalf("grant %d of token %d: accepted %v", r.Token.ID, r.Token.TokenID,
					accepted[r.Token.ID])
			}
		}
		if pruned := policy.Prune(read, with); len(pruned.Dropped)+len(pruned.Unjudged) > 0 {
			t.Fatalf("%+v", pruned)
		}
		grown, growth := policy.Grow(read, with, until, "x")
		if left := len(tokens) - len(read.Debts); len(growth.Added) != left ||
			len(grown.Debts) != len(tokens) {
			t.Fatalf("%d added of %d, %d in all", len(growth.Added), left, len(grown.Debts))
		}
	})
}

// TestDebtsOfUnknownTokens holds that a debt of a token is not gone, nor covers anything, where it
// is not known whose token a grant is; and that it is found again where that is.
func TestDebtsOfUnknownTokens(t *testing.T) {
	token := &audit.Token{
		ID: 1, TokenID: 70, Known: ^audit.Facts(0), Selection: audit.SelectAll,
		Owner: &audit.Member{ID: 5, Login: "o"},
	}
	says := answers{1: fails(audit.High, "a"), 2: fails(audit.High, "a")}
	b, _ := policy.NewBaseline(grantsOf([]*audit.Token{token}, says, nil), until)

	unknown := *token
	unknown.TokenID = 0
	run := grantsOf([]*audit.Token{&unknown}, says, b)
	pruned := policy.Prune(b, run)
	if run.Summary.Violating != 1 || run.Debt.Gone != 0 || len(pruned.Unjudged) != 1 {
		t.Errorf("%+v, %+v, %+v", run.Summary, run.Debt, pruned)
	}

	// Renewed, the token has another grant beside the expired one.
	before, renewed := *token, *token
	before.Expired, renewed.ID = true, 2
	run = grantsOf([]*audit.Token{&before, &renewed}, says, b)
	if run.Summary.Violating != 1 || run.Debt.Left != 1 {
		t.Errorf("renewed: %+v, %+v", run.Summary, run.Debt)
	}
	for r := range run.Results() {
		if r.Findings[0].InBaseline != (r.Token.ID == 2) {
			t.Errorf("grant %d: %+v", r.Token.ID, r.Findings[0])
		}
	}

	// Two active grants that claim it are violations, both.
	renewed.ID, before.Expired = 2, false
	if run = grantsOf([]*audit.Token{&before, &renewed}, says, b); run.Summary.Violating != 2 {
		t.Errorf("contested: %+v", run.Summary)
	}
}
