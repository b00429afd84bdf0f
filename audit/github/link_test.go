// SPDX-License-Identifier: Apache-2.0

package github

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit/github/api"
)

func testList(t testing.TB) (*list, *url.URL) {
	t.Helper()
	endpoint, err := api.ParseEndpoint("https://ghe.example")
	if err != nil {
		t.Fatal(err)
	}
	client := api.New(api.Config{Now: time.Now, Endpoint: endpoint})
	l := &list{
		session: client.Bare(), login: "acme", id: 7, tail: "personal-access-tokens",
	}
	from, err := url.Parse("https://ghe.example/api/v3/orgs/acme/personal-access-tokens?per_page=100")
	if err != nil {
		t.Fatal(err)
	}
	return l, from
}

func TestParseLinks(t *testing.T) {
	const here = "https://ghe.example/api/v3/organizations/7/personal-access-tokens"
	tests := []struct {
		name       string
		headers    []string
		next, last int
		wrong      string // part of the error
	}{
		{name: "none"},
		{"as GitHub writes it", []string{
			`<` + here + `?per_page=100&page=2>; rel="next", <` + here + `?page=5>; rel="last"`,
		}, 2, 5, ""},
		{"several header lines", []string{
			`<` + here + `?page=5>; rel="last"`, `<` + here + `?page=2>; rel="next"`,
		}, 2, 5, ""},
		{"unquoted, other case, more parameters", []string{
			`<` + here + `?page=3>;title="a, b; c" ; REL=Next`,
		}, 3, 0, ""},
		{"comma in the URL", []string{`<` + here + `?owner[]=a,b&page=2>; rel="next"`}, 2, 0, ""},
		{"two relations in one", []string{`<` + here + `?page=2>; rel="next last"`}, 2, 2, ""},
		{
			"relative",
			[]string{`</api/v3/organizations/7/personal-access-tokens?page=2>; rel=next`},
			2, 0, "",
		},
		{"the login's form", []string{
			`<https://ghe.example/api/v3/orgs/ACME/personal-access-tokens?page=2>; rel="next"`,
		}, 2, 0, ""},
		{"only prev and first", []string{`<` + here + `?page=1>; rel="prev first"`}, 0, 0, ""},
		{"no brackets", []string{here + `?page=2; rel="next"`}, 0, 0, "cannot be read"},
		{"open quote", []string{`<` + here + `?page=2>; rel="next`}, 0, 0, "cannot be read"},
		{"single quotes", []string{`<` + here + `?page=2>; rel='next'`}, 0, 0, "the relation"},
		{"extended", []string{`<` + here + `?page=2>; rel*=UTF-8''next`}, 0, 0, "the parameter"},
		{"colon", []string{`<` + here + `?page=2>; rel:"next"`}, 0, 0, "the parameter"},
		{"no relation", []string{`<` + here + `?page=2>`}, 0, 0, "without a relation"},
		{"escaped quotes", []string{`<` + here + `?page=2>; rel=\"next\"`}, 0, 0, "the relation"},
		{"odd space", []string{"<" + here + "?page=2>;\u00a0rel=\"next\""}, 0, 0, "the parameter"},
		{"swallowed", []string{
			`<` + here + `?page=2>; rel="next, <` + here + `?page=3>; rel="last"`,
		}, 0, 0, "cannot be read"},
		{"no number", []string{`<` + here + `?page=x>; rel="next"`}, 0, 0, "no page number"},
		{"cursor", []string{`<` + here + `?after=abc>; rel="next"`}, 0, 0, "no page number"},
		{"empty", []string{`<>; rel="next"`}, 0, 0, "no page number"},
		{"two pages", []string{`<` + here + `?page=2&page=3>; rel="next"`}, 0, 0, "no page number"},
		{"other relations", []string{
			`<https://docs.example/x>; rel="deprecation", </y>; rel="sunset"; type="text/html"`,
			`<https://e.example/>; hreflang*=UTF-8''de; rel="alternate https://e.example/rels/x"`,
			`<` + here + `?page=2>; rel="next"`,
		}, 2, 0, ""},
		{"other relations alone", []string{`</x>; rel="successor-version"`}, 0, 0, ""},
		{"no relation named", []string{`<` + here + `?page=2>; rel=""`}, 0, 0, "without a relation"},
		{"public name", []string{`<https://git.example/api/v3/organizations/7/personal-access-` +
			`tokens?page=2>; rel="next"`}, 2, 0, ""},
		{"no base path", []string{`<https://git.example/orgs/acme/personal-access-tokens?page=2>; ` +
			`rel="next"`}, 2, 0, ""},
		{
			"behind a TLS proxy",
			[]string{strings.Replace(`<`+here+`?page=2>; rel="next"`, "https", "http", 1)},
			2, 0, "",
		},
		{"default port", []string{strings.Replace(`<`+here+`?page=2>; rel="next"`, ".example",
			".example:443", 1)}, 2, 0, ""},
		{"other port", []string{strings.Replace(`<`+here+`?page=2>; rel="next"`, ".example",
			".example:8443", 1)}, 2, 0, ""},
		{
			"user name",
			[]string{strings.Replace(`<`+here+`?page=2>; rel="next"`, "ghe.", "u@ghe.", 1)},
			0, 0, "a user name",
		},
		{"another list elsewhere", []string{
			`<https://git.example/api/v3/organizations/8/personal-access-tokens?page=2>; rel="next"`,
		}, 0, 0, "another list"},
		{"base path twice", []string{
			`<https://ghe.example/api/v3/api/v3/organizations/7/personal-access-tokens?page=2>; rel=next`,
		}, 0, 0, "another list"},
		{"other organization", []string{strings.Replace(`<`+here+`?page=2>; rel="next"`, "/7/", "/8/",
			1)}, 0, 0, "another list"},
		{"other login", []string{
			`<https://ghe.example/api/v3/orgs/evil/personal-access-tokens?page=2>; rel="next"`,
		}, 0, 0, "another list"},
		{"other list", []string{strings.Replace(`<`+here+`?page=2>; rel="next"`, "tokens",
			"token-requests", 1)}, 0, 0, "another list"},
		{"two next pages", []string{`<` + here + `?page=2>; rel="next", <` + here +
			`?page=3>; rel="next"`}, 0, 0, "another one that leads elsewhere"},
		{"one next page twice", []string{`<` + here + `?page=2>; rel="next", <` + here +
			`?page=2>; rel="next"`}, 2, 0, ""},
		{"two last pages", []string{`<` + here + `?page=2>; rel="last", <` + here +
			`?page=9>; rel="last"`}, 0, 0, "another one that leads elsewhere"},
		{"outside the API", []string{`<https://ghe.example/organizations/7/personal-access-tokens` +
			`?page=2>; rel="next"`}, 0, 0, "another list"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l, from := testList(t)
			found, err := parseLinks(test.headers, l, from)
			switch {
			case test.wrong == "" && err != nil:
				t.Fatalf("error %v", err)
			case test.wrong != "" && (err == nil || !strings.Contains(err.Error(), test.wrong)):
				t.Fatalf("error %v, want one with %q", err, test.wrong)
			case err == nil && (found.next != test.next || found.last != test.last):
				t.Errorf("next %d, last %d; want %d, %d", found.next, found.last, test.next, test.last)
			}
		})
	}
}

// FuzzLink holds that a header which mentions a next page never reads as "no more pages".
func FuzzLink(f *testing.F) {
	f.Add(`<https://ghe.example/api/v3/organizations/7/personal-access-tokens?page=2>; rel="next"`)
	f.Add(`<a,b>; rel=next, <c>; rel="last"`)
	f.Fuzz(func(t *testing.T, header string) {
		l, from := testList(t)
		found, err := parseLinks([]string{header}, l, from)
		if err == nil && found.next < 0 || found.last < 0 {
			t.Errorf("page below zero: %+v", found)
		}
		if err == nil && found.next == 0 && strings.HasSuffix(header, `>; rel="next"`) &&
			strings.HasPrefix(header, "<") && strings.Count(header, "<") == 1 &&
			strings.Count(header, ">") == 1 {
			t.Errorf("%q reads as the last page", header)
		}
	})
}
