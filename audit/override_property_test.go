// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// TestNamesOnlyTighten: no name that an owner may choose makes any rule say less, whatever was
// waived. What is unclear without it may become a failure, and so be accepted.
func TestNamesOnlyTighten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := drawPolicy(t)
		policy.Decisions = drawWaivers(t)
		e := without(audit.Facts(rapid.Uint16Range(0, 1<<10-1).Draw(t, "unknown")))
		named := findingsOf(e, policy)
		e.Tokens[0].Name = "y" // that no glob matches
		for i, other := range findingsOf(e, policy) {
			if weightOf(named[i]) < weightOf(other) &&
				!(weightOf(named[i]) == accepted && other.Status == audit.Indeterminate) {
				t.Fatalf("named %s, else %s", answer(named[i]), answer(other))
			}
		}
	})
}

// TestOnlyIDsLoosen: whatever an owner makes of a token, no override makes the verdict or any
// answer milder than the policy's own, but one that is bound to the ids of this token or its
// owner, and looks at nothing else, or at all that the token is known to reach. What is unclear
// may become a failure, and so be accepted.
func TestOnlyIDsLoosen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := drawPolicy(t)
		policy.Decisions, policy.Baseline = drawWaivers(t), drawBaseline(t)
		e := drawTokenChange(t, without(audit.Facts(rapid.Uint16Range(0, 1<<10-1).Draw(t, "unknown"))))
		own := *policy // with those that may loosen
		own.Overrides = slices.DeleteFunc(slices.Clone(policy.Overrides), func(o audit.Override) bool {
			return len(effectsOf(&o.When, e, replacing)) == 0
		})
		judged := findingsOf(e, policy)
		for i, f := range findingsOf(e, &own) {
			if weightOf(judged[i]) < weightOf(f) &&
				!(weightOf(judged[i]) == accepted && f.Status == audit.Indeterminate) {
				t.Fatalf("%s, and without the others %s", answer(judged[i]), answer(f))
			}
		}
		if len(own.Overrides) > 0 {
			return
		}
		with, before := audit.Evaluate(e, policy, atNoon), audit.Evaluate(e, &own, atNoon)
		if with.Complete && !before.Complete || with.Summary.Violating < before.Summary.Violating {
			t.Fatalf("%v, and by the policy alone %v", with.Outcome(), before.Outcome())
		}
	})
}

// drawTokenChange makes of the token what its owner may make of it.
func drawTokenChange(t *rapid.T, e *audit.Evidence) *audit.Evidence {
	token := e.Tokens[0]
	token.Name = rapid.SampledFrom([]string{"Release-Bot", "x", "y", ""}).Draw(t, "name")
	token.Selection = rapid.SampledFrom([]audit.Selection{
		audit.SelectSubset, audit.SelectSubset, audit.SelectAll, audit.SelectNone,
	}).Draw(t, "selection")
	token.Repositories = nil
	for _, name := range []string{"acme/docs", "acme/infra-dns", "acme/vault"} {
		if rapid.Bool().Draw(t, name) {
			token.Repositories = append(token.Repositories, &audit.Repository{Name: name})
		}
	}
	token.Permissions = []audit.Permission{{
		Group: "repository", Name: "contents",
		Level: rapid.SampledFrom([]string{"read", "write", "admin"}).Draw(t, "level"),
	}}
	token.ExpiresAt = noon.AddDate(0, 0, rapid.IntRange(1, 400).Draw(t, "renewed for"))
	return e
}

const accepted = 2 // a failure's weight

// weightOf orders answers: of failures, those that nobody accepted weigh by their severity.
func weightOf(f *audit.Finding) int {
	switch {
	case f.Status == audit.Fail && !f.InBaseline:
		return 10 + int(f.Severity)
	case f.Status == audit.Indeterminate:
		return 3
	case f.Status == audit.Fail, f.Status == audit.Waived:
		return accepted
	case f.Status == audit.Pass:
		return 1
	}
	return 0
}

// TestOverridesAsInAnyWorld holds the answers of policies with overrides against those of each
// world that may be: one in which it is known of each override what it does. What a world fails,
// and by what, is told there by counting; of several worlds only what all say is certain, and
// clean is what all call so.
func TestOverridesAsInAnyWorld(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := drawPolicy(t)
		e := drawTokenChange(t, without(audit.Facts(rapid.Uint16Range(0, 1<<10-1).Draw(t, "unknown"))))
		judged := findingsOf(e, policy)
		alone := func(rules []audit.PolicyRule) []*audit.Finding {
			return findingsOf(e, asked(rules...))
		}
		worlds := [][2][][]*audit.Finding{{}} // what judges in the policy's place, and beside it
		for i := range policy.Overrides {
			o := &policy.Overrides[i]
			effects, answers := effectsOf(&o.When, e, unmatched, beside, replacing), alone(o.Rules)
			var more [][2][][]*audit.Finding
			for _, world := range worlds {
				for _, effect := range effects {
					instead, also := slices.Clone(world[0]), slices.Clone(world[1])
					switch effect {
					case replacing:
						instead = append(instead, answers)
					case beside:
						also = append(also, answers)
					}
					more = append(more, [2][][]*audit.Finding{instead, also})
				}
			}
			worlds = more
		}
		own := alone(policy.Rules)
		clean := audit.Evaluate(e, policy, atNoon).Outcome() == audit.Clean
		for k := range judged {
			var all []told
			for _, world := range worlds {
				counting := slices.Concat(world[0], world[1])
				if len(world[0]) == 0 {
					counting = append(counting, own)
				}
				all = append(all, inOneWorld(counting, k))
			}
			if got, want := toldBy(judged[k]), inEach(all); got != want {
				t.Fatalf("%s is %+v, want %+v of %+v", answer(judged[k]), got, want, all)
			}
			for _, world := range all {
				if clean && (world.status == audit.Indeterminate || world.unclear ||
					world.severity >= policy.FailOn) {
					t.Fatalf("clean, but perhaps %+v", world)
				}
			}
		}
	})
}

// told is what a finding says, in values that can be compared.
type told struct {
	status             audit.Status
	severity, toAccept audit.Severity
	basis              string
	unclear            bool
}

func toldBy(f *audit.Finding) told {
	is := told{f.Status, f.Severity, f.ToAccept(), strings.Join(f.Basis, " "), f.Unclear}
	if f.Status == audit.NotApplicable {
		is.status = audit.Pass
	}
	return is
}

// inOneWorld tells what several answers of one rule come to.
func inOneWorld(answers [][]*audit.Finding, k int) (is told) {
	count, basis := map[audit.Status]int{}, map[string]bool{}
	for _, findings := range answers {
		f := findings[k]
		count[f.Status]++
		is.severity = max(is.severity, f.Severity)
		for _, element := range f.Basis {
			basis[element] = true
		}
	}
	is.basis = strings.Join(slices.Sorted(maps.Keys(basis)), " ")
	switch is.toAccept = is.severity; {
	case count[audit.Fail] > 0:
		is.status, is.unclear = audit.Fail, count[audit.Indeterminate] > 0
	case count[audit.Indeterminate] > 0:
		is.status = audit.Indeterminate
	default:
		is.status = audit.Pass
	}
	return is
}

// inEach tells what all worlds agree on.
func inEach(worlds []told) told {
	is := worlds[0]
	fails := 0
	for _, world := range worlds {
		if world.status == audit.Fail {
			fails++
		}
	}
	for _, world := range worlds {
		switch {
		case fails > 0 && fails < len(worlds):
			return told{status: audit.Indeterminate}
		case fails == 0 && world.status == audit.Indeterminate:
			is.status = audit.Indeterminate
		}
		is.severity = min(is.severity, world.severity)
		is.toAccept = max(is.toAccept, world.toAccept)
		is.unclear = is.unclear || world.unclear
		elements := strings.Fields(is.basis + " " + world.basis)
		slices.Sort(elements)
		is.basis = strings.Join(slices.Compact(elements), " ")
	}
	return is
}

// TestOrderOfOverrides: it changes nothing at all.
func TestOrderOfOverrides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := drawPolicy(t)
		policy.Decisions, policy.Baseline = drawWaivers(t), drawBaseline(t)
		e := without(audit.Facts(rapid.Uint16Range(0, 1<<10-1).Draw(t, "unknown")))
		shuffled := *policy
		shuffled.Overrides = rapid.Permutation(policy.Overrides).Draw(t, "in another order")
		other := findingsOf(e, &shuffled)
		for i, f := range findingsOf(e, policy) {
			if answer(f) != answer(other[i]) || f.Message != other[i].Message ||
				toldBy(f) != toldBy(other[i]) || f.Missing != other[i].Missing {
				t.Fatalf("%s, in another order %s", answer(f), answer(other[i]))
			}
		}
	})
}

// TestMatcherAll: what an override is to a selection of all is found once, however many tokens
// have one, and is what it is to any one of the organization's repositories.
func TestMatcherAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOf(rapid.SampledFrom([]string{"Infra-1", "infra-2", "vault", "x"}))
		e := reaching()
		o, token := e.Organization, e.Tokens[0]
		o.Repositories = nil
		for _, name := range names.Draw(t, "repositories") {
			o.Repositories = append(o.Repositories, &audit.Repository{Name: "acme/" + name})
		}
		matcher := (&audit.Condition{Repositories: rapid.SliceOfN(rapid.SampledFrom([]string{
			"infra-*", "acme/vault", "other/*",
		}), 1, 3).Draw(t, "globs")}).Matcher(o)
		some := false
		for _, r := range o.Repositories {
			token.Repositories = []*audit.Repository{r}
			one, _ := matcher.Matches(&audit.Subject{Token: token, Organization: o})
			some = some || one
		}
		token.Selection, o.Repositories = audit.SelectAll, nil // so nobody looks at them again
		for range 2 {
			all, certain := matcher.Matches(&audit.Subject{Token: token, Organization: o})
			if all != some || !certain {
				t.Fatalf("%v, %v of all, %v of any", all, certain, some)
			}
		}
	})
}
