// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
)

// says is a checker that always answers the same.
type says audit.Verdict

func (s says) Check(*audit.Subject) audit.Verdict { return audit.Verdict(s) }

// asking makes a rule with an answer, as a policy asks it.
func asking(id string, verdict audit.Verdict, needs audit.Facts) audit.PolicyRule {
	return audit.PolicyRule{
		Rule:     &audit.Rule{ID: id, Severity: audit.High, Needs: needs},
		Checker:  says(verdict),
		Severity: audit.High, Asked: true, Required: true,
	}
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// atNoon are the options of a run that is judged then.
var atNoon = audit.Options{AsOf: noon}

// seen is complete evidence of one token about which everything is known.
func seen() *audit.Evidence {
	return &audit.Evidence{
		Organization: &audit.Organization{Login: "acme", Known: audit.FactOrganizationRepositories},
		Tokens: []*audit.Token{{
			ID: 1, TokenID: 11, Owner: &audit.Member{ID: 5, Login: "octocat"}, Known: ^audit.Facts(0),
		}},
		Coverage:    allComplete(),
		CollectedAt: noon,
	}
}

func allComplete() (coverage []audit.Coverage) {
	for _, source := range audit.Sources {
		coverage = append(coverage, audit.Coverage{Source: source, Status: audit.Complete})
	}
	return coverage
}

func asked(rules ...audit.PolicyRule) *audit.Policy {
	return &audit.Policy{FailOn: audit.Medium, Rules: rules}
}

func TestOutcome(t *testing.T) {
	pass := asking("a", audit.Verdict{Status: audit.Pass}, audit.FactMembership)
	fail := asking("b", audit.Verdict{Status: audit.Fail}, 0)
	mild := asking("c", audit.Verdict{Status: audit.Fail, Severity: audit.Low}, 0)
	forgotten := asking("d", audit.Verdict{}, 0)
	optional := forgotten
	optional.Required = false
	unknown := func(e *audit.Evidence) { e.Tokens[0].Known &^= audit.FactMembership }
	source := func(name string, status audit.CoverageStatus) func(*audit.Evidence) {
		return func(e *audit.Evidence) {
			e.Coverage = slices.DeleteFunc(e.Coverage, func(c audit.Coverage) bool {
				return c.Source == name
			})
			if status != audit.NotAsked {
				e.Coverage = append(e.Coverage, audit.Coverage{Source: name, Status: status})
			}
		}
	}
	list := func(status audit.CoverageStatus) func(*audit.Evidence) {
		return source(audit.SourceTokens, status)
	}
	tests := []struct {
		name   string
		change func(*audit.Evidence)
		rules  []audit.PolicyRule
		want   audit.Outcome
	}{
		{"clean", nil, []audit.PolicyRule{pass}, audit.Clean},
		{"fails", nil, []audit.PolicyRule{pass, fail}, audit.Violations},
		{"fails below the threshold", nil, []audit.PolicyRule{mild}, audit.Clean},
		{"forgotten answer", nil, []audit.PolicyRule{forgotten}, audit.Incomplete},
		{"forgotten, not required", nil, []audit.PolicyRule{optional}, audit.Clean},
		{
			"forgotten, and another fails", nil,
			[]audit.PolicyRule{forgotten, fail},
			audit.ViolationsIncomplete,
		},
		{"a pass on an unknown fact", unknown, []audit.PolicyRule{pass}, audit.Incomplete},
		{"a fail despite an unknown fact", unknown, []audit.PolicyRule{fail}, audit.Violations},
		{"no list", func(e *audit.Evidence) { e.Coverage = nil }, nil, audit.Incomplete},
		{"partial list", list(audit.Partial), nil, audit.Incomplete},
		{"unverified list", list(audit.Unverified), nil, audit.Incomplete},
		{"no tokens", func(e *audit.Evidence) { e.Tokens = nil }, nil, audit.Incomplete},
		{
			"a needed source", source(audit.SourceMembers, audit.Partial),
			[]audit.PolicyRule{pass},
			audit.Incomplete,
		},
		{
			"a needed source that was not asked", source(audit.SourceMembers, audit.NotAsked),
			[]audit.PolicyRule{pass},
			audit.Incomplete,
		},
		{
			"nobody outside to ask about", source(audit.SourceOutsideCollaborators, audit.NotAsked),
			[]audit.PolicyRule{pass},
			audit.Clean,
		},
		{
			"people outside who were not told of",
			source(audit.SourceOutsideCollaborators, audit.Refused),
			[]audit.PolicyRule{pass},
			audit.Incomplete,
		},
		{
			"people outside of whom some were told",
			source(audit.SourceOutsideCollaborators, audit.Partial),
			[]audit.PolicyRule{pass},
			audit.Incomplete,
		},
		{"evidence from after the judgement", func(e *audit.Evidence) {
			e.CollectedAt = noon.AddDate(0, 0, 2)
		}, []audit.PolicyRule{pass}, audit.Incomplete},
		{"a source that nothing needs", source(audit.SourceMembers, audit.Partial), nil, audit.Clean},
		{"the organization", source(audit.SourceOrganization, audit.Refused), nil, audit.Incomplete},
		{"pending requests", source(audit.SourceRequests, audit.Refused), nil, audit.Clean},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			evidence := seen()
			if test.change != nil {
				test.change(evidence)
			}
			run := audit.Evaluate(evidence, asked(test.rules...), atNoon)
			if got := run.Outcome(); got != test.want {
				t.Errorf("%s, want %s: %q", got, test.want, run.Incomplete)
			}
			if run.Complete != (len(run.Incomplete) == 0) {
				t.Errorf("complete %v, but %q", run.Complete, run.Incomplete)
			}
		})
	}
	t.Run("no tokens, allowed", func(t *testing.T) {
		evidence, options := seen(), atNoon
		evidence.Tokens, options.AllowEmpty = nil, true
		if got := audit.Evaluate(evidence, asked(pass), options).Outcome(); got != audit.Clean {
			t.Error(got)
		}
	})
}

// TestAsOf: unless it is told otherwise, a run judges by the clock of the evidence.
func TestAsOf(t *testing.T) {
	if run := audit.Evaluate(seen(), asked(), audit.Options{}); !run.AsOf.Equal(noon) {
		t.Errorf("judged as of %v", run.AsOf)
	}
}

// TestWithoutHistory: a rule that compares with an earlier run is not asked where there is none.
func TestWithoutHistory(t *testing.T) {
	policy := asked(asking("a", audit.Verdict{Status: audit.Fail}, audit.FactHistory))
	run := audit.Evaluate(seen(), policy, atNoon)
	if run.Rules[0].Asked || run.Outcome() != audit.Clean || !policy.Rules[0].Asked {
		t.Errorf("asked %v, %s", run.Rules[0].Asked, run.Outcome())
	}
}

// TestNotSeen: what is refused but not required is said.
func TestNotSeen(t *testing.T) {
	evidence := seen()
	for i := range evidence.Coverage {
		if c := &evidence.Coverage[i]; c.Source == audit.SourceRequests {
			c.Status, c.Reason = audit.Refused, audit.Because("the App lacks a permission")
		}
	}
	optional := asking("owner-without-2fa", audit.Verdict{}, 0)
	optional.Required = false
	run := audit.Evaluate(evidence, asked(optional), atNoon)
	all := run.NotSeen.String()
	for _, want := range []string{
		"classic tokens", "pending requests (the App lacks a permission)",
		"owner-without-2fa: the only token",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("not seen: %s; want %q", all, want)
		}
	}
}

// TestSeverity: a verdict is held to what the policy lets its rule say.
func TestSeverity(t *testing.T) {
	for _, test := range []struct{ says, want audit.Severity }{
		{audit.NoSeverity, audit.High},
		{audit.Low, audit.Low},
		{audit.Critical, audit.High},
	} {
		rule := asking("a", audit.Verdict{Status: audit.Fail, Severity: test.says}, 0)
		for result := range audit.Evaluate(seen(), asked(rule), atNoon).Results() {
			if result.Severity != test.want || result.Findings[0].Severity != test.want {
				t.Errorf("%s became %s, want %s", test.says, result.Severity, test.want)
			}
		}
	}
}

// TestExpired: an expired grant can no longer act; only rules made for it are asked.
func TestExpired(t *testing.T) {
	fail := asking("a", audit.Verdict{Status: audit.Fail}, 0)
	about := asking("b", audit.Verdict{Status: audit.Fail}, 0)
	about.Rule.OfExpired = true
	evidence := seen()
	evidence.Tokens[0].Expired = true
	for result := range audit.Evaluate(evidence, asked(fail, about), atNoon).Results() {
		var got []audit.Status
		for _, finding := range result.All() {
			got = append(got, finding.Status)
		}
		if want := []audit.Status{audit.NotApplicable, audit.Fail}; !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
}

// TestCounts: the figures balance, whatever is asked.
func TestCounts(t *testing.T) {
	off := asking("off", audit.Verdict{Status: audit.Fail}, 0)
	off.Asked = false
	policy := asked(
		asking("a", audit.Verdict{Status: audit.Pass}, 0), off,
		asking("b", audit.Verdict{Status: audit.Fail, Severity: audit.Low}, 0),
		asking("c", audit.Verdict{Status: audit.Fail}, 0),
	)
	evidence := seen()
	evidence.Tokens = append(evidence.Tokens, &audit.Token{ID: 2, Owner: evidence.Tokens[0].Owner})
	evidence.Requests = []*audit.Request{{Token: &audit.Token{ID: 9}}}
	run := audit.Evaluate(evidence, policy, atNoon)
	s := run.Summary
	if s.Tokens != 2 || s.People != 1 || s.Failing != 2 || s.Violating != 2 || s.Requests != 1 ||
		s.RequestsViolating != 1 {
		t.Errorf("%+v", s)
	}
	if s.Findings[audit.Fail] != 4 || s.BySeverity[audit.Low] != 2 || s.BySeverity[audit.High] != 2 ||
		s.ByWorst[audit.High] != 2 {
		t.Errorf("%+v", s)
	}
	if run.Rules[1].Counts != (audit.Counts{}) || run.Rules[3].Counts[audit.Fail] != 2 {
		t.Errorf("%+v", run.Rules)
	}
}

// TestDecisions: a decision is bound to token and owner, and holds through its last day.
func TestDecisions(t *testing.T) {
	var given int
	policy := asked(audit.PolicyRule{
		Rule: &audit.Rule{ID: "a"}, Asked: true, Severity: audit.High,
		Checker: checkerFunc(func(s *audit.Subject) audit.Verdict {
			given = len(s.Decisions)
			return audit.Verdict{Status: audit.Pass}
		}),
	})
	day := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		decision audit.Decision
		want     int
	}{
		{audit.Decision{TokenID: 11, OwnerID: 5, Until: day}, 1},
		{audit.Decision{TokenID: 11, OwnerID: 5, Until: day.AddDate(0, 0, -1)}, 0},
		{audit.Decision{TokenID: 11, OwnerID: 6, Until: day}, 0},
		{audit.Decision{TokenID: 1, OwnerID: 5, Until: day}, 0},
	} {
		policy.Decisions = []*audit.Decision{&test.decision}
		audit.Evaluate(seen(), policy, atNoon)
		if given != test.want {
			t.Errorf("%+v: %d decisions, want %d", test.decision, given, test.want)
		}
	}
	policy.Decisions = []*audit.Decision{{TokenID: 11, OwnerID: 5, Until: day}}
	midnight := day.AddDate(0, 0, 1)
	for at, want := range map[time.Time]int{midnight.Add(-1): 1, midnight: 0} {
		if audit.Evaluate(seen(), policy, audit.Options{AsOf: at}); given != want {
			t.Errorf("at %v: %d decisions, want %d", at, given, want)
		}
	}
}

type checkerFunc func(*audit.Subject) audit.Verdict

func (f checkerFunc) Check(s *audit.Subject) audit.Verdict { return f(s) }

func TestFacts(t *testing.T) {
	all := ^audit.Facts(0)
	parsed, unknown := audit.ParseFacts(all.Names())
	if unknown != "" || !slices.Equal(parsed.Names(), all.Names()) {
		t.Errorf("%v, %q", parsed, unknown)
	}
	if _, unknown := audit.ParseFacts([]string{"owner", "shoe_size"}); unknown != "shoe_size" {
		t.Errorf("unknown %q", unknown)
	}
}

func TestParseSeverity(t *testing.T) {
	for _, name := range audit.SeverityNames() {
		if s, err := audit.ParseSeverity(name); err != nil || s.String() != name {
			t.Errorf("%s became %s, %v", name, s, err)
		}
	}
	for _, name := range []string{"", "none", "High", "severe"} {
		if s, err := audit.ParseSeverity(name); err == nil {
			t.Errorf("%q became %s", name, s)
		}
	}
}
