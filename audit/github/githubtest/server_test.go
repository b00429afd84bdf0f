// SPDX-License-Identifier: Apache-2.0

package githubtest_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit/github/githubtest"
)

var start = time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)

const (
	script = "ghs_script"
	listed = "/orgs/complytime/personal-access-tokens"
)

// clock is a server's clock that a test moves.
type clock struct{ time.Time }

func (c *clock) now() time.Time { return c.Time }

// serve reads a world and makes a server of it, with the bare token "ghs_script".
func serve(t testing.TB, file string) (*githubtest.Server, *clock) {
	t.Helper()
	c := &clock{start}
	world, err := githubtest.Read(strings.NewReader(file), c.now)
	if err != nil {
		t.Fatal(err)
	}
	if len(world.Tokens) == 0 {
		world.Tokens = []*githubtest.Token{{
			Value: script, Organization: world.Organizations[0].Login,
			Permissions: githubtest.AuditPermissions(),
		}}
	}
	server, err := githubtest.New(world)
	if err != nil {
		t.Fatal(err)
	}
	return server, c
}

func world(organization string) string {
	return `{"organizations": [` + organization + `]}`
}

// do sends one request, as the bare token unless the header says otherwise.
func do(t testing.TB, s *githubtest.Server, request string, header ...string) *http.Response {
	t.Helper()
	method, target, _ := strings.Cut(request, " ")
	target, body, _ := strings.Cut(target, " ")
	r := httptest.NewRequest(method, "http://api.test"+target, strings.NewReader(body))
	r.Header.Set("User-Agent", "test")
	r.Header.Set("Authorization", "Bearer "+script)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result()
}

// expect checks the status and, unless it is "", a part of the body.
func expect(t testing.TB, r *http.Response, status int, part string) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := b.ReadFrom(r.Body); err != nil {
		t.Fatal(err)
	}
	if r.StatusCode != status || !strings.Contains(b.String(), part) {
		t.Fatalf("status %d, body %s; want %d and %q", r.StatusCode, b.Bytes(), status, part)
	}
	return b.Bytes()
}

func ids(t testing.TB, body []byte) (ids []int) {
	t.Helper()
	var list []struct{ ID int }
	if err := json.Unmarshal(body, &list); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	for _, item := range list {
		ids = append(ids, item.ID-25000)
	}
	return ids
}

func TestPages(t *testing.T) {
	s, _ := serve(t, world(`{"generate": {"grants": 250}}`))
	at := "<http://api.test/organizations/652551/personal-access-tokens?"
	link := func(rel, query string) string { return at + query + `>; rel="` + rel + `"` }
	for _, test := range []struct {
		query       string
		first, last int
		links       []string
	}{
		{"per_page=100", 250, 151, []string{
			link("next", "page=2&per_page=100"), link("last", "page=3&per_page=100"),
		}},
		{"per_page=100&page=2&direction=asc", 101, 200, []string{
			link("prev", "direction=asc&page=1&per_page=100"),
			link("next", "direction=asc&page=3&per_page=100"),
			link("last", "direction=asc&page=3&per_page=100"),
			link("first", "direction=asc&page=1&per_page=100"),
		}},
		{"per_page=500&page=3", 50, 1, []string{
			link("prev", "page=2&per_page=500"), link("first", "page=1&per_page=500"),
		}},
		{"", 250, 221, []string{link("next", "page=2"), link("last", "page=9")}},
		{"page=99", 0, 0, []string{link("prev", "page=9"), link("first", "page=1")}},
	} {
		r := do(t, s, "GET "+listed+"?"+test.query)
		if got := r.Header.Get("Link"); got != strings.Join(test.links, ", ") {
			t.Errorf("%s: Link is\n%s\nwant\n%s", test.query, got, test.links)
		}
		got := append([]int{0}, ids(t, expect(t, r, 200, ""))...)
		if len(got) > 1 {
			got = got[1:]
		}
		if got[0] != test.first || got[len(got)-1] != test.last {
			t.Errorf("%s: from %d to %d", test.query, got[0], got[len(got)-1])
		}
	}
	byID := do(t, s, "GET /organizations/652551/personal-access-tokens?per_page=1")
	if got := ids(t, expect(t, byID, 200, "")); !slices.Equal(got, []int{250}) {
		t.Errorf("by organization id: %v", got)
	}
	small, _ := serve(t, world(`{"generate": {"grants": 100}}`))
	if r := do(t, small, "GET "+listed+"?per_page=100"); r.Header["Link"] != nil {
		t.Errorf("a single page has a Link header: %q", r.Header["Link"])
	}
}

func TestConditional(t *testing.T) {
	s, _ := serve(t, `{"rate_limit": {"core": 100}, "organizations": [{"generate": {"grants": 3}}],
		"tokens": [{"value": "ghs_script"}, {"value": "ghs_two"}]}`)
	r := do(t, s, "GET "+listed, "Accept", "application/json")
	body := expect(t, r, 200, "")
	tag := r.Header.Get("ETag")
	sum := sha256.Sum256(append([]byte("application/json:Bearer ghs_script:"), body...))
	if want := `W/"` + hex.EncodeToString(sum[:]) + `"`; tag != want {
		t.Errorf("ETag %s, want %s", tag, want)
	}
	again := func(header ...string) *http.Response {
		header = append([]string{"If-None-Match", tag, "Accept", "application/json"}, header...)
		return do(t, s, "GET "+listed, header...)
	}
	r = again()
	if got := expect(t, r, 304, ""); len(got) > 0 {
		t.Errorf("304 with a body: %s", got)
	}
	if got := r.Header.Get("X-RateLimit-Remaining"); got != "99" {
		t.Errorf("remaining after a 304: %s, want 99", got)
	}
	expect(t, again("Authorization", "Bearer ghs_two"), 200, "[{")
	expect(t, again("Accept", "*/*"), 200, "[{")
	s.Change(func(w *githubtest.World) {
		w.Organizations[0].RemoveGrant(25002)
		w.Organizations[0].Grants[0].TokenName = "renamed"
	})
	expect(t, again(), 200, `"token_name":"renamed"`)
	if got := ids(t, expect(t, again(), 200, "")); !slices.Equal(got, []int{3, 1}) {
		t.Errorf("after a removal: %v", got)
	}
}

func TestRateLimit(t *testing.T) {
	s, c := serve(t, `{"rate_limit": {"core": 2, "per_minute": 5}, "organizations": [{}]}`)
	for want := 1; want >= 0; want-- {
		r := do(t, s, "GET "+listed)
		if got := r.Header.Get("X-RateLimit-Remaining"); got != strconv.Itoa(want) {
			t.Errorf("remaining %s, want %d", got, want)
		}
	}
	r := do(t, s, "GET "+listed)
	expect(t, r, 403, "API rate limit exceeded for ")
	if got, want := r.Header.Get("X-RateLimit-Reset"), start.Add(time.Hour).Unix(); got !=
		strconv.FormatInt(want, 10) || r.Header.Get("X-RateLimit-Remaining") != "0" {
		t.Errorf("headers: %v", r.Header)
	}
	expect(t, do(t, s, "GET /rate_limit"), 200, `"core":{"limit":2,"used":2,"remaining":0`)
	r = do(t, s, `POST /graphql {"query":"{rateLimit{remaining}}"}`)
	expect(t, r, 200, `{"data":{"rateLimit":{"remaining":1}}}`)
	r = do(t, s, "GET "+listed)
	expect(t, r, 403, "secondary rate limit")
	if r.Header.Get("Retry-After") != "60" {
		t.Errorf("no Retry-After: %v", r.Header)
	}
	c.Time = start.Add(time.Hour)
	expect(t, do(t, s, "GET "+listed), 200, "[]")

	enterprise, _ := serve(t, world(`{}`))
	r = do(t, enterprise, "GET "+listed)
	if r.Header["X-Ratelimit-Limit"] != nil {
		t.Errorf("an Enterprise Server without limits shows them: %v", r.Header)
	}
	expect(t, do(t, enterprise, "GET /rate_limit"), 404, "not enabled")
}

func TestOrganization(t *testing.T) {
	s, _ := serve(t, `{"enterprise": true, "organizations": [{
		"login": "complytime", "former_logins": ["old-name"],
		"two_factor_requirement_enabled": true,
		"members": [{"login": "jdoe", "role": "admin"}], "outside_collaborators": ["lee"],
		"grants": [{"repositories": 2}], "requests": [{"reason": "why not"}]
	}]}`)
	get := func(path string) *http.Response { return do(t, s, "GET /api/v3"+path) }
	expect(t, get("/orgs/complytime"), 200, `"two_factor_requirement_enabled":true`)
	expect(t, get("/orgs/complytime/memberships/JDoe"), 200, `"state":"active","role":"admin"`)
	expect(t, get("/orgs/complytime/memberships/lee"), 404, "")
	expect(t, get("/orgs/complytime/outside_collaborators"), 200, `[{"login":"lee"`)
	expect(t, get("/orgs/complytime/personal-access-token-requests"), 200, `"reason":"why not"`)
	expect(t, get("/orgs/complytime/personal-access-tokens/25001/repositories"), 200,
		`"full_name":"complytime/repo-00002"`)
	expect(t, get("/orgs/complytime/personal-access-tokens/1/repositories"), 404, "")
	expect(t, do(t, s, "GET "+listed), 404, "") // not under the root of an Enterprise Server
	expect(t, do(t, s, `POST /api/graphql {"query":"{viewer{login}}"}`), 200, "pataudit[bot]")
	r := get("/orgs/old-name/personal-access-tokens?page=1")
	expect(t, r, 301, "Moved Permanently")
	want := "http://api.test/api/v3/organizations/652551/personal-access-tokens?page=1"
	if got := r.Header.Get("Location"); got != want {
		t.Errorf("Location %q, want %q", got, want)
	}
}

func BenchmarkPage(b *testing.B) {
	s, _ := serve(b, world(`{"generate": {"grants": 1000}}`))
	for b.Loop() {
		expect(b, do(b, s, "GET "+listed+"?per_page=100&page=3"), 200, "")
	}
}
