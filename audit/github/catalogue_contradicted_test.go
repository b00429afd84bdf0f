// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit/github/githubtest"
)

// announcing is a list whose every link to its last page leads to that one.
func announcing(last int) func(*bench) {
	return relink(func(link string) []string {
		var links []string
		for one := range strings.SplitSeq(link, ", ") {
			if strings.HasSuffix(one, `rel="last"`) {
				one = fmt.Sprintf(`<%s?page=%d>; rel="last"`, listURL, last)
			}
			links = append(links, one)
		}
		return []string{strings.Join(links, ", ")}
	})
}

// readWithin holds that so many tokens were read, in at most so many requests.
func readWithin(tokens, requests int) func(*outcome) {
	return func(o *outcome) {
		o.tokens(tokens)
		if n := o.run.Coverage[0].Requests; n > requests {
			o.t.Errorf("%d requests, more than %d", n, requests)
		}
	}
}

// doubledCases are lists in which a record stands where another one should, or is not the same
// each time.
func doubledCases() []situation {
	const path = "/personal-access-tokens?"
	renamed := func(w *githubtest.World) {
		g := w.Organizations[0].Grants[5]
		g.TokenName += "x"
	}
	used := func(w *githubtest.World) {
		g := w.Organizations[0].Grants[5]
		g.LastUsedAt = new(g.LastUsedAt.Add(time.Second))
	}
	doubled := func(times int) func(*bench) {
		return func(b *bench) {
			b.between(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
				response, err := next.RoundTrip(r)
				if err != nil || !strings.Contains(r.URL.RequestURI(), path) || times == 0 {
					return response, err
				}
				times--
				read, err := io.ReadAll(response.Body)
				text := strings.ReplaceAll(string(read), "25007", "25006") // in its place
				response.Body = io.NopCloser(strings.NewReader(text))
				return response, err
			})
		}
	}
	return []situation{
		{
			name: "in_place_of_another", grants: 50, bench: doubled(-1), exit: 4,
			words: "grant:25006 is listed twice, after 4 passes; contradictory: grant:25006 came twice",
		},
		{name: "once", grants: 51, bench: doubled(1), holds: listedIn(51, 3)},
		{
			name: "other_contents_once", grants: 150, bench: changing("asc&per_page", 1, 1, renamed),
			holds: listedIn(150, 6),
		},
		{
			name: "other_contents", grants: 150, bench: changing("asc&per_page", 1, 0, renamed), exit: 4,
			words: "the list changed during each of 4 passes",
		},
		{
			name: "last_use_moves", grants: 150, bench: changing("asc&per_page", 1, 0, used),
			holds: listedIn(150, 4),
		},
	}
}
