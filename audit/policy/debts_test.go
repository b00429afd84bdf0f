// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
)

// answers are what a fake rule says, by grant id; a Pass of any other.
type answers map[int64]audit.Verdict

func (a answers) Check(s *audit.Subject) audit.Verdict {
	if verdict, ok := a[s.Token.ID]; ok {
		return verdict
	}
	return audit.Verdict{Status: audit.Pass}
}

func fails(severity audit.Severity, basis ...string) audit.Verdict {
	return audit.Verdict{Status: audit.Fail, Severity: severity, Basis: basis}
}

// situation is what one rule says of an organization's grants.
type situation struct {
	says      answers
	tokens    []int64
	requests  []int64
	list      audit.CoverageStatus // Complete unless it says otherwise
	waiting   audit.CoverageStatus // the list of requests; likewise
	login     string               // acme
	asOf      time.Time            // today
	baseline  *audit.Baseline
	notAsked  bool
	knowsLess bool
	waivedBy  *audit.Decision
}

func (s situation) run() *audit.Run {
	rule := &audit.Rule{ID: "unused", Needs: audit.FactLastUsed}
	p := &audit.Policy{
		FailOn: audit.High, Baseline: s.baseline,
		Rules: []audit.PolicyRule{{
			Rule: rule, Checker: s.says, Severity: audit.Critical, Asked: !s.notAsked,
		}},
	}
	if s.waivedBy != nil {
		p.Decisions = []*audit.Decision{s.waivedBy}
	}
	if s.list == "" {
		s.list = audit.Complete
	}
	if s.waiting == "" {
		s.waiting = audit.Complete
	}
	if s.login == "" {
		s.login = "acme"
	}
	if s.asOf.IsZero() {
		s.asOf = today.Add(6 * time.Hour)
	}
	e := &audit.Evidence{
		Organization: &audit.Organization{Login: s.login},
		Coverage: []audit.Coverage{
			{Source: audit.SourceTokens, Status: s.list},
			{Source: audit.SourceRequests, Status: s.waiting},
		},
	}
	token := func(id int64) *audit.Token {
		t := &audit.Token{
			ID: id, TokenID: id, Known: ^audit.Facts(0), Owner: &audit.Member{ID: 5, Login: "o"},
		}
		if s.knowsLess {
			t.Known &^= audit.FactLastUsed
		}
		return t
	}
	for _, id := range s.tokens {
		e.Tokens = append(e.Tokens, token(id))
	}
	for _, id := range s.requests {
		e.Requests = append(e.Requests, &audit.Request{Token: token(id)})
	}
	return audit.Evaluate(e, p, audit.Options{AsOf: s.asOf})
}

var (
	until = date(2027, 5, 21)
	later = today.AddDate(0, 1, 0)
)

func debt(kind string, id int64, severity audit.Severity, basis ...string) audit.Debt {
	return audit.Debt{
		Kind: kind, ID: id, Rule: "unused", Basis: basis, Severity: severity,
		FirstSeen: today, Until: until,
	}
}

func acme(debts ...audit.Debt) *audit.Baseline {
	return &audit.Baseline{Organization: "acme", Created: today, Until: until, Debts: debts}
}

// TestNewBaseline: every failing finding of a token is accepted, of any severity; a run that is
// judged with it has nothing new. Pending requests wait for a decision, and are no debt.
func TestNewBaseline(t *testing.T) {
	s := situation{
		tokens: []int64{1, 2, 3, 4}, requests: []int64{1, 9},
		says: answers{
			1: fails(
				audit.Info,
				"a",
				"b",
			), 3: fails(audit.Critical, "c"), 9: fails(audit.High, "d"),
			4: {Status: audit.Indeterminate},
		},
	}
	got, _ := policy.NewBaseline(s.run(), until.Add(7*time.Hour))
	want := acme(
		debt("token", 1, audit.Info, "a", "b"), debt("token", 3, audit.Critical, "c"),
	)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	s.baseline = got
	run := s.run()
	if run.Summary.Violating != 0 || run.Summary.RequestsViolating != 1 || run.Debt.Left != 2 {
		t.Errorf("%+v, %+v", run.Summary, run.Debt)
	}
	s.waivedBy = &audit.Decision{
		TokenID: 3, OwnerID: 5, Kind: audit.Waive, Rule: "unused", Basis: []string{"c"},
		Severity: audit.Critical, Until: until,
	}
	s.says[2] = fails(audit.High) // and nothing that could be accepted
	if got, _ := policy.NewBaseline(s.run(), until); len(got.Debts) != 1 {
		t.Errorf("with a waiver, and without a basis: %+v", got.Debts)
	}
}

func TestGrow(t *testing.T) {
	old := acme(debt("token", 1, audit.Medium, "a"), debt("token", 2, audit.Medium, "a"),
		debt("token", 3, audit.Medium, "a"), debt("token", 5, audit.Medium, "a"))
	s := situation{
		tokens: []int64{1, 2, 3, 4}, asOf: later,
		says: answers{
			1: fails(audit.Low, "a"),         // as it did, or milder
			2: fails(audit.Medium, "a", "b"), // by more
			3: fails(audit.High, "a"),        // worse
			4: fails(audit.Low, "x"),         // new
		},
	}
	more := until.AddDate(0, 1, 0)
	want := acme(debt("token", 1, audit.Medium, "a"), debt("token", 2, audit.Medium, "a", "b"),
		debt("token", 3, audit.High, "a"), debt("token", 4, audit.Low, "x"),
		debt("token", 5, audit.Medium, "a"))
	want.Debts[3].FirstSeen = later
	for i := 1; i < 4; i++ {
		want.Debts[i].Until = more
	}
	want.Until = more
	want.Accepted = []audit.Acceptance{{On: later, Reason: "they joined", Added: 3}}
	for _, judgedWith := range []*audit.Baseline{nil, old} {
		s.baseline = judgedWith
		got, growth := policy.Grow(old, s.run(), more, "they joined")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(want.Debts[1:4], growth.Added); diff != "" {
			t.Error(diff)
		}
	}
	if len(old.Debts) != 4 || len(old.Accepted) != 0 || old.Debts[1].Severity != audit.Medium {
		t.Errorf("the old one was changed: %+v", old)
	}
	same, growth := policy.Grow(want, s.run(), more.AddDate(1, 0, 0), "again")
	if diff := cmp.Diff(want, same); diff != "" || len(growth.Added) > 0 {
		t.Errorf("%d added\n%s", len(growth.Added), diff)
	}
	s.asOf = until.AddDate(0, 0, 1) // token 1's last day is over
	if _, growth := policy.Grow(want, s.run(), more, "longer"); len(growth.Added) != 1 ||
		growth.Added[0].FirstSeen != today {
		t.Errorf("%+v", growth)
	}
	s.login = "other"
	if got, growth := policy.Grow(old, s.run(), more, "x"); len(growth.Added) > 0 ||
		!cmp.Equal(got, old) {
		t.Errorf("of another organization: %+v", got)
	}
}

func TestPrune(t *testing.T) {
	one := debt("token", 1, audit.High, "a", "b")
	request := debt("request", 1, audit.High, "a", "b")
	type change = func(*situation)
	says := func(verdict audit.Verdict) change {
		return func(s *situation) { s.says = answers{1: verdict} }
	}
	gone := func(s *situation) { s.tokens, s.requests = []int64{2}, nil }
	all := func(changes ...change) change {
		return func(s *situation) {
			for _, change := range changes {
				change(s)
			}
		}
	}
	partial := func(s *situation) { s.list = audit.Partial }
	refused := func(s *situation) { s.waiting = audit.Refused }
	narrower := debt("token", 1, audit.High, "b")
	milder := debt("token", 1, audit.Low, "a", "b")
	for _, test := range []struct {
		name   string
		debt   audit.Debt
		change change
		want   *audit.Debt // nil: dropped
	}{
		{"as it was", one, says(fails(audit.High, "a", "b")), &one},
		{"passes", one, says(audit.Verdict{Status: audit.Pass}), nil},
		{"does not apply", one, says(audit.Verdict{Status: audit.NotApplicable}), nil},
		{"indeterminate", one, says(audit.Verdict{}), &one},
		{"less", one, says(fails(audit.High, "b")), &narrower},
		{"less, and more", one, says(fails(audit.High, "b", "c")), &narrower},
		{
			"less is known", one,
			all(says(fails(audit.High, "b")), func(s *situation) { s.knowsLess = true }), &one,
		},
		{"milder", one, says(fails(audit.Low, "a", "b")), &milder},
		{"worse", one, says(fails(audit.Critical, "a", "b")), &one},
		{"something else", one, says(fails(audit.High, "c")), nil},
		{"not asked", one, func(s *situation) { s.notAsked = true }, &one},
		{"gone", one, gone, nil},
		{"not listed", one, all(gone, partial), &one},
		{
			"waived", one, all(says(fails(audit.High, "a")), func(s *situation) {
				s.waivedBy = &audit.Decision{
					TokenID: 1, OwnerID: 5, Kind: audit.Waive, Rule: "unused", Basis: []string{"a"},
					Severity: audit.High, Until: until,
				}
			}), nil,
		},
		{"past its day", one, all(says(fails(audit.High, "a", "b")), func(s *situation) {
			s.asOf = until.AddDate(1, 0, 0)
		}), &one},
		{"of another organization", one, all(gone, func(s *situation) { s.login = "other" }), &one},
		{"of a request", request, says(fails(audit.High, "a", "b")), &request},
		{"of a request that is gone", request, all(gone, partial), nil},
		{"of a request that is not listed", request, all(gone, refused), &request},
		{"gone, and no requests", one, all(gone, refused), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := situation{tokens: []int64{1, 2}, requests: []int64{1}}
			test.change(&s)
			b := acme(test.debt)
			pruned := policy.Prune(b, s.run())
			kept, dropped := pruned.Kept, pruned.Dropped
			unjudged := slices.Contains([]string{
				"indeterminate", "not asked", "not listed", "of a request that is not listed",
			}, test.name)
			if unjudged != (len(pruned.Unjudged) == 1) {
				t.Errorf("not judged: %+v", pruned.Unjudged)
			}
			want, wantDropped := acme(), []audit.Debt{test.debt}
			if test.want != nil {
				want, wantDropped = acme(*test.want), nil
			}
			if diff := cmp.Diff(want.Debts, kept.Debts, equalEmpty); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(wantDropped, dropped, equalEmpty); diff != "" {
				t.Error(diff)
			}
			s.baseline = b // what a run says of its debts is what is dropped
			if d := s.run().Debt; d != nil && len(dropped) != d.Waived+d.Gone &&
				test.name != "something else" {
				t.Errorf("%d dropped, and the run says %+v", len(dropped), d)
			}
			if !cmp.Equal(b, acme(test.debt)) {
				t.Errorf("the old one was changed: %+v", b)
			}
		})
	}
}

// equalEmpty takes no debts and a list without any for the same.
var equalEmpty = cmp.Transformer("empty", func(debts []audit.Debt) map[int]audit.Debt {
	all := map[int]audit.Debt{}
	for i, d := range debts {
		all[i] = d
	}
	return all
})
