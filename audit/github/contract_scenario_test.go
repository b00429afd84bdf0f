// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// contractScenarios are runs of the real client, which together send every request that it can
// send. A new kind of request is one line here; without it, a route that is served for it fails.
var contractScenarios = []struct {
	name    string
	prepare func(*githubtest.World)
	run     func(*bench)
}{
	{"app", small, collects},
	{"bare token", withBare(small), func(b *bench) { bare(b); collects(b) }},
	{"given installation", small, func(b *bench) {
		b.config.Credentials.Installation = 42001
		collects(b)
	}},
	{"lists of several pages", longLists, collects},
	{"renamed organization", renamed, func(b *bench) {
		bare(b)
		client := github.New(b.config)
		_, err := client.Organization("complytime").Collect(b.t.Context(), everything)
		if err != nil {
			b.t.Error(err)
		}
	}},
	{"nothing but tokens permitted", onlyTokens, collects},
	{"no limits", noLimits, collects},
	{"again with a cache", small, func(b *bench) {
		b.config.Cache = b.t.TempDir()
		collects(b)
		collects(b)
	}},
	{"audit log and credentials", cloud, collectsEnterpriseFacts},
	{"audit log of a server", server, collectsEnterpriseFacts},
	{"doctor", small, func(b *bench) { b.diagnose() }},
	{"doctor with a bare token", withBare(small), func(b *bench) { bare(b); b.diagnose() }},
	{"doctor without an organization", manyInstallations, func(b *bench) {
		github.New(b.config).Examine(b.t.Context(), "")
	}},
	{"all installations", manyInstallations, func(b *bench) {
		if _, err := github.New(b.config).Installations(b.t.Context()); err != nil {
			b.t.Error(err)
		}
	}},
}

func collects(b *bench) { b.mustCollect() }

func collectsEnterpriseFacts(b *bench) {
	b.also = enterpriseFacts
	b.mustCollect()
}

func withBare(prepare func(*githubtest.World)) func(*githubtest.World) {
	return func(w *githubtest.World) {
		prepare(w)
		w.Tokens = append(w.Tokens, &githubtest.Token{Value: "ghs_bare"})
	}
}

// longLists has every list longer than a page.
func longLists(w *githubtest.World) {
	const long = 201
	o := w.Organizations[0]
	o.Repositories = repositories(long)
	for i := range long {
		o.Members = append(o.Members, person("member", i))
		o.OutsideCollaborators = append(o.OutsideCollaborators, person("contractor", i))
		o.Requests = append(o.Requests, o.NewRequest(w.Now()))
	}
	grants(w, long)
	o.Grants[0].Owner = "contractor-7"
	for _, r := range o.Repositories[1:] { // they have the first
		o.Grants[1].Repositories = append(o.Grants[1].Repositories, r.Name)
		o.Requests[0].Repositories = append(o.Requests[0].Repositories, r.Name)
	}
}

func repositories(n int) (list []*githubtest.Repository) {
	visibilities := []string{"public", "private", "internal"}
	for i := range n {
		list = append(list, &githubtest.Repository{
			Name: fmt.Sprint("repository-", i), Visibility: visibilities[i%len(visibilities)],
			Archived: i%5 == 0, Fork: i%7 == 0,
		})
	}
	return list
}

func person(kind string, i int) *githubtest.Member {
	return &githubtest.Member{Login: fmt.Sprint(kind, "-", i), NoTwoFactor: i%3 == 0}
}

func renamed(w *githubtest.World) {
	withBare(small)(w)
	o := w.Organizations[0]
	o.Login, o.FormerLogins = "complytime-new", []string{"complytime"}
	o.TwoFactorRequired, o.TwoFactorHidden = new(true), true
}

func onlyTokens(w *githubtest.World) {
	small(w)
	w.App.Installations = []*githubtest.Installation{{
		Organization: "complytime", Selection: "selected",
		Permissions: map[string]string{"organization_personal_access_tokens": "read"},
	}}
}

func cloud(w *githubtest.World) {
	today()
	small(w)
	onEnterpriseCloud(w)
}

func server(w *githubtest.World) {
	cloud(w)
	w.Enterprise, w.Organizations[0].EnterpriseCloud = true, false
}

func noLimits(w *githubtest.World) {
	small(w)
	w.RateLimit = githubtest.RateLimit{}
	w.Enterprise = true
}

func manyInstallations(w *githubtest.World) {
	const many = 101
	for i := range many {
		w.App.Installations = append(w.App.Installations, &githubtest.Installation{
			Organization: fmt.Sprint("organization-", i), Suspended: i%2 == 0,
		})
	}
}

// recorded is one request, and what came back.
type recorded struct {
	ours   bool // sent by the client that is tested
	method string
	url    *url.URL
	body   []byte
	status int
	header http.Header
	answer []byte
}

// path is that of github.com.
func (r *recorded) path() string {
	path := r.url.EscapedPath()
	if path == "/api/graphql" {
		return "/graphql"
	}
	return strings.TrimPrefix(path, "/api/v3")
}

// recorder keeps what passes through it.
type recorder struct {
	base http.RoundTripper
	mu   sync.Mutex
	kept []*recorded
}

// RoundTrip reads both bodies and hands them on.
func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	kept := &recorded{ours: true, method: request.Method, url: request.URL}
	if request.Body != nil {
		var err error
		if kept.body, err = io.ReadAll(request.Body); err != nil {
			return nil, err
		}
		request = request.Clone(request.Context())
		request.Body = io.NopCloser(bytes.NewReader(kept.body))
	}
	response, err := r.base.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if kept.answer, err = io.ReadAll(response.Body); err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(kept.answer))
	kept.status, kept.header = response.StatusCode, response.Header
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept = append(r.kept, kept)
	return response, nil
}

// record runs a scenario and gives what it sent.
func record(t *testing.T, prepare func(*githubtest.World), run func(*bench)) []*recorded {
	r := new(recorder)
	inBubble(t, prepare, func(b *bench) {
		r.base = b.config.Base
		b.config.Base = r
		run(b)
	})
	return r.kept
}

// visitor asks a server for itself, without the client.
type visitor struct {
	t      *testing.T
	server *githubtest.Server
	kept   []*recorded
}

func visit(t *testing.T, w *githubtest.World) *visitor {
	t.Helper()
	server, err := githubtest.New(w)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, server: server}
}

// ask sends one request, and keeps it with its answer.
func (v *visitor) ask(method, target, credential, body string, headers ...string) *recorded {
	v.t.Helper()
	request := httptest.NewRequest(method, target, strings.NewReader(body))
	request.Header.Set("User-Agent", "pataudit/test")
	if credential != "" {
		request.Header.Set("Authorization", "Bearer "+credential)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response := httptest.NewRecorder()
	v.server.ServeHTTP(response, request)
	kept := &recorded{
		method: method, url: request.URL, body: []byte(body),
		status: response.Code, header: response.Header(), answer: response.Body.Bytes(),
	}
	v.kept = append(v.kept, kept)
	return kept
}
