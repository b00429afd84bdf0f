// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
)

// reaching is evidence of one token that can and reaches this and that.
func reaching() *audit.Evidence {
	e := seen()
	token := e.Tokens[0]
	token.Name, token.Selection = "Release-Bot", audit.SelectSubset
	token.Repositories = []*audit.Repository{{Name: "acme/infra-dns"}, {Name: "acme/docs"}}
	token.Permissions = []audit.Permission{
		{Group: "organization", Name: "members", Level: "read"},
		{Group: "repository", Name: "contents", Level: "write"},
		{Group: "repository", Name: "pages", Level: "superuser"},
	}
	e.Organization.Repositories = []*audit.Repository{{Name: "acme/vault"}, {Name: "acme/docs"}}
	return e
}

// TestCondition: three-valued, part by part.
func TestCondition(t *testing.T) {
	const yes, no, unknown = "yes", "no", "unknown"
	all := func(e *audit.Evidence) { e.Tokens[0].Selection = audit.SelectAll }
	less := func(facts audit.Facts) func(*audit.Evidence) {
		return func(e *audit.Evidence) { e.Tokens[0].Known &^= facts }
	}
	ownerless := func(e *audit.Evidence) { e.Tokens[0].Owner = nil }
	nameless := func(e *audit.Evidence) { e.Tokens[0].Name, e.Tokens[0].TokenID = "", 0 }
	for _, test := range []struct {
		when   audit.Condition
		change func(*audit.Evidence)
		want   string
	}{
		{audit.Condition{Tokens: []int64{1, 11}}, nil, yes},
		{audit.Condition{Tokens: []int64{1}}, nil, no},
		{audit.Condition{Tokens: []int64{11}}, nameless, unknown},
		{audit.Condition{Owners: accounts(7, 5)}, nil, yes},
		{audit.Condition{Owners: []audit.Account{{ID: 7, Login: "octocat"}}}, nil, no},
		{audit.Condition{Owners: accounts(5)}, ownerless, unknown},
		{audit.Condition{Owners: accounts(5)}, func(e *audit.Evidence) {
			e.Tokens[0].Owner.ID = 0
		}, unknown},
		{audit.Condition{Names: []string{"release-*"}}, nil, yes},
		{audit.Condition{Names: []string{"release"}}, nil, no},
		{audit.Condition{Names: []string{"*"}}, nameless, unknown},
		{audit.Condition{Permissions: []string{"contents:read"}}, nil, yes},
		{audit.Condition{Permissions: []string{"repository:contents:write"}}, nil, yes},
		{audit.Condition{Permissions: []string{"contents:admin"}}, nil, no},
		{audit.Condition{Permissions: []string{"pages:admin"}}, nil, yes},
		{audit.Condition{Permissions: []string{"organization:contents:read"}}, nil, no},
		{audit.Condition{Permissions: []string{"members:write"}}, nil, no},
		{audit.Condition{Permissions: []string{"contents"}}, nil, no},
		{audit.Condition{Permissions: []string{"x:read"}}, less(audit.FactPermissions), unknown},
		{audit.Condition{Repositories: []string{"INFRA-*"}}, nil, yes},
		{audit.Condition{Repositories: []string{"acme/infra-*"}}, nil, yes},
		{audit.Condition{Repositories: []string{"other/*"}}, nil, no},
		{audit.Condition{Repositories: []string{"vault"}}, nil, no},
		{audit.Condition{Repositories: []string{"vault"}}, all, yes},
		{audit.Condition{Repositories: []string{"infra-*"}}, all, no},
		{audit.Condition{Repositories: []string{"vault"}}, func(e *audit.Evidence) {
			e.Tokens[0].Selection, e.Organization.Known = audit.SelectAll, 0
		}, unknown},
		{audit.Condition{Repositories: []string{"*"}}, func(e *audit.Evidence) {
			e.Tokens[0].Selection = audit.SelectNone
		}, no},
		{audit.Condition{Repositories: []string{"*"}}, less(audit.FactSelection), unknown},
		{audit.Condition{Repositories: []string{"*"}}, less(audit.FactRepositories), unknown},
		{audit.Condition{Tokens: []int64{11}, Owners: accounts(7)}, nil, no},
		{audit.Condition{Tokens: []int64{11}, Owners: accounts(5)}, nil, yes},
		{audit.Condition{Tokens: []int64{12}, Owners: accounts(5)}, ownerless, no},
		{audit.Condition{Tokens: []int64{11}, Owners: accounts(5)}, ownerless, unknown},
	} {
		e := reaching()
		if test.change != nil {
			test.change(e)
		}
		subject := &audit.Subject{Token: e.Tokens[0], Organization: e.Organization}
		matches, certain := test.when.Matcher(e.Organization).Matches(subject)
		got := map[[2]bool]string{{true, true}: yes, {false, true}: no, {false, false}: unknown}
		if got := got[[2]bool{matches, certain}]; got != test.want {
			t.Errorf("%+v: %q, want %s", test.when, got, test.want)
		}
	}
}

// accounts returns accounts of which the ids alone are said.
func accounts(ids ...int64) (accounts []audit.Account) {
	for _, id := range ids {
		accounts = append(accounts, audit.Account{ID: id})
	}
	return accounts
}

// answer words a finding: "fail high [a b] by bots".
func answer(f *audit.Finding) string {
	text := f.Status.String()
	if f.Severity > audit.NoSeverity {
		text += " " + f.Severity.String()
	}
	if len(f.Basis) > 0 {
		text += " [" + strings.Join(f.Basis, " ") + "]"
	}
	if f.Override != "" {
		text += " by " + f.Override
	}
	return text
}

// TestOverrides: what is bound to ids replaces the policy, all else is judged beside it, and the
// worst of all answers stands. Of an override that perhaps matches both readings count.
func TestOverrides(t *testing.T) {
	failing := func(severity audit.Severity, basis ...string) audit.Verdict {
		return audit.Verdict{Status: audit.Fail, Severity: severity, Basis: basis}
	}
	pass, open := audit.Verdict{Status: audit.Pass}, audit.Verdict{}
	no := audit.Condition{Tokens: []int64{99}}
	yes := audit.Condition{Tokens: []int64{11}}
	named := audit.Condition{Names: []string{"release-*"}}
	unknown := audit.Condition{Owners: accounts(7)} // the owner is not known
	unknownNamed := audit.Condition{Owners: accounts(7), Names: []string{"release-*"}}
	docs := audit.Condition{Repositories: []string{"docs"}}
	within := func(repositories ...string) audit.Condition {
		return audit.Condition{Tokens: []int64{11}, Repositories: repositories}
	}
	type way struct {
		when    audit.Condition
		verdict audit.Verdict
	}
	for _, test := range []struct {
		name   string
		policy audit.Verdict
		ways   []way
		want   string
	}{
		{"none matches", failing(audit.Low, "a"), []way{{no, pass}}, "fail low [a]"},
		{"replaces, milder", failing(audit.Low, "a"), []way{{yes, pass}}, "pass by o0"},
		{"replaces, stricter", pass, []way{{yes, failing(audit.High, "a")}}, "fail high [a] by o0"},
		{
			"of several the worst", failing(audit.High, "c"),
			[]way{{no, pass}, {yes, failing(audit.Low, "a")}, {yes, pass}},
			"fail low [a] by o1",
		},
		{
			"a milder one switches off none beside the policy", failing(audit.Low, "a"),
			[]way{{yes, pass}, {docs, failing(audit.Medium, "b")}},
			"fail medium [b] by o1",
		},
		{"a repository cannot loosen", failing(audit.Low, "a"), []way{{docs, pass}}, "fail low [a]"},
		{"a repository tightens", pass, []way{{docs, failing(audit.Low, "a")}}, "fail low [a] by o0"},
		{
			"bound to an id, of one of its repositories", failing(audit.High, "a"),
			[]way{{within("docs"), pass}},
			"fail high [a]",
		},
		{
			"bound to an id, of all its repositories", failing(audit.High, "a"),
			[]way{{within("docs", "infra-*"), pass}},
			"pass by o0",
		},
		{
			"bound to an id, and stricter for a repository", pass,
			[]way{{within("docs"), failing(audit.High, "a")}},
			"fail high [a] by o0",
		},
		{
			"bound to an id, and to a permission", failing(audit.High, "a"),
			[]way{{
				audit.Condition{Tokens: []int64{11}, Permissions: []string{"contents:write"}}, pass,
			}},
			"fail high [a]",
		},
		{
			"bound to an id, and to a name", failing(audit.High, "a"),
			[]way{{audit.Condition{Tokens: []int64{11}, Names: []string{"*"}}, pass}},
			"fail high [a]",
		},
		{
			"as bad as the policy", failing(audit.Low, "a"),
			[]way{{named, failing(audit.Low, "b")}},
			"fail low [a b]",
		},
		{"unknown, and differs", pass, []way{{unknown, failing(audit.Low)}}, "indeterminate"},
		{"unknown, and loosens", failing(audit.Low), []way{{unknown, pass}}, "indeterminate"},
		{
			"unknown, and agrees", failing(audit.Low, "a"),
			[]way{{unknown, failing(audit.Low, "a")}},
			"fail low [a]",
		},
		{
			"unknown, another severity", failing(audit.Low),
			[]way{{unknown, failing(audit.High)}},
			"fail low",
		},
		{
			"unknown, a milder severity", failing(audit.High),
			[]way{{unknown, failing(audit.Low)}},
			"fail low by o0",
		},
		{
			"unknown, another basis", failing(audit.Low, "a"),
			[]way{{unknown, failing(audit.Low, "b")}},
			"fail low [a b]",
		},
		{
			"unknown twice, all fail", failing(audit.Medium, "a"),
			[]way{{unknown, failing(audit.Low, "b")}, {unknown, failing(audit.High, "c")}},
			"fail low [a b c] by o0",
		},
		{
			"unknown, and no question",
			audit.Verdict{Status: audit.NotApplicable},
			[]way{{unknown, pass}},
			"pass by o0",
		},
		{"unknown, and open", open, []way{{unknown, failing(audit.High)}}, "indeterminate"},
		{"unknown, and the policy open", failing(audit.High), []way{{unknown, open}}, "indeterminate"},
		{
			"unknown, beside one that replaces", failing(audit.High),
			[]way{{unknown, pass}, {yes, pass}},
			"pass by o1",
		},
		{
			"perhaps worse than one that replaces", pass,
			[]way{{unknown, failing(audit.High, "a")}, {yes, failing(audit.Low, "b")}},
			"fail low [a b] by o1",
		},
		{"unknown twice", pass, []way{{unknown, pass}, {unknown, failing(audit.Low)}}, "indeterminate"},
		{"a name cannot loosen", failing(audit.Low, "a"), []way{{named, pass}}, "fail low [a]"},
		{"a name cannot know more", open, []way{{named, pass}}, "indeterminate"},
		{
			"a name cannot be milder", failing(audit.High),
			[]way{{named, failing(audit.Low)}},
			"fail high",
		},
		{"a name tightens", pass, []way{{named, failing(audit.Low, "b")}}, "fail low [b] by o0"},
		{
			"a name cannot choose the basis", failing(audit.Low, "a"),
			[]way{{named, failing(audit.High, "b")}},
			"fail high [a b] by o0",
		},
		{"perhaps a name: still fails", failing(audit.Low), []way{{unknownNamed, pass}}, "fail low"},
		{
			"perhaps a name: perhaps fails by more", failing(audit.Low, "a"),
			[]way{{unknownNamed, failing(audit.High, "b")}},
			"fail low [a b]",
		},
		{
			"perhaps a name: perhaps fails", pass,
			[]way{{unknownNamed, failing(audit.Low)}},
			"indeterminate",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			policy := asked(asking("a", test.policy, 0))
			for i, way := range test.ways {
				policy.Overrides = append(policy.Overrides, audit.Override{
					Name: "o" + string(rune('0'+i)), When: way.when,
					Rules: []audit.PolicyRule{asking("a", way.verdict, 0)},
				})
			}
			e := reaching()
			e.Tokens[0].Owner = nil
			if got := answer(findingsOf(e, policy)[0]); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
			slices.Reverse(policy.Overrides)
			if got := answer(findingsOf(e, policy)[0]); got != test.want {
				t.Errorf("%s in another order, want %s", got, test.want)
			}
		})
	}
}

// TestOverrideNeeds: what a condition rests on is asked for.
func TestOverrideNeeds(t *testing.T) {
	policy := asked()
	policy.Overrides = []audit.Override{
		{When: audit.Condition{Owners: accounts(1)}},
		{When: audit.Condition{Repositories: []string{"a"}, Permissions: []string{"a:read"}}},
	}
	want := []string{
		"selection", "permissions", "owner", "repositories", "organization_repositories",
	}
	if got := policy.Needs(0).Names(); !slices.Equal(got, want) {
		t.Errorf("needs %q", got)
	}
}
