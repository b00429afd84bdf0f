// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/githubtest"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
)

// BenchmarkCollect collects 1,000 tokens, half of them with a list of repositories, from a GitHub
// that takes 50 ms for every answer.
func BenchmarkCollect(b *testing.B) {
	const tokens, latency = 1000, 50 * time.Millisecond
	for _, concurrency := range []int{1, github.DefaultConcurrency, github.MaxConcurrency} {
		b.Run(fmt.Sprintf("concurrency=%d", concurrency), func(b *testing.B) {
			key, text := testKey()
			o := new(githubtest.Organization)
			world := &githubtest.World{
				Now: time.Now, Latency: githubtest.Duration(latency),
				App:           &githubtest.App{ID: 4711, PrivateKey: text},
				Organizations: []*githubtest.Organization{o},
			}
			server, err := githubtest.New(world)
			if err != nil {
				b.Fatal(err)
			}
			server.Change(func(*githubtest.World) {
				for i := range tokens {
					g := o.NewGrant(time.Now())
					if i%2 == 1 {
						g.Selection = "all"
					}
					o.Grants = append(o.Grants, g)
				}
			})
			listener := githubtest.NewListener()
			go func() { _ = server.Serve(listener) }()
			defer func() { _ = server.Close() }()
			endpoint, err := github.ParseEndpoint("http://127.0.0.1")
			if err != nil {
				b.Fatal(err)
			}
			config := github.Config{
				Endpoint:    endpoint,
				Credentials: github.Credentials{Issuer: "4711", Key: key},
				UserAgent:   "pataudit/bench", Now: time.Now, Limits: github.Limits{InFlight: concurrency},
				Base: &http.Transport{
					DialContext: listener.DialContext, MaxIdleConnsPerHost: github.MaxConcurrency,
				},
			}
			for b.Loop() {
				source := github.New(config).Organization("complytime")
				evidence, err := source.Collect(context.Background(), everything)
				if err != nil {
					b.Fatal(err)
				}
				for _, c := range evidence.Coverage {
					if c.Status != audit.Complete {
						b.Fatalf("%+v", c)
					}
				}
			}
			b.ReportMetric(float64(len(server.Log()))/float64(b.N), "requests/op")
			b.ReportMetric(float64(server.PeakInFlight()), "peak-in-flight")
		})
	}
}

// bareArray is a list of n grants as GitHub sends them, about 1.5 kB each.
func bareArray(n int) []byte {
	var owner strings.Builder
	for _, name := range []string{
		"avatar_url", "gravatar_id", "url", "html_url", "followers_url", "following_url",
		"gists_url", "starred_url", "subscriptions_url", "organizations_url", "repos_url",
		"events_url", "received_events_url",
	} {
		fmt.Fprintf(&owner, `,%q:"https://api.github.com/users/octocat/%s{/other_user}"`, name, name)
	}
	selections := []string{"subset", "subset", "all"}
	buf := bytes.NewBuffer(make([]byte, 0, n*1600))
	for i := range n {
		separator := ","
		if i == 0 {
			separator = "["
		}
		fmt.Fprintf(buf, `%s{"id":%d,"owner":{"login":"user-%d","id":%[3]d,"node_id":"MDQ6VXNlcjE="%s,`+
			`"type":"User","site_admin":false},"repository_selection":%q,"repositories_url":`+
			`"https://api.github.com/organizations/652551/personal-access-tokens/%[2]d/repositories",`+
			`"permissions":{"repository":{"metadata":"read","contents":"write","p%[6]d":"read"},`+
			`"organization":{},"other":{}},"access_granted_at":"2026-0%[7]d-16T08:47:09.000-07:00",`+
			`"token_id":%[2]d,"token_name":"ci-publish-%[2]d","token_expired":false,`+
			`"token_expires_at":"2026-12-16T08:47:09.000-07:00","token_last_used_at":null}`,
			separator, i+1, i%3000+1, owner.String(), selections[i%3], i%50, i%9+1)
	}
	buf.WriteString("]\n")
	return buf.Bytes()
}

// BenchmarkList reads a bare list of 100,000 grants, and judges it.
func BenchmarkList(b *testing.B) {
	const tokens = 100_000
	data := bareArray(tokens)
	guide, err := policy.Guide(rules.All)
	if err != nil {
		b.Fatal(err)
	}
	read := func(b *testing.B) *audit.Evidence {
		list := &github.List{Login: "acme", Name: "bench", R: bytes.NewReader(data)}
		evidence, err := list.Collect(context.Background(), everything)
		if err != nil || len(evidence.Tokens) != tokens {
			b.Fatalf("%d tokens, %v", len(evidence.Tokens), err)
		}
		return evidence
	}
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			read(b)
		}
	})
	b.Run("read and judge", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
		for b.Loop() {
			if audit.Evaluate(read(b), guide, now).Outcome() == audit.Clean {
				b.Fatal("a bare list is never clean")
			}
		}
	})
}
