// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// TestExactKeep holds that a decision to keep a token that says what the token could do accepts no
// more than that, whatever runs had seen by its day; and that its end ends nothing.
func TestExactKeep(t *testing.T) {
	grows := asking("r", audit.Verdict{}, 0)
	grows.Checker = checkerFunc(func(s *audit.Subject) audit.Verdict {
		more := audit.Grown(s.Accepted(noon.AddDate(-9, 0, 0)), s.Token)
		if len(more) > 0 {
			return audit.Verdict{Status: audit.Fail, Basis: more}
		}
		return audit.Verdict{Status: audit.Pass}
	})
	rapid.Check(t, func(t *rapid.T) {
		draw := func(token audit.Token, name string) *audit.Token {
			token.Selection, token.Permissions, token.Repositories = audit.SelectNone, nil, nil
			token.Known |= audit.FactPermissions | audit.FactSelection | audit.FactRepositories
			if level := rapid.SampledFrom([]string{"", "read", "write"}).Draw(t, name); level != "" {
				token.Permissions = []audit.Permission{{Group: "repository", Name: "a", Level: level}}
			}
			reach := drawReach(t)
			switch {
			case reach.All():
				token.Selection = audit.SelectAll
			case len(reach.IDs()) > 0:
				token.Selection = audit.SelectSubset
			}
			for _, id := range reach.IDs() {
				token.Repositories = append(token.Repositories, &audit.Repository{ID: id, Name: "o/r"})
			}
			return &token
		}
		e, policy := seen(), asked(grows)
		first, kept, now := *e.Tokens[0], draw(*e.Tokens[0], "kept"), draw(*e.Tokens[0], "now")
		first.Selection, first.Permissions = audit.SelectNone, nil
		first.Known |= audit.FactPermissions | audit.FactSelection | audit.FactRepositories
		e.Tokens[0] = now
		options := atNoon
		options.Memory = &audit.Memory{Earlier: true, Tokens: map[int64]*audit.Past{
			now.ID: {TokenID: now.TokenID, Sights: []audit.Sight{
				audit.SightOf(&first, noon.AddDate(0, 0, -3)), audit.SightOf(now, noon.AddDate(0, 0, -2)),
			}},
		}}
		policy.Decisions = []*audit.Decision{{
			TokenID: 11, OwnerID: 5, Kind: audit.Keep, Held: audit.Held(kept),
			Reach: audit.ReachOf(kept), On: thatDay, Until: thatDay.AddDate(0, 0, -1),
		}}
		want := audit.Clean
		if len(audit.Grown(kept, now)) > 0 {
			want = audit.Violations
		}
		if got := audit.Evaluate(e, policy, options).Outcome(); got != want {
			t.Errorf("kept %+v, now %+v: %s, want %s", kept, now, got, want)
		}
	})
}

// TestUnclearOfNoRequiredRule: where it is not known which override applies, a rule that is not
// required fails as the worst of its answers: what cannot be judged would count for nothing.
func TestUnclearOfNoRequiredRule(t *testing.T) {
	rules := func(severity audit.Severity) []audit.PolicyRule {
		rule := asking("x", audit.Verdict{
			Status: audit.Fail, Severity: severity, Basis: []string{"a"},
		}, 0)
		rule.Required = false
		return []audit.PolicyRule{rule}
	}
	for name, severities := range map[string][2]audit.Severity{
		"tightened": {audit.Info, audit.High}, "loosened": {audit.High, audit.Info},
	} {
		policy := asked(rules(severities[0])...)
		policy.Overrides = []audit.Override{{
			Name: "o", Rules: rules(severities[1]), When: audit.Condition{
				Owners: []audit.Account{{ID: 5}}, Repositories: []string{"docs-*"},
			},
		}}
		run := audit.Evaluate(without(audit.FactRepositories), policy, atNoon)
		if o := run.Outcome(); o != audit.Violations && o != audit.ViolationsIncomplete {
			t.Errorf("%s: %v", name, run.Outcome())
		}
	}
}

// TestKeepOfTheDayBefore holds that a decision accepts nothing that was first seen after its day,
// however early the instant is by which that is judged.
func TestKeepOfTheDayBefore(t *testing.T) {
	grows := asking("r", audit.Verdict{}, 0)
	grows.Checker = checkerFunc(func(s *audit.Subject) audit.Verdict {
		if more := audit.Grown(s.Accepted(time.Time{}), s.Token); len(more) > 0 {
			return audit.Verdict{Status: audit.Fail, Basis: more}
		}
		return audit.Verdict{Status: audit.Pass}
	})
	e, policy := seen(), asked(grows)
	e.CollectedAt = noon
	before, now := *e.Tokens[0], *e.Tokens[0]
	before.Permissions, now.Permissions = nil, right("write")
	before.Known |= audit.FactPermissions
	now.Known |= audit.FactPermissions
	e.Tokens[0] = &now
	options := audit.Options{AsOf: noon.Add(-13 * time.Hour), Memory: &audit.Memory{
		Earlier: true, Tokens: map[int64]*audit.Past{now.ID: {
			TokenID: now.TokenID, Sights: []audit.Sight{audit.SightOf(&before, noon.AddDate(0, 0, -3))},
		}},
	}}
	for days, want := range map[int]audit.Outcome{-1: audit.Violations, 0: audit.Clean} {
		policy.Decisions = []*audit.Decision{{
			TokenID: 11, OwnerID: 5, Kind: audit.Keep, Until: noon.AddDate(1, 0, 0),
			On: time.Date(2026, 11, 22+days, 0, 0, 0, 0, time.UTC),
		}}
		if got := audit.Evaluate(e, policy, options).Outcome(); got != want {
			t.Errorf("kept %d days after it was seen: %s, want %s", days, got, want)
		}
	}
}
