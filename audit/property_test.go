// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// What has to hold for any policy, overrides, waivers and evidence.

// drawPolicy draws a policy of honest rules, overrides, waivers and debts.
func drawPolicy(t *rapid.T) *audit.Policy {
	rules := func(name string) (rules []audit.PolicyRule) {
		for _, fact := range []audit.Facts{
			audit.FactSelection, audit.FactPermissions, audit.FactRepositories,
		} {
			rule := asking(fact.String(), audit.Verdict{}, fact)
			rule.Checker = honest{
				fact: fact, strict: rapid.Bool().Draw(t, name+" is strict"),
				anyway: rapid.Bool().Draw(t, name+" fails anyway"),
				basis: rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c"}), 1, 3,
					rapid.ID[string]).Draw(t, name+" rests on"),
			}
			rule.Severity = drawSeverity().Draw(t, name+" says")
			rules = append(rules, rule)
		}
		return rules
	}
	policy := asked(rules("policy")...)
	for i := range rapid.IntRange(0, 3).Draw(t, "overrides") {
		name := "o" + string(rune('0'+i))
		policy.Overrides = append(policy.Overrides, audit.Override{
			Name: name, Rules: rules(name), When: drawCondition(t),
		})
	}
	return policy
}

// drawCondition draws the condition of an override: a half of them are bound to ids.
func drawCondition(t *rapid.T) (when audit.Condition) {
	maybe := func(name string, values ...[]string) []string {
		return rapid.SampledFrom(append(values, nil, nil, nil)).Draw(t, name)
	}
	switch rapid.IntRange(0, 5).Draw(t, "ids") {
	case 0, 1:
		when.Owners = accounts(rapid.SampledFrom([]int64{5, 5, 6}).Draw(t, "owner"))
	case 2:
		when.Tokens = []int64{rapid.SampledFrom([]int64{11, 11, 12}).Draw(t, "token")}
	}
	when.Names = maybe("names", []string{"release-*"}, []string{"x"})
	when.Repositories = maybe("repositories", []string{"infra-*"}, []string{"vault"},
		[]string{"docs", "infra-*"})
	when.Permissions = maybe("permissions", []string{"contents:write"}, []string{"contents:admin"})
	return when
}

func drawSeverity() *rapid.Generator[audit.Severity] {
	return rapid.SampledFrom([]audit.Severity{audit.Low, audit.Medium, audit.High})
}

// honest fails or passes by one fact. It does not know without it, or fails anyway.
type honest struct {
	fact           audit.Facts
	strict, anyway bool
	basis          []string
}

func (h honest) Check(s *audit.Subject) audit.Verdict {
	switch {
	case !s.Known().Has(h.fact) && !(h.strict && h.anyway):
		return audit.Verdict{}
	case h.strict:
		return audit.Verdict{Status: audit.Fail, Basis: slices.Sorted(slices.Values(h.basis))}
	}
	return audit.Verdict{Status: audit.Pass}
}

// findingsOf returns the findings about the first token.
func findingsOf(e *audit.Evidence, p *audit.Policy) []*audit.Finding {
	for result := range audit.Evaluate(e, p, atNoon).Results() {
		return result.All()
	}
	return nil
}

// TestKnowingLessNeverPasses: with overrides, too, taking facts away turns no Fail or
// Indeterminate into a Pass, and nothing into a Waived.
func TestKnowingLessNeverPasses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := drawPolicy(t)
		policy.Decisions = drawWaivers(t)
		unknown := audit.Facts(rapid.Uint16Range(0, 1<<10-1).Draw(t, "unknown"))
		more := unknown | audit.Facts(rapid.Uint16Range(0, 1<<10-1).Draw(t, "also unknown"))
		known, less := findingsOf(without(unknown), policy), findingsOf(without(more), policy)
		for i := range known {
			is, was := less[i].Status, known[i].Status
			if is != was && (is == audit.Pass || is == audit.Waived) {
				t.Fatalf("%s, but without %s %s", answer(known[i]), more, answer(less[i]))
			}
		}
	})
}

func without(facts audit.Facts) *audit.Evidence {
	e := reaching()
	token := e.Tokens[0]
	token.Known &^= facts
	e.Organization.Known &^= facts
	if facts.Has(audit.FactOwner) {
		token.Owner = nil
	}
	return e
}

// drawWaivers draws waivers of the first token and its owner.
func drawWaivers(t *rapid.T) (waivers []*audit.Decision) {
	for range rapid.IntRange(0, 3).Draw(t, "waivers") {
		waivers = append(waivers, &audit.Decision{
			TokenID: rapid.SampledFrom([]int64{11, 11, 11, 12}).Draw(t, "token"),
			OwnerID: rapid.SampledFrom([]int64{5, 5, 5, 6}).Draw(t, "owner"),
			Kind:    rapid.SampledFrom([]string{audit.Waive, audit.Waive, audit.Keep}).Draw(t, "kind"),
			Rule:    rapid.SampledFrom([]string{"selection", "permissions"}).Draw(t, "rule"),
			Basis: rapid.SliceOfDistinct(rapid.SampledFrom([]string{"a", "b", "c"}),
				rapid.ID[string]).Draw(t, "basis"),
			Severity: drawSeverity().Draw(t, "severity"), Reach: audit.AllRepositories(),
			Until: rapid.SampledFrom([]time.Time{thatDay, dayPast}).Draw(t, "until"),
		})
	}
	return waivers
}

// TestWaiversCoverTheirBasis: a finding is waived only by a waiver of its rule, token and owner
// that is valid and accepts all that it rests on; and then it is.
func TestWaiversCoverTheirBasis(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := drawPolicy(t)
		judged := findingsOf(reaching(), policy)
		policy.Decisions = drawWaivers(t)
		for i, f := range findingsOf(reaching(), policy) {
			accepted := slices.ContainsFunc(policy.Decisions, func(d *audit.Decision) bool {
				return d.Kind == audit.Waive && d.TokenID == 11 && d.OwnerID == 5 &&
					d.Rule == f.Rule.Rule.ID && !d.Until.Before(thatDay) &&
					judged[i].Severity <= d.Severity &&
					!slices.ContainsFunc(judged[i].Basis, func(element string) bool {
						return !slices.Contains(d.Basis, element)
					})
			})
			want := judged[i].Status
			if want == audit.Fail && accepted {
				want = audit.Waived
			}
			if f.Status != want || f.Severity != judged[i].Severity {
				t.Fatalf("%s, want %s, with %+v", answer(f), want, policy.Decisions)
			}
		}
	})
}

// TestAddingNeverRemoves: another token, or another decision about it, changes no finding.
func TestAddingNeverRemoves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := drawPolicy(t)
		policy.Decisions = drawWaivers(t)
		e := without(audit.Facts(rapid.Uint16Range(0, 1<<10-1).Draw(t, "unknown")))
		before := findingsOf(e, policy)
		another := without(audit.Facts(rapid.Uint16Range(0, 1<<10-1).Draw(t, "of another"))).Tokens[0]
		another.ID, another.TokenID = 2, rapid.SampledFrom([]int64{0, 12, 13}).Draw(t, "its id")
		another.Name = rapid.SampledFrom([]string{"", "x", "release-x"}).Draw(t, "its name")
		e.Tokens = append(e.Tokens, another)
		for i, f := range findingsOf(e, policy) {
			if answer(f) != answer(before[i]) || f.Waiver != before[i].Waiver {
				t.Fatalf("%s became %s", answer(before[i]), answer(f))
			}
		}
	})
}

// drawBaseline draws debts of the first token.
func drawBaseline(t *rapid.T) *audit.Baseline {
	baseline := new(audit.Baseline)
	for _, rule := range []string{"selection", "permissions", "repositories"} {
		if rapid.Bool().Draw(t, "a debt of "+rule) {
			baseline.Debts = append(baseline.Debts, audit.Debt{
				Kind: audit.KindGrant, ID: 1, Rule: rule, Basis: []string{"a", "b", "c"},
				Severity: drawSeverity().Draw(t, "owed"), Until: thatDay,
			})
		}
	}
	return baseline
}
