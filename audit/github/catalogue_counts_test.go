// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// countCases are section A: counts and pages.
func countCases() []situation {
	return []situation{
		{name: "zero_tokens", variants: []situation{
			{
				name:  "refused",
				world: noGrants,
				exit:  4,
				words: "nothing to audit",
				holds: listedIn(0, 2),
			},
			{
				name: "allow_empty", world: noGrants, holds: listedIn(0, 2),
				empty: true,
			},
		}},
		{name: "one_token", grants: 1, holds: listedIn(1, 2)},
		{name: "page_border_99_100_101_200_201", variants: []situation{
			{name: "99", grants: 99, holds: listedIn(99, 2)},
			{name: "100", grants: 100, holds: listedIn(100, 4)},
			{name: "101", grants: 101, holds: listedIn(101, 4)},
			{name: "200", grants: 200, holds: listedIn(200, 6)},
			{name: "201", grants: 201, holds: listedIn(201, 6)},
		}},
		{
			name: "exactly_100_with_next_to_empty_page", grants: 100, holds: listedIn(100, 4),
			faults: []githubtest.Fault{linked(
				`<`+listURL+`?direction=asc&page=2&per_page=100&sort=created_at>; rel="next"`,
				"asc&per_page",
			)},
		},
		{name: "last_link_missing", grants: 350, holds: listedIn(350, 8), bench: relink(
			func(link string) []string {
				return slices.DeleteFunc(strings.Split(link, ", "), func(one string) bool {
					return strings.HasSuffix(one, `rel="last"`)
				})
			})},
		{
			name: "link_multiple_header_lines", grants: 250, holds: listedIn(250, 6),
			bench: relink(func(link string) []string { return strings.Split(link, ", ") }),
		},
		{name: "link_unquoted_rel", variants: []situation{
			rewritten("unquoted_rel", `rel="next"`, `rel=next`),
			rewritten("REL=Next", `rel="next"`, `REL=Next`),
			rewritten("extra_params", `rel="next"`, `title="a, b; c"; rel="next"; x=y`),
			rewritten("comma_in_URL", `?`, `?x=a,b&`),
		}},
		{name: "link_next_page", variants: []situation{
			misled("not_a_number", `<`+listURL+`?page=two>; rel="next"`),
			misled("cursor", `<`+listURL+`?after=x>; rel="next"`),
			misled("empty", `<>; rel="next"`),
		}},
		misled("link_next_same_page", `<`+listURL+`?page=1>; rel="next"`),
		elsewhere("link_next_other_host", "http://evil.example"+listPath),
		{
			name: "link_next_http_downgrade", grants: 150,
			bench: overTLS, holds: listedIn(150, 4), // though the server's own links say http
		},
		{name: "link_next_other", variants: []situation{
			misled(
				"path",
				`<http://127.0.0.1/api/v3/organizations/652551/members?page=2>; rel="next"`,
			),
			misled(
				"org",
				`<http://127.0.0.1/api/v3/organizations/1/personal-access-tokens?page=2>; `+
					`rel="next"`,
			),
		}},
		{
			name:   "server_ignores_per_page",
			grants: 95,
			bench:  thirtyPerPage,
			holds:  listedIn(95, 8),
		},
		{
			name: "duplicate_id_across_pages_equal", grants: 150, world: func(w *githubtest.World) {
				o := w.Organizations[0]
				o.Grants = append(o.Grants, o.Grants[5])
			}, exit: 4, words: "grant:25006 is listed twice, after 4 passes; 1 listed twice and dropped",
			holds: dropped("listed twice"),
		},
		{
			name: "duplicate_id_different_content", grants: 150, exit: 4,
			words: "grant:25006 came twice, with different content", world: func(w *githubtest.World) {
				o := w.Organizations[0]
				other := *o.Grants[5]
				other.TokenName = "another"
				o.Grants = append(o.Grants, &other)
			}, holds: dropped("listed twice"),
		},
		{
			name: "delete_between_pages", grants: 350, words: "listed 3 times",
			bench: changing("&page=2", 0, 1, removeGrant), holds: listedIn(349, 12),
		},
		{
			name: "insert_between_pages", grants: 150, words: "listed 3 times",
			bench: changing("asc&per_page", 1, 1, addGrant), holds: listedIn(151, 6),
		},
		{
			name: "churn_forever", grants: 150, exit: 4, words: "changed during each of 4 passes",
			bench: changing("&page=2", 0, 0, removeGrant, addGrant), holds: listedIn(150, 8),
		},
		{name: "second_pass_304", grants: 150, holds: func(o *outcome) {
			listedIn(150, 4)(o)
			unchanged := 0
			for _, entry := range o.server.Log() {
				if entry.Status == http.StatusNotModified &&
					strings.Contains(entry.URL, "/personal-access-tokens?") {
					unchanged++
				}
			}
			if unchanged != 2 {
				o.t.Errorf("%d pages were unchanged", unchanged)
			}
		}},
		replied(
			"304_without_cache_entry",
			"304",
			githubtest.Fault{Status: http.StatusNotModified},
		),
		manyTokens(),
		reaching("subset_with_0_repos", 0, 2),
		reaching("subset_101_repos", 101, 4),
		reaching("subset_10000_repos", 10_000, 202),
	}
}

const (
	listPath = "/api/v3/organizations/652551/personal-access-tokens"
	listURL  = "http://127.0.0.1" + listPath
)

func noGrants(w *githubtest.World) { w.Organizations[0].Grants = nil }

func addGrant(w *githubtest.World) { grants(w, 1) }

func removeGrant(w *githubtest.World) {
	o := w.Organizations[0]
	o.RemoveGrant(o.Grants[9].ID)
}

// listedIn holds that so many tokens were read in so many requests, each id once and in order.
func listedIn(tokens, requests int) func(*outcome) {
	return func(o *outcome) {
		o.t.Helper()
		o.tokens(tokens)
		if n := o.run.Coverage[0].Requests; n != requests {
			o.t.Errorf("%d requests, not %d", n, requests)
		}
		for i, token := range o.evidence.Tokens {
			if i > 0 && o.evidence.Tokens[i-1].ID >= token.ID {
				o.t.Fatalf("token %d follows %d", token.ID, o.evidence.Tokens[i-1].ID)
			}
		}
	}
}

func linked(link, query string) githubtest.Fault {
	return githubtest.Fault{Path: tokensPath, Query: query, Header: header("Link", link)}
}

// misled is a list whose first page leads to where the list is not: no request leaves for it, and
// what was read counts.
func misled(name, link string) situation {
	return situation{
		name: name, grants: 150, exit: 4, words: "page",
		faults: []githubtest.Fault{linked(link, "")}, holds: func(o *outcome) {
			listedIn(100, 1)(o)
			if o.asked("page=2") > 0 || o.asked("after=") > 0 {
				o.t.Error("the link was followed")
			}
		},
	}
}

// elsewhere is a list whose links name another origin: their query is asked of the configured one,
// and no request leaves for any other.
func elsewhere(name, url string) situation {
	return situation{
		name: name, grants: 150, holds: listedIn(150, 4), bench: relink(func(link string) []string {
			return []string{strings.ReplaceAll(link, listURL, url)}
		}),
	}
}

// rewritten is a list whose links are written in another way, and mean the same.
func rewritten(name, from, to string) situation {
	return situation{
		name: name, grants: 250, holds: listedIn(250, 6),
		bench: relink(func(link string) []string {
			return []string{strings.ReplaceAll(link, from, to)}
		}),
	}
}

func thirtyPerPage(b *bench) {
	b.between(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.URL.RawQuery = strings.ReplaceAll(r.URL.RawQuery, "per_page=100", "per_page=30")
		return next.RoundTrip(r)
	})
}

// dropped holds that the sixth token came twice, and counts once.
func dropped(reason audit.DropReason) func(*outcome) {
	return func(o *outcome) {
		o.tokens(150)
		want := audit.Dropped{ID: 25006, Reason: reason}
		if d := o.evidence.Dropped; len(d) != 1 || d[0] != want {
			o.t.Errorf("dropped %+v", d)
		}
	}
}

// changing changes the list at some of the requests that have query: after so many of them, and so
// often (0: from then on always).
func changing(query string, after, times int, changes ...func(*githubtest.World)) func(*bench) {
	return func(b *bench) {
		var seen atomic.Int64
		b.world.OnRequest = func(_ int, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, tokensPath) ||
				!strings.Contains(r.URL.RawQuery, query) {
				return
			}
			if n := int(seen.Add(1)) - after; n > 0 && (times == 0 || n <= times) {
				for _, change := range changes {
					b.server.Change(change)
				}
			}
		}
	}
}

// manyTokens stands for a million, whose memory is a benchmark's to hold: of fewer it holds that
// each is counted, and told of.
func manyTokens() situation {
	const tokens = 10_000
	var last github.Progress
	return situation{name: "one_million_tokens", bench: func(b *bench) {
		owner := b.world.Organizations[0].Members[0].ID
		b.between(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			if !strings.HasSuffix(r.URL.Path, tokensPath) {
				return next.RoundTrip(r)
			}
			return generated(r, owner, tokens/100), nil
		})
		b.config.Progress = func(p github.Progress) {
			if p.Act == "tokens" {
				last = p
			}
		}
	}, holds: func(o *outcome) {
		listedIn(tokens, 2*(tokens/100+1))(o) // the last page is full
		if last.Done != tokens {
			o.t.Errorf("progress %+v", last)
		}
	}}
}

// generated is a page of 100 clean tokens of one owner; after the last one, an empty one.
func generated(r *http.Request, owner int64, last int) *http.Response {
	page, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil {
		page = 1
	}
	var records []string
	for i := range 100 {
		if page > last {
			break
		}
		records = append(
			records,
			fmt.Sprintf(`{"id": %d, "token_id": %[1]d, "token_name": "sbom-upload-%[1]d",
			"owner": {"login": "octocat", "id": %d}, "repository_selection": "none",
			"permissions": {}, "access_granted_at": "1999-12-15T00:00:00Z", "token_expired": false,
			"token_expires_at": "2000-02-15T00:00:00Z", "token_last_used_at": "1999-12-31T00:00:00Z"}`,
				page*100+i, owner),
		)
	}
	link := fmt.Sprintf(`<%s?page=%d>; rel="last"`, listURL, last)
	if page < last {
		link += fmt.Sprintf(`, <%s?page=%d>; rel="next"`, listURL, page+1)
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{
		"Content-Type": {"application/json"}, "Link": {link},
		"Date": {time.Now().UTC().Format(http.TimeFormat)},
	}, Body: io.NopCloser(strings.NewReader("[" + strings.Join(records, ",") + "]"))}
}

// reaching is a token that reads so many repositories, which takes so many requests.
func reaching(name string, repositories, requests int) situation {
	return situation{name: name, grants: 1, world: func(w *githubtest.World) {
		o := w.Organizations[0]
		o.Repositories, o.Grants[0].Repositories = nil, nil
		o.Grants[0].Permissions = githubtest.Permissions{"repository": {"metadata": "read"}}
		for i := range repositories {
			r := &githubtest.Repository{ID: int64(i + 1), Name: "r" + strconv.Itoa(i)}
			o.Repositories = append(o.Repositories, r)
			o.Grants[0].Repositories = append(o.Grants[0].Repositories, r.Name)
		}
	}, holds: func(o *outcome) {
		token := o.evidence.Tokens[0]
		if n := len(token.Repositories); n != repositories ||
			!token.Known.Has(audit.FactRepositories) {
			o.t.Errorf("%d repositories", n)
		}
		if n := o.asked(fmt.Sprintf("/%d/repositories", token.ID)); n != requests {
			o.t.Errorf("%d requests, not %d", n, requests)
		}
	}}
}
