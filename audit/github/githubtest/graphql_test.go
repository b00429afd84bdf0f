// SPDX-License-Identifier: Apache-2.0

package githubtest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/shurcooL/githubv4"
)

// ask sends a GraphQL query and holds the answer to status 200 and a part of the body.
func ask(t *testing.T, file, query, variables, part string) {
	t.Helper()
	s, _ := serve(t, file)
	text, err := json.Marshal(query)
	if err != nil {
		t.Fatal(err)
	}
	if variables == "" {
		variables = "{}"
	}
	body := `{"query":` + string(text) + `,"variables":` + variables + `}`
	expect(t, do(t, s, "POST /graphql "+body), 200, part)
}

const people = `{"organizations": [{
	"name": "ComplyTime", "two_factor_requirement_enabled": false,
	"members": [{"login": "jdoe", "id": 3, "role": "admin"}, {"login": "tsuki", "id": 1},
		{"login": "hana", "id": 2, "no_two_factor": true, "private": true}],
	"repositories": ["b", {"name": "a", "visibility": "private", "id": 9, "archived": true}]
}]}`

func TestGraphQL(t *testing.T) {
	blind := strings.TrimSuffix(people, "}") +
		`, "tokens": [{"value": "ghs_script", "permissions": {}}]}`
	hidden := strings.Replace(people, `"name"`, `"two_factor_hidden": true, "name"`, 1)
	in := func(fields string) string { return `{organization(login:"complytime"){` + fields + `}}` }
	for _, test := range []struct{ name, file, query, variables, part string }{
		{
			"organization", people, in(`databaseId, name requiresTwoFactorAuthentication __typename`), "",
			`{"data":{"organization":{"databaseId":652551,"name":"ComplyTime",` +
				`"requiresTwoFactorAuthentication":false,"__typename":"Organization"}}}`,
		},
		{
			"variables and aliases", people, `query Q($l: String!, $n: Int = 1) { # comment
			org: organization(login: $l) { m: membersWithRole(first: $n) { nodes { login } } } }`,
			`{"l":"ComplyTime"}`, `{"data":{"org":{"m":{"nodes":[{"login":"tsuki"}]}}}}`,
		},
		{
			"fragments", people, `{organization(login:"complytime"){... on Organization{login}}}`, "",
			`{"organization":{"login":"complytime"}}`,
		},
		{
			"edges", people, in(`membersWithRole(first:3){edges{role hasTwoFactorEnabled node{login}}}`),
			"", `[{"role":"MEMBER","hasTwoFactorEnabled":true,"node":{"login":"tsuki"}},` +
				`{"role":"MEMBER","hasTwoFactorEnabled":false,"node":{"login":"hana"}},` +
				`{"role":"ADMIN","hasTwoFactorEnabled":true,"node":{"login":"jdoe"}}]`,
		},
		{
			"hidden", hidden, in(`membersWithRole(first:1){edges{role hasTwoFactorEnabled}}`), "",
			`[{"role":"MEMBER","hasTwoFactorEnabled":null}]`,
		},
		{
			"blind", blind, in(`membersWithRole(first:9){totalCount edges{role node{login}}}`), "",
			`{"totalCount":2,"edges":[{"role":null,"node":{"login":"tsuki"}},` +
				`{"role":null,"node":{"login":"jdoe"}}]}`,
		},
		{
			"page", people, in(`membersWithRole(first:1){pageInfo{hasNextPage endCursor} totalCount}`),
			"", `{"pageInfo":{"hasNextPage":true,"endCursor":"`,
		},
		{
			"last", people, in(`membersWithRole(last:1){pageInfo{hasNextPage} nodes{login}}`), "",
			`{"pageInfo":{"hasNextPage":false},"nodes":[{"login":"jdoe"}]}`,
		},
		{
			"repositories", people, in(`repositories(first:5,orderBy:{field:NAME,direction:ASC})` +
				`{nodes{nameWithOwner visibility isPrivate isArchived isFork}}`), "",
			`[{"nameWithOwner":"complytime/a","visibility":"PRIVATE","isPrivate":true,` +
				`"isArchived":true,"isFork":false},{"nameWithOwner":"complytime/b",` +
				`"visibility":"PUBLIC","isPrivate":false,"isArchived":false,"isFork":false}]`,
		},
		{
			"public", people, in(`repositories(first:5 privacy:PUBLIC){totalCount}`), "",
			`{"totalCount":1}`,
		},
		{"blind repositories", blind, in(`repositories(first:5){nodes{name}}`), "", `[{"name":"b"}]`},
		{
			"no boundary", people, in(`membersWithRole{totalCount}`), "",
			"You must provide a `first` or `last` value",
		},
		{
			"too many", people, in(`membersWithRole(first:101){totalCount}`), "",
			"Requesting 101 records",
		},
		{
			"bad cursor", people, in(`membersWithRole(first:1,after:"x"){totalCount}`), "",
			"does not appear to be a valid cursor",
		},
		{
			"no such organization", people, `{organization(login:"nobody"){id}}`, "",
			`{"data":{"organization":null},"errors":[{"type":"NOT_FOUND","path":["organization"],`,
		},
		{
			"no such field", people, in(`membersWithRole(first:1){nodes{shoeSize}}`), "",
			`Field 'shoeSize' doesn't exist on type 'User'`,
		},
		{
			"no such argument", people, in(`membersWithRole(first:1 role:ADMIN){totalCount}`), "",
			`doesn't accept argument 'role'`,
		},
		{"no selection", people, `{organization(login:"complytime")}`, "", "must have selections"},
		{
			"undeclared", people, `{organization(login:$l){id}}`, `{"l":"complytime"}`,
			"Variable $l is used but not declared",
		},
		{
			"missing variable", people, `query($l:String!){organization(login:$l){id}}`, "",
			"Variable $l of a required type",
		},
		{"syntax", people, `{organization(login:}`, "", `Parse error on \"}\" at [1, 21]`},
		{"unfinished", people, `{organization`, "", "Unexpected end of document"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ask(t, test.file, test.query, test.variables, test.part)
		})
	}
}

// TestGraphQLClient pages through the members with a client that others wrote.
func TestGraphQLClient(t *testing.T) {
	s, _ := serve(t, `{"rate_limit": {"core": 100},
		"organizations": [{"generate": {"members": 250}}]}`)
	url, err := s.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	client := githubv4.NewEnterpriseClient(url+"/api/graphql", &http.Client{
		Transport: authorized{http.DefaultTransport},
	})
	var page struct {
		Organization struct {
			MembersWithRole struct {
				TotalCount int
				PageInfo   struct {
					HasNextPage bool
					EndCursor   githubv4.String
				}
				Edges []struct {
					Role                string
					HasTwoFactorEnabled *bool
					Node                struct{ DatabaseID int64 }
				}
			} `graphql:"membersWithRole(first: 100, after: $cursor)"`
		} `graphql:"organization(login: $login)"`
		RateLimit struct{ Cost, Remaining int }
	}
	variables := map[string]any{
		"login": githubv4.String("complytime"), "cursor": (*githubv4.String)(nil),
	}
	seen := map[int64]bool{}
	for pages := 1; ; pages++ {
		if err := client.Query(context.Background(), &page, variables); err != nil {
			t.Fatal(err)
		}
		members := &page.Organization.MembersWithRole
		for _, edge := range members.Edges {
			if edge.Role != "MEMBER" || edge.HasTwoFactorEnabled == nil {
				t.Fatalf("edge %+v", edge)
			}
			if seen[edge.Node.DatabaseID] {
				t.Fatalf("page %d repeats %d", pages, edge.Node.DatabaseID)
			}
			seen[edge.Node.DatabaseID] = true
		}
		if page.RateLimit.Cost != 1 || page.RateLimit.Remaining != 100-pages {
			t.Errorf("page %d: rate limit %+v", pages, page.RateLimit)
		}
		if !members.PageInfo.HasNextPage {
			break
		}
		variables["cursor"] = members.PageInfo.EndCursor
	}
	if len(seen) != 250 || page.Organization.MembersWithRole.TotalCount != 250 {
		t.Errorf("saw %d members of %d", len(seen), page.Organization.MembersWithRole.TotalCount)
	}
}

// authorized adds what every request needs.
type authorized struct{ http.RoundTripper }

func (a authorized) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+script)
	return a.RoundTripper.RoundTrip(r)
}

func FuzzGraphQL(f *testing.F) {
	f.Add(`query($l:String!){a:organization(login:$l){... on Organization{login}}}`)
	f.Add(`{organization(login:"complytime"){membersWithRole(first:1){nodes{login}}}}`)
	f.Add(`{a(b:[{c:$d e:1.5}])}#`)
	f.Fuzz(func(t *testing.T, query string) {
		text, err := json.Marshal(query)
		if err != nil {
			t.Skip()
		}
		s, _ := serve(t, people)
		r := do(t, s, `POST /graphql {"query":`+string(text)+`}`)
		if r.StatusCode != 200 && query != "" {
			t.Errorf("status %d", r.StatusCode)
		}
	})
}
