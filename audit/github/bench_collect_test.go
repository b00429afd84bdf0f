// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// served serves n tokens, half of them with a list of repositories, from a GitHub that takes so
// long for every answer. It gives a collector for them.
func served(b *testing.B, n int, latency time.Duration) (*githubtest.Server, github.Config) {
	b.Helper()
	key, text := testKey()
	o := new(githubtest.Organization)
	server, err := githubtest.New(&githubtest.World{
		Now: time.Now, Latency: githubtest.Duration(latency),
		App:           &githubtest.App{ID: 4711, PrivateKey: text},
		Organizations: []*githubtest.Organization{o},
	})
	if err != nil {
		b.Fatal(err)
	}
	server.Change(func(*githubtest.World) {
		for i := range n {
			g := o.NewGrant(time.Now())
			if i%2 == 1 {
				g.Selection = "all"
			}
			o.Grants = append(o.Grants, g)
		}
	})
	listener := githubtest.NewListener()
	go func() { _ = server.Serve(listener) }()
	b.Cleanup(func() { _ = server.Close() })
	endpoint, err := api.ParseEndpoint("http://127.0.0.1")
	if err != nil {
		b.Fatal(err)
	}
	return server, github.Config{Config: api.Config{
		Endpoint:    endpoint,
		Credentials: api.Credentials{Issuer: "4711", Key: key},
		UserAgent:   "pataudit/bench", Now: time.Now,
		Base: &http.Transport{
			DialContext: listener.DialContext, MaxIdleConnsPerHost: api.MaxConcurrency,
		},
	}}
}

// collected collects everything, which has to be complete, and tells how long it took.
func collected(b *testing.B, config github.Config) (*audit.Evidence, time.Duration) {
	b.Helper()
	begun := time.Now()
	source := github.New(config).Organization("complytime")
	evidence, err := source.Collect(context.Background(), audit.FactHistory-1)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range evidence.Coverage {
		if c.Status != audit.Complete {
			b.Fatalf("%+v", c)
		}
	}
	return evidence, time.Since(begun)
}

// BenchmarkCollect collects tokens from a GitHub that takes 80 ms for every answer, 100 requests
// at once, and tells how many times faster that is than one request after another.
func BenchmarkCollect(b *testing.B) {
	const latency = 80 * time.Millisecond
	for _, tokens := range []int{1000, 10_000} {
		b.Run(fmt.Sprintf("tokens=%d", tokens), func(b *testing.B) {
			if testing.Short() && tokens > 1000 {
				b.Skip("seven minutes one after another")
			}
			server, config := served(b, tokens, latency)
			config.Limits = api.Limits{InFlight: 1}
			_, sequential := collected(b, config)
			requests := len(server.Log())
			config.Limits = api.Limits{InFlight: api.MaxConcurrency}
			for b.Loop() {
				collected(b, config)
			}
			each := b.Elapsed() / time.Duration(b.N)
			b.ReportMetric(float64(requests), "requests")
			b.ReportMetric(sequential.Seconds(), "s-sequential")
			b.ReportMetric(float64(sequential)/float64(each), "times-faster")
			b.ReportMetric(float64(server.PeakInFlight()), "peak-in-flight")
		})
	}
}

// BenchmarkCache collects 1,000 tokens with a cold and with a warm cache, and tells how much of
// the quota each takes.
func BenchmarkCache(b *testing.B) {
	for _, state := range []string{"cold", "warm"} {
		b.Run(state, func(b *testing.B) {
			server, config := served(b, 1000, 0)
			config.Limits = api.DefaultLimits()
			config.Limits.Requests, config.Limits.Busy = 0, 0
			config.Cache = b.TempDir()
			if state == "warm" {
				collected(b, config)
			}
			before := len(server.Log())
			paid := 0
			for b.Loop() {
				collected(b, config)
				if state == "cold" {
					config.Cache = b.TempDir()
				}
			}
			for _, entry := range server.Log()[before:] {
				if entry.Status == http.StatusOK {
					paid++
				}
			}
			b.ReportMetric(float64(paid)/float64(b.N), "paid-requests/op")
			b.ReportMetric(float64(len(server.Log())-before)/float64(b.N), "requests/op")
		})
	}
}

// BenchmarkLarge collects 200,000 tokens, half of them with a list of repositories, and judges
// them. Its GitHub makes up what it answers, so that the memory is the collector's.
func BenchmarkLarge(b *testing.B) {
	const tokens = 200_000
	server := httptest.NewServer(madeUp(tokens))
	defer server.Close()
	endpoint, err := api.ParseEndpoint(server.URL)
	if err != nil {
		b.Fatal(err)
	}
	guide := guide(b)
	key, _ := testKey()
	config := github.Config{Config: api.Config{
		Endpoint: endpoint, Credentials: api.Credentials{Issuer: "4711", Key: key},
		UserAgent: "pataudit/bench", Now: time.Now,
		Limits: api.Limits{InFlight: api.MaxConcurrency},
		Base:   &http.Transport{MaxIdleConnsPerHost: api.MaxConcurrency},
	}}
	for b.Loop() {
		peak := watchMemory()
		evidence, _ := collected(b, config)
		run := audit.Evaluate(evidence, guide, audit.Options{})
		if run.Summary.Tokens != tokens || !run.Complete {
			b.Fatalf("%+v %q", run.Summary, run.Incomplete)
		}
		b.ReportMetric(float64(peak()>>20), "peak-MiB")
	}
}

// watchMemory tells how much memory the process held at most until the function that it gives is
// called, in bytes.
func watchMemory() (peak func() uint64) {
	runtime.GC()
	var most uint64
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			var stats runtime.MemStats
			runtime.ReadMemStats(&stats)
			most = max(most, stats.Sys-stats.HeapReleased)
			select {
			case <-done:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	return sync.OnceValue(func() uint64 { close(done); <-ended; return most })
}

// madeUp is a GitHub whose answers follow from the request alone.
func madeUp(tokens int) http.Handler {
	mux := http.NewServeMux()
	answer := func(pattern, body string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(body))
		})
	}
	const all = `"repository_selection":"all","permissions":{"members":"read","metadata":"read",` +
		`"organization_personal_access_tokens":"read",` +
		`"organization_personal_access_token_requests":"read"}`
	answer("GET /api/v3/orgs/{org}/installation", `{"id":1,`+all+`,"account":{"login":"complytime",`+
		`"id":652551}}`)
	answer("POST /api/v3/app/installations/1/access_tokens", `{"token":"ghs_x",`+
		`"expires_at":"2999-01-01T00:00:00Z",`+all+`}`)
	answer("GET /api/v3/orgs/{org}", `{"login":"complytime","id":652551}`)
	answer("GET /api/v3/orgs/{org}/personal-access-token-requests", `[]`)
	answer("GET /api/v3/orgs/{org}/personal-access-tokens/{id}/repositories",
		`[{"id":1,"full_name":"complytime/a","visibility":"public"},`+
			`{"id":2,"full_name":"complytime/b","visibility":"private"}]`)
	list := `{"data":{"organization":{"repositories":{"totalCount":3,"pageInfo":{"hasNextPage":` +
		`false,"endCursor":null},"nodes":[`
	for i, name := range []string{"a", "b", "c"} {
		list += fmt.Sprintf(`{"databaseId":%d,"nameWithOwner":"complytime/%s","visibility":"PUBLIC"},`,
			i+1, name)
	}
	list = strings.TrimSuffix(list, ",") + `]}}}}`
	const people = `{"data":{"organization":{"membersWithRole":{"totalCount":1,"pageInfo":` +
		`{"hasNextPage":false,"endCursor":null},"edges":[{"role":"ADMIN","hasTwoFactorEnabled":true,` +
		`"node":{"login":"octocat","databaseId":1}}]}}}}`
	mux.HandleFunc("POST /api/graphql", func(w http.ResponseWriter, r *http.Request) {
		var query struct{ Query string }
		_ = json.NewDecoder(r.Body).Decode(&query)
		w.Header().Set("Content-Type", "application/json")
		if strings.Contains(query.Query, "membersWithRole") {
			_, _ = w.Write([]byte(people))
			return
		}
		_, _ = w.Write([]byte(list))
	})
	mux.HandleFunc("GET /api/v3/orgs/{org}/personal-access-tokens",
		func(w http.ResponseWriter, r *http.Request) { madeUpPage(w, r, tokens) })
	return mux
}

func madeUpPage(w http.ResponseWriter, r *http.Request, tokens int) {
	const size = 100
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	page = max(page, 1)
	link := func(n int) string {
		query := r.URL.Query()
		query.Set("page", strconv.Itoa(n))
		return "<http://" + r.Host + r.URL.Path + "?" + query.Encode() + ">"
	}
	if last := tokens / size; page < last {
		w.Header().Set("Link", link(page+1)+`; rel="next", `+link(last)+`; rel="last"`)
	}
	w.Header().Set("Content-Type", "application/json")
	now := time.Now().UTC()
	var body strings.Builder
	for i := range size {
		id := (page-1)*size + i + 1
		fmt.Fprintf(&body, `,{"id":%d,"token_id":%[1]d,"token_name":"ci-publish-%[1]d","owner":`+
			`{"login":"octocat","id":1},"repository_selection":%q,"permissions":{"repository":`+
			`{"contents":"write","metadata":"read"}},"access_granted_at":%q,"token_expired":false,`+
			`"token_expires_at":%q,"token_last_used_at":%q}`, id, []string{"subset", "all"}[i%2],
			now.AddDate(0, 0, -20).Format(time.RFC3339), now.AddDate(0, 0, 20).Format(time.RFC3339),
			now.Add(-time.Hour).Format(time.RFC3339))
	}
	_, _ = w.Write([]byte("[" + strings.TrimPrefix(body.String(), ",") + "]"))
}
