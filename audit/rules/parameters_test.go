// SPDX-License-Identifier: Apache-2.0

package rules_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/rules"
)

// TestValidate: parameters that can make no sense are refused, with the parameter's name.
func TestValidate(t *testing.T) {
	combination := func(id, need, severity, reason string) map[string]any {
		return map[string]any{"combinations": []any{map[string]any{
			"id": id, "needs": []string{need}, "severity": severity, "reason": reason,
		}}}
	}
	for _, test := range []struct {
		rule   string
		params map[string]any
		want   string // part of the error; "" if they are fine
	}{
		{"long-expiration", map[string]any{"max_days": 0}, "max_days is 0: use 1 or more"},
		{"long-expiration", map[string]any{"max_days": 1}, ""},
		{"never-used", map[string]any{"days": -1}, "days is -1"},
		{"unused", map[string]any{"days": -1}, "days is -1"},
		{"unused", map[string]any{"days": 0}, ""},
		{"stale-approval", map[string]any{"days": -1}, "days is -1"},
		{"broad-selection", map[string]any{"max_repositories": -1}, "max_repositories"},
		{"broad-selection", map[string]any{"percent": -1}, "percent"},
		{"broad-selection", map[string]any{"percent": 101}, "percent is 101: use 100 or less"},
		{"broad-selection", map[string]any{"percent": 100}, ""},
		{"broad-selection", map[string]any{"min_repositories": -1}, "min_repositories"},
		{"excess-write", map[string]any{"allow": []string{"repository:contents:write"}}, "allow"},
		{"excess-write", map[string]any{"allow": []string{"galaxy:contents"}}, "allow"},
		{"excess-write", map[string]any{"allow": []string{""}}, "allow"},
		{"excess-write", map[string]any{"allow": []string{"pull-requests"}}, "pull_requests?"},
		{"excess-write", map[string]any{"allow": []string{"members"}}, "organization:members"},
		{"excess-write", map[string]any{"allow": []string{"metadata"}}, "never held at write"},
		{"excess-write", map[string]any{"allow": []string{"*secrets"}}, "without a level"},
		{"excess-write", map[string]any{"allow": []string{"quantum_builds"}}, "under permissions"},
		{"excess-write", map[string]any{"allow": []string{"organization:members"}}, ""},
		{"excess-write", map[string]any{"allow": []string{}}, ""},
		{"protected-repository", map[string]any{"repositories": []string{"[x"}}, "repositories"},
		{"protected-repository", map[string]any{"repositories": []string{""}}, "repositories"},
		{"protected-repository", map[string]any{"repositories": []string{
			"core", "infra-*", "acme/*", "acme/.github", "A_b/c", "[a-m]*", "x?y",
		}}, ""},
		{
			"protected-repository",
			map[string]any{"repositories": []string{"https://github.com/acme/x"}},
			"an address",
		},
		{
			"protected-repository",
			map[string]any{"repositories": []string{"git@github.com:acme/x.git"}},
			"an address",
		},
		{"protected-repository", map[string]any{"repositories": []string{"core "}}, "letters, digits"},
		{"protected-repository", map[string]any{"repositories": []string{"a/b/c"}}, "owner/name"},
		{"protected-repository", map[string]any{"repositories": []string{"/b"}}, "owner/name"},
		{"protected-repository", map[string]any{"repositories": []string{"a/"}}, "owner/name"},
		{"protected-repository", map[string]any{"repositories": []string{"a/b.git"}}, "ends in .git"},
		{"undescriptive-name", map[string]any{"deny": []string{"my token"}}, "deny"},
		{"undescriptive-name", map[string]any{"deny": []string{"a"}}, "deny"},
		{"undescriptive-name", map[string]any{"min_length": 101}, "min_length"},
		{"long-expiration", map[string]any{"max_days": 9223372036854775807}, "36500 or less"},
		{"unused", map[string]any{"days": 36501}, "36500 or less"},
		{"broad-selection", map[string]any{"max_repositories": 1000001}, "1000000 or less"},
		{"undescriptive-name", map[string]any{"require": "("}, "require"},
		{"undescriptive-name", map[string]any{"require": strings.Repeat("a", 501)}, "require"},
		{"undescriptive-name", map[string]any{"min_length": -1}, "min_length"},
		{"toxic-permissions", combination("x", "contents:write", "high", "why"), ""},
		{"toxic-permissions", combination("x", "other:*:read|*_properties:admin", "info", "why"), ""},
		{"toxic-permissions", combination("", "contents:write", "high", "why"), "id"},
		{"toxic-permissions", combination("x", "contents:write", "high", ""), "reason"},
		{"toxic-permissions", combination("x", "contents:write", "awful", "why"), "awful"},
		{"toxic-permissions", combination("x", "contents", "high", "why"), "name:level"},
		{"toxic-permissions", combination("x", "contents:all", "high", "why"), `level "all"`},
		{"toxic-permissions", combination("x", "galaxy:contents:read", "high", "why"), "galaxy"},
		{"toxic-permissions", combination("x", "adminstration:write", "high", "why"), "administration"},
		{"toxic-permissions", combination("x", "Administration:write", "high", "why"), "administration"},
		{"toxic-permissions", combination("x", "contents:admin", "high", "why"), "never held at admin"},
		{
			"toxic-permissions", combination("x", "*secrets:admin", "high", "why"),
			"never held at admin: it can be read, write",
		},
		{"toxic-permissions", combination("x", "metadata:write", "high", "why"), "never held at write"},
		{"toxic-permissions", combination("x", "workflows:read", "high", "why"), ""},
		{"toxic-permissions", combination("x", "other:members:read", "high", "why"), "organization:mem"},
		{"toxic-permissions", combination("x", "*_request:write", "high", "why"), "no permission"},
		{"toxic-permissions", combination("x", "con*ts:read", "high", "why"), "name:level"},
		{"toxic-permissions", combination("x", "contents:read|", "high", "why"), "name:level"},
	} {
		policy, err := (&testCase{Params: map[string]map[string]any{test.rule: test.params}}).policy()
		if err != nil {
			t.Fatal(err)
		}
		var got string
		for _, rule := range policy.Rules {
			v, validates := rule.Checker.(interface{ Validate() error })
			c, checks := rule.Checker.(interface {
				CheckNames(known *audit.PermissionTable, refuse func(string, error))
			})
			if rule.Rule.ID == test.rule && !validates && !checks {
				t.Errorf("%s validates nothing", test.rule)
			}
			if validates && v.Validate() != nil {
				got += v.Validate().Error()
			}
			if checks {
				c.CheckNames(audit.GitHubPermissions(), func(_ string, err error) { got += err.Error() })
			}
		}
		if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s %v: error %q, want %q in it", test.rule, test.params, got, test.want)
		}
	}
}

// TestDefaultsAreFresh: a policy that changes a checker's parameters changes no other checker's.
func TestDefaultsAreFresh(t *testing.T) {
	for _, rule := range rules.All {
		before := parametersOf(rule.New())
		v := reflect.Indirect(reflect.ValueOf(rule.New()))
		for i := range v.NumField() {
			if f := v.Field(i); f.Kind() == reflect.Slice && f.CanSet() && f.Len() > 0 {
				f.Index(0).SetZero()
			}
		}
		if got := parametersOf(rule.New()); !reflect.DeepEqual(got, before) {
			t.Errorf("%s: another checker's parameters changed: %v", rule.ID, got)
		}
	}
}

// TestDefaultCombinationsAreKnown: the default table names no permission that unknown-permission
// would report, so a typing error in it cannot stay.
func TestDefaultCombinationsAreKnown(t *testing.T) {
	policy, err := (&testCase{}).policy()
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range policy.Rules {
		for _, c := range combinationsOf(rule.Checker) {
			for _, right := range strings.FieldsFunc(strings.Join(c.Needs, "|"),
				func(r rune) bool { return r == '|' }) {
				name, _, _ := strings.Cut(right, ":")
				if !strings.Contains(right, "*") && !isKnown(policy, name) {
					t.Errorf("%s: no permission is called %q", c.ID, name)
				}
			}
		}
	}
}

func isKnown(p *audit.Policy, name string) bool {
	for _, group := range []string{audit.GroupRepository, audit.GroupOrganization} {
		c := testCase{Token: newExample()}
		c.Token.Permissions = map[string]map[string]string{group: {name: "write"}}
		for _, rule := range p.Rules {
			if rule.Rule.ID != "unknown-permission" {
				continue
			}
			if f, err := c.judge(rule.Rule); err == nil && f.Status == audit.Pass {
				return true
			}
		}
	}
	return false
}
