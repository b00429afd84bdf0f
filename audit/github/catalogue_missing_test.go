// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// missingCases are section G's first: what is missing from answers.
func missingCases() []situation {
	const pat = "personal-access-token"
	return []situation{
		{name: "Link_missing", variants: []situation{
			{name: "tokens", grants: 150, world: noLinks("", ""), holds: listedIn(150, 4)},
			{name: "tokens_200", grants: 200, world: noLinks("", ""), holds: listedIn(200, 6)},
			{
				name: "first_page", grants: 250, world: noLinks(tokensPath, "asc&per_page"),
				holds: listedIn(250, 6),
			},
			{
				name: "second_page", grants: 250, world: noLinks(tokensPath, "&page=2"), exit: 4,
				words: "3 pages were announced, but page 2 leads to no next one, after 4 passes",
			},
			{name: "tokens_by_30", grants: 95, world: byThirty, holds: listedIn(95, 8)},
			{name: "exactly_30", grants: 30, holds: listedIn(30, 4)},
			reachingWith("repositories", 150, noLinks("", "")),
			reachingWith("repositories_by_30", 70, byThirty),
			{name: "requests", world: func(w *githubtest.World) {
				noLinks("", "")(w)
				for range 150 {
					o := w.Organizations[0]
					o.Requests = append(o.Requests, o.NewRequest(w.Now()))
				}
			}, holds: has(audit.SourceRequests, 150)},
			{name: "outside_collaborators", exit: 3, world: func(w *githubtest.World) {
				noLinks("", "")(w)
				o := w.Organizations[0]
				for i := range 150 {
					o.OutsideCollaborators = append(o.OutsideCollaborators,
						&githubtest.Member{Login: fmt.Sprintf("contractor-%d", i)})
				}
				o.Grants[0].Owner = "contractor-149"
			}, holds: has(audit.SourceOutsideCollaborators, 150)},
			{name: "authorizations", test: extraWithoutLinks(
				audit.SourceAuthorizations, 150, audit.Complete)},
			{name: "audit_log", test: extraWithoutLinks(audit.SourceAuditLog, 150, audit.Partial)},
			{name: "audit_log_of_100", test: extraWithoutLinks(
				audit.SourceAuditLog, 100, audit.Complete)},
			{
				name: "page_again", grants: 100, exit: 4, words: "page 2 is page 1 again",
				bench: func(b *bench) {
					b.between(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
						r = r.Clone(r.Context())
						query := r.URL.Query()
						query.Del("page") // which this server does not know
						r.URL.RawQuery = query.Encode()
						return next.RoundTrip(r)
					})
				}, holds: func(o *outcome) {
					if n := o.asked(pat + "s?"); n != 2 {
						o.t.Errorf("%d requests", n)
					}
				},
			},
		}},
		{name: "cursor", variants: cursorCases()},
		{name: "comes_or_goes", variants: movingCases()},
		{name: "row_twice", variants: doubledCases()},
		{name: "other_relations", variants: []situation{
			related("deprecation", `; rel="deprecation"`), related("sunset", `; rel=sunset`),
			related("alternate", `; rel="alternate"; hreflang*=UTF-8''de`),
			related("an_extension", `; rel="https://docs.github.com/rels/x"`),
		}},
		{name: "other_origin", variants: []situation{
			elsewhere("public_name", "https://ghe.example.com"+listPath),
			elsewhere("https", "https://127.0.0.1"+listPath),
			elsewhere("without_base_path", "https://ghe.example.com"+
				strings.TrimPrefix(listPath, "/api/v3")),
			elsewhere("default_port", strings.Replace(listURL, "127.0.0.1", "127.0.0.1:80", 1)),
			misled("another_list",
				`<https://ghe.example.com/api/v3/organizations/8/personal-access-tokens?page=2>; rel="next"`),
		}},
		{name: "Deprecation", variants: []situation{
			ending("dates", "deprecated since 2026-03-10 and ends on 2028-03-10", map[string]string{
				"Deprecation": "@1773100800", "Sunset": "Fri, 10 Mar 2028 00:00:00 GMT",
			}),
			ending("true", "what is asked here is deprecated", header("Deprecation", "true")),
			ending("Sunset", "is deprecated and ends on 2028-03-10",
				header("Sunset", "Fri, 10 Mar 2028 00:00:00 GMT")),
			{
				name: "410", exit: 1, words: "410 \"Gone\" (GitHub has closed what is asked",
				faults: []githubtest.Fault{{Path: tokensPath, Status: http.StatusGone}},
			},
		}},
		{name: "last", variants: []situation{
			{
				name: "alone", grants: 150, exit: 4,
				words:  "page 1 leads to no next one, but says that the last is page 2",
				faults: []githubtest.Fault{linked(`<`+listURL+`?page=2>; rel="last"`, "asc&per_page")},
				holds:  listedIn(100, 1),
			},
			{
				name: "next_without_last", grants: 250, holds: listedIn(250, 6), faults: []githubtest.Fault{
					linked(`<`+listURL+`?direction=asc&page=2&per_page=100&sort=created_at>; rel="next"`,
						"asc&per_page"),
				},
			},
			{
				name: "beyond_the_end", grants: 150, exit: 4, bench: announcing(5),
				words: "5 pages were announced, but page 2 leads to no next one, after 4 passes",
				holds: readWithin(150, 4*5),
			},
			{
				name: "one_beyond_the_end", grants: 250, exit: 4, bench: announcing(4),
				words: "4 pages were announced, but page 3 leads to no next one", holds: readWithin(250, 4*4),
			},
			{
				name: "before_the_end", grants: 350, exit: 4, bench: announcing(2),
				words: "2 pages were announced, but there are 4", holds: readWithin(350, 4*4),
			},
			{
				name: "20000", grants: 150, exit: 4, bench: announcing(20_000),
				words: "20000 pages were announced", holds: readWithin(150, 4*12), max: 2 * time.Second,
			},
			{
				name: "1000000000", grants: 150, exit: 4, bench: announcing(1_000_000_000),
				words: "1000000000 pages were announced, but there are 2", holds: readWithin(150, 4*2),
			},
			{
				name: "once", grants: 150, holds: readWithin(150, 12+4),
				faults: []githubtest.Fault{{Path: tokensPath, Query: "asc&per_page", Times: 1, Header: header(
					"Link", `<`+listURL+`?page=2>; rel="next", <`+listURL+`?page=5>; rel="last"`)}},
			},
			{
				name: "beyond_its_page", grants: 50, exit: 4, words: "says that the last is page 9",
				faults: []githubtest.Fault{linked(`<`+listURL+`?page=9>; rel="last"`, "")},
			},
		}},
	}
}

// noLinks takes the Link header off the answers to the questions that have path and query.
func noLinks(path, query string) func(*githubtest.World) {
	return func(w *githubtest.World) {
		w.Faults = append(w.Faults,
			&githubtest.Fault{Path: path, Query: query, Header: header("Link", "")})
	}
}

// byThirty is a gateway that drops per_page from questions, and Link from answers.
func byThirty(w *githubtest.World) {
	w.PerPage = 30
	noLinks("", "")(w)
}

// related is a list whose links come after one of another relation, which has these parameters.
func related(name, params string) situation {
	return situation{
		name: name, grants: 150, holds: listedIn(150, 4),
		bench: relink(func(link string) []string {
			return []string{"<https://docs.github.com/x>" + params, link}
		}),
	}
}

// ending is a GitHub that says of the list of tokens that it will go.
func ending(name, words string, header map[string]string) situation {
	return situation{
		name: name, words: words,
		faults: []githubtest.Fault{{Path: tokensPath, Header: header}}, holds: func(o *outcome) {
			if c := o.evidence.CoverageOf(audit.SourceRequests); c.Reason.String() != "" {
				o.t.Errorf("of another list: %+v", c)
			}
			d := github.New(o.config).Examine(context.Background(), "complytime")
			if check := checkOf(d, "deprecation"); check.Status != github.CheckWarning ||
				!strings.Contains(check.Detail, words) || !d.Ready() {
				o.t.Errorf("the doctor says %+v", check)
			}
		},
	}
}

// has holds that so many were read of a source.
func has(source string, items int) func(*outcome) {
	return func(o *outcome) {
		c := o.evidence.CoverageOf(source)
		if c.Status != audit.Complete || c.Items != items {
			o.t.Errorf("coverage %+v", c)
		}
	}
}

// reachingWith is a token that reaches so many repositories, in a world that is changed.
func reachingWith(name string, repositories int, change func(*githubtest.World)) situation {
	s := reaching(name, repositories, 0)
	world := s.world
	s.world = func(w *githubtest.World) { world(w); change(w) }
	s.holds = func(o *outcome) {
		if n := len(o.evidence.Tokens[0].Repositories); n != repositories {
			o.t.Errorf("%d repositories", n)
		}
	}
	return s
}

// extraWithoutLinks reads so many records of an Enterprise Cloud list without any Link.
func extraWithoutLinks(source string, items int, status audit.CoverageStatus) func(*testing.T) {
	return func(t *testing.T) {
		inBubble(t, func(w *githubtest.World) {
			today()
			onEnterpriseCloud(w)
			noLinks("", "")(w)
			o := w.Organizations[0]
			o.AuditLog, o.Authorizations = nil, nil
			grants(w, 1)
			for i := range items {
				happened(w, "personal_access_token.access_granted", i-20-items, o.Grants[0])
				o.Authorizations = append(o.Authorizations, &githubtest.Authorization{
					Login: "octocat", TokenID: int64(i + 1), LastEight: "71c3fc11",
				})
			}
		}, func(b *bench) {
			b.also = enterpriseFacts
			c := b.mustCollect().CoverageOf(source)
			if c.Status != status || status == audit.Complete && c.Items != items {
				b.t.Errorf("coverage %+v", c)
			}
		})
	}
}

// TestLinkLost: whatever pages lose their links, and however long pages are, an audit that calls
// itself complete has every token.
func TestLinkLost(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		perPage := rapid.SampledFrom([]int{0, 10, 30, 50, 80}).Draw(rt, "per page")
		near := cmp.Or(perPage, 100) * rapid.IntRange(0, 3).Draw(rt, "pages")
		tokens := max(1, near+rapid.IntRange(-1, 2).Draw(rt, "beside"))
		lost := rapid.SliceOfDistinct(rapid.IntRange(0, 4), rapid.ID).Draw(rt, "lost")
		inBubble(t, func(w *githubtest.World) {
			grants(w, tokens)
			w.PerPage = perPage
			for _, page := range lost {
				query := fmt.Sprintf("&page=%d", page)
				switch page {
				case 0:
					query = ""
				case 1:
					query = "asc&per_page"
				}
				noLinks(tokensPath, query)(w)
			}
		}, func(b *bench) {
			evidence := b.mustCollect()
			c := evidence.CoverageOf(audit.SourceTokens)
			if c.Status == audit.Complete && len(evidence.Tokens) != tokens {
				rt.Errorf("complete with %d of %d tokens", len(evidence.Tokens), tokens)
			}
			if len(lost) == 0 && c.Status != audit.Complete {
				rt.Errorf("nothing was lost: %+v", c)
			}
		})
	})
}
