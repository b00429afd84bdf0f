// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"strconv"
	"strings"
	"testing"
)

// TestContractNotices holds that the contract tests can fail: each good exchange of an audit,
// made wrong in one place, is found to be wrong there.
func TestContractNotices(t *testing.T) {
	c := theContract(t)
	kept := record(t, small, collects)
	const (
		tokens  = "/personal-access-tokens"
		mint    = "/access_tokens"
		install = "/installation"
		members = "/graphql"
	)
	tests := []struct {
		name, path string
		in         part
		old, new   string
		want       string
	}{
		{"path", tokens, inPath, "-tokens", "-token", "is not described"},
		{"method", tokens, inMethod, "GET", "PATCH", "is not described"},
		{"parameter", tokens, inQuery, "per_page", "perpage", "perpage is not described"},
		{"number", tokens, inQuery, "=100", "=many", "per_page: at '': got string, want integer"},
		{"order", tokens, inQuery, "=asc", "=up", "must be one of 'asc', 'desc'"},
		{"needless body", tokens, inBody, "", "{}", "the operation takes none"},
		{"permission", mint, inBody, `"members"`, `"member"`, "properties 'member' not allowed"},
		{"level", mint, inBody, `"read"`, `"look"`, "must be one of 'read', 'write'"},
		{"key", tokens, inAnswer, `"token_id"`, `"tokenid"`, "missing property 'token_id'"},
		{"other key", tokens, inAnswer, `"token_id"`, `"tokenid"`, "'tokenid' not allowed"},
		{"type", tokens, inAnswer, `:false`, `:"no"`, "got string, want boolean"},
		{"null", tokens, inAnswer, `"subset"`, `null`, "got null, want string"},
		{"enum", tokens, inAnswer, `"subset"`, `"some"`, "must be one of 'none', 'all', 'subset'"},
		{"date", install, inAnswer, `T09:12:44Z`, ``, "is not valid date-time"},
		{"status", tokens, inStatus, "200", "206", "status 206 is not described"},
		{"no JSON", tokens, inAnswer, `[`, ``, "body: "},
		{"query", members, inBody, `hasTwoFactorEnabled`, `hasSecondFactor`, "Cannot query field"},
		{"argument", members, inBody, `first:`, `frist:`, "Unknown argument"},
		{"variable", members, inBody, `"complytime"`, `null`, "variable.login cannot be null"},
		{"other variable", members, inBody, `"variables":{`, `"variables":{"x":1,`, "x is not declared"},
		{"field", members, inAnswer, `"role"`, `"rolle"`, "lacks role"},
		{"other field", members, inAnswer, `"role"`, `"rolle"`, "has rolle"},
		{"null field", members, inAnswer, `"totalCount":2`, `"totalCount":null`, "is null"},
		{"enum value", members, inAnswer, `"ADMIN"`, `"OWNER"`, "is no OrganizationMemberRole"},
		{"integer", members, inAnswer, `"totalCount":2`, `"totalCount":2.5`, "is no Int"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			good, bad := changed(kept, tt.path, tt.in, tt.old, tt.new)
			if good == nil {
				t.Fatalf("no exchange with %s has %q there", tt.path, tt.old)
			}
			if problems := c.problems([]*recorded{good}); len(problems) > 0 {
				t.Fatalf("wrong before it was changed: %q", problems)
			}
			problems := strings.Join(c.problems([]*recorded{bad}), "\n")
			if !strings.Contains(problems, tt.want) {
				t.Errorf("not noticed: %q, want %q", problems, tt.want)
			}
		})
	}
}

// changed finds an exchange by the end of its path and by what one part of it holds, and gives it
// and a copy in which that is replaced.
func changed(kept []*recorded, path string, in part, old, new string) (good, bad *recorded) {
	for _, r := range kept {
		if !strings.HasSuffix(r.path(), path) {
			continue
		}
		bad, u, found := *r, *r.url, false
		bad.url = &u
		in(&bad, func(text string) string {
			found = strings.Contains(text, old)
			return strings.Replace(text, old, new, 1)
		})
		if found {
			return r, &bad
		}
	}
	return nil, nil
}

// part replaces the text of one part of an exchange.
type part func(r *recorded, replace func(string) string)

func inMethod(r *recorded, replace func(string) string) { r.method = replace(r.method) }
func inPath(r *recorded, replace func(string) string)   { r.url.Path = replace(r.url.Path) }
func inStatus(r *recorded, replace func(string) string) {
	r.status, _ = strconv.Atoi(replace(strconv.Itoa(r.status)))
}
func inQuery(r *recorded, replace func(string) string) { r.url.RawQuery = replace(r.url.RawQuery) }
func inBody(r *recorded, replace func(string) string)  { r.body = []byte(replace(string(r.body))) }
func inAnswer(r *recorded, replace func(string) string) {
	r.answer = []byte(replace(string(r.answer)))
}
