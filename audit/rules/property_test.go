// SPDX-License-Identifier: Apache-2.0

package rules_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

const day = 24 * time.Hour

// TestGuideTokenIsClean: a token as the guide describes it, in use, of a member with a second
// factor, is failed by no rule above low.
func TestGuideTokenIsClean(t *testing.T) {
	policy, err := (&testCase{Off: []string{"unreviewed-token"}}).policy()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		o := organizationFacts{Repositories: rapid.IntRange(10, 400).Draw(t, "of")}.organization()
		granted := asOf.Add(-time.Duration(rapid.Int64Range(0, int64(364*day)).Draw(t, "age")))
		lifetime := time.Duration(rapid.Int64Range(1, int64(90*day)).Draw(t, "lifetime"))
		token := &audit.Token{
			ID: 1, TokenID: 1, Selection: audit.SelectSubset, Known: everyFact,
			Name: rapid.SampledFrom([]string{
				"org-ai-access", "sbom-upload", "ci-publish", "release-bot-legacy", "Renovate (docs)",
				"laptop", "build-7", "github-mirror", "test-results-upload", "nightly",
			}).Draw(t, "name"),
			Owner: &audit.Member{
				ID: 1, Login: "octocat", TwoFactor: new(true),
				Role: rapid.SampledFrom([]audit.Role{audit.RoleMember, audit.RoleAdmin}).
					Draw(t, "role"),
			},
			Permissions:  example{}.permissions(),
			Repositories: someOf(t, o.Repositories, 1, 5),
			GrantedAt:    granted, ExpiresAt: granted.Add(lifetime),
			LastUsedAt: asOf.Add(-time.Duration(rapid.Int64Range(0, int64(90*day)).Draw(t, "used"))),
		}
		e := &audit.Evidence{Organization: o, Tokens: []*audit.Token{token}}
		for result := range audit.Evaluate(e, policy, audit.Options{AsOf: asOf}).Results() {
			for _, f := range result.Findings {
				if f.Severity > audit.Low || f.Status == audit.Indeterminate {
					t.Fatalf("%s: %s %s: %s", f.Rule.Rule.ID, f.Status, f.Severity, f.Message)
				}
			}
		}
	})
}

// TestKnowingLessNeverPasses: taking facts away turns no rule's Fail or Indeterminate into Pass,
// and no token that was not clean into a clean one.
func TestKnowingLessNeverPasses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy, make := drawPolicy(t), drawSubject(t)
		some := audit.Facts(rapid.Uint16Range(0, 1<<10-1).Draw(t, "unknown"))
		more := some | audit.Facts(rapid.Uint16Range(0, 1<<10-1).Draw(t, "also unknown"))
		known, less := findings(make(some), policy), findings(make(more), policy)
		for i, f := range known {
			settled := f.Status == audit.Pass || f.Status == audit.NotApplicable
			if !settled && less[i].Status == audit.Pass {
				t.Fatalf("%s: %s without %s, but pass without %s",
					f.Rule.Rule.ID, f.Status, some, more)
			}
		}
		if clean(less) && !clean(known) {
			t.Fatalf("clean without %s, but not without %s", more, some)
		}
	})
}

// TestOnlyFactsAreRead: a field whose fact is unknown makes no difference, whatever it holds.
func TestOnlyFactsAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy, make := drawPolicy(t), drawSubject(t)
		unknown := audit.Facts(rapid.Uint16Range(0, 1<<10-1).Draw(t, "unknown"))
		onlyFactsAreRead(t, policy, make, unknown)
		for fact := audit.Facts(1); fact < 1<<10; fact <<= 1 {
			onlyFactsAreRead(t, policy, make, fact)
		}
	})
}

func onlyFactsAreRead(
	t *rapid.T, p *audit.Policy, make func(audit.Facts) *audit.Evidence, unknown audit.Facts,
) {
	empty, full := make(unknown), make(0)
	full.Organization.Known = empty.Organization.Known
	for _, e := range []*audit.Evidence{empty, full} {
		for _, request := range e.Requests {
			e.Tokens = append(e.Tokens, request.Token) // judged as both
		}
	}
	full.Tokens[0].Known = empty.Tokens[0].Known
	full.Tokens[0].Expired = empty.Tokens[0].Expired // the engine itself heeds it
	diff := cmp.Diff(findings(empty, p), findings(full, p),
		cmpopts.IgnoreFields(audit.Finding{}, "Rule"), cmp.AllowUnexported(audit.Finding{}))
	if diff != "" {
		t.Fatalf("without %s, fields empty (-) and filled (+):\n%s", unknown, diff)
	}
}

// TestNoFactIsNeverAPass: of a token of which nothing was learned, no rule says Pass.
func TestNoFactIsNeverAPass(t *testing.T) {
	policy, err := (&testCase{}).policy()
	if err != nil {
		t.Fatal(err)
	}
	e := &audit.Evidence{Organization: &audit.Organization{}, Tokens: []*audit.Token{{ID: 1}}}
	for _, f := range findings(e, policy) {
		if f.Status == audit.Pass || f.Status == audit.Fail {
			t.Errorf("%s: %s: %s", f.Rule.Rule.ID, f.Status, f.Message)
		}
	}
}

// TestCheckersAreShared: one checker may be asked from several goroutines.
func TestCheckersAreShared(t *testing.T) {
	policy, err := (&testCase{}).policy()
	if err != nil {
		t.Fatal(err)
	}
	e := manyTokens(200)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { audit.Evaluate(e, policy, audit.Options{AsOf: asOf}) })
	}
	wg.Wait()
}

func findings(e *audit.Evidence, p *audit.Policy) (all []*audit.Finding) {
	run := audit.Evaluate(e, p, audit.Options{AsOf: asOf})
	for result := range run.Results() {
		all = append(all, result.All()...)
	}
	for result := range run.Requests() {
		all = append(all, result.All()...)
	}
	return all
}

func clean(all []*audit.Finding) bool {
	return !slices.ContainsFunc(all, func(f *audit.Finding) bool {
		return f.Status == audit.Fail || f.Status == audit.Indeterminate
	})
}

func someOf[T any](t *rapid.T, all []T, least, most int) []T {
	n := rapid.IntRange(least, most).Draw(t, "how many")
	start := rapid.IntRange(0, len(all)-n).Draw(t, "from")
	return all[start : start+n]
}

// drawSubject draws a token, and gives its evidence with some facts forgotten.
func drawSubject(t *rapid.T) func(unknown audit.Facts) *audit.Evidence {
	instant := rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.IntRange(0, 3).Draw(t, "zero") == 0 {
			return time.Time{}
		}
		return asOf.Add(time.Duration(rapid.IntRange(-800, 800).Draw(t, "days")) * day)
	})
	facts := organizationFacts{
		Repositories: rapid.IntRange(1, 60).Draw(t, "of"),
		TwoFactorRequired: rapid.SampledFrom([]*bool{nil, new(true), new(false)}).
			Draw(t, "required"),
	}
	original := audit.Token{
		ID: 1, TokenID: 1, Known: everyFact,
		Name: rapid.SampledFrom([]string{"test", "sbom-upload", "\x1b[2K"}).Draw(t, "name"),
		Selection: rapid.SampledFrom([]audit.Selection{
			audit.SelectAll, audit.SelectNone, audit.SelectSubset, audit.SelectSubset,
		}).Draw(t, "selection"),
		Permissions: drawPermissions(t),
		GrantedAt:   instant.Draw(t, "granted"), ExpiresAt: instant.Draw(t, "expires"),
		LastUsedAt: instant.Draw(t, "used"), Expired: rapid.Bool().Draw(t, "expired"),
		Repositories: someOf(t, facts.organization().Repositories, 0, facts.Repositories),
		Owner: &audit.Member{
			ID: 1, Login: "octocat",
			Role: rapid.SampledFrom([]audit.Role{
				audit.RoleAdmin, audit.RoleMember, audit.RoleOutside, audit.RoleNotMember,
			}).Draw(t, "role"),
			TwoFactor: rapid.SampledFrom([]*bool{new(true), new(false)}).Draw(t, "factor"),
		},
	}
	pending, created := rapid.Bool().Draw(t, "pending"), instant.Draw(t, "created")
	return func(unknown audit.Facts) *audit.Evidence {
		o, token := facts.organization(), original
		forget(&token, o, unknown)
		e := &audit.Evidence{Organization: o, Tokens: []*audit.Token{&token}}
		if pending {
			token.GrantedAt, token.Known = time.Time{}, token.Known&^audit.FactGranted
			e.Requests = []*audit.Request{{Token: &token, CreatedAt: created}}
			e.Tokens = nil
		}
		return e
	}
}
