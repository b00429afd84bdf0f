// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

const (
	askMembers      = "membersWithRole"
	askRepositories = "repositories("
)

var endCursor = regexp.MustCompile(`"endCursor":("[^"]*"|null)`)

// cursorCases are lists whose cursors lead nowhere.
func cursorCases() []situation {
	circle := func(ask string, cursors ...string) func(*bench) {
		asked := 0
		return func(b *bench) {
			b.between(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
				question := bodyOf(r)
				if !strings.Contains(question, ask) {
					return next.RoundTrip(r)
				}
				for _, cursor := range cursors { // each leads to the same page
					question = strings.Replace(question, `"cursor":"`+cursor+`"`, `"cursor":null`, 1)
				}
				r = r.Clone(r.Context())
				r.Body, r.ContentLength = io.NopCloser(strings.NewReader(question)), int64(len(question))
				response, err := next.RoundTrip(r)
				if err != nil {
					return nil, err
				}
				read, err := io.ReadAll(response.Body)
				cursor := cursors[asked%len(cursors)]
				asked++
				text := strings.Replace(string(read), `"hasNextPage":false`, `"hasNextPage":true`, 1)
				text = endCursor.ReplaceAllString(text, `"endCursor":"`+cursor+`"`)
				response.Body, response.ContentLength = io.NopCloser(strings.NewReader(text)), -1
				response.Header.Del("Content-Length")
				return response, err
			})
		}
	}
	within := func(source string, requests int) func(*outcome) {
		return func(o *outcome) {
			if c := o.evidence.CoverageOf(source); c.Status != audit.Partial || c.Requests > requests {
				o.t.Errorf("coverage %+v", c)
			}
		}
	}
	back := "leads back to where it was"
	return []situation{
		{
			name: "never_moves", exit: 4, words: "the list of members " + back,
			bench: circle(askMembers, "x"), max: time.Second, holds: within(audit.SourceMembers, 2),
		},
		{
			name: "circle", exit: 4, words: "the list of members " + back,
			bench: circle(askMembers, "x", "y", "z"), max: time.Second,
			holds: within(audit.SourceMembers, 4),
		},
		{
			name: "repositories", exit: 4, words: "the list of repositories " + back,
			bench: circle(askRepositories, "x"), max: time.Second,
			holds: within(audit.SourceOrganizationRepositories, 2),
		},
	}
}

// movingCases are people and repositories that come and go while they are listed.
func movingCases() []situation {
	people := func(w *githubtest.World) {
		o := w.Organizations[0]
		for i := range 249 {
			o.Members = append(o.Members, &githubtest.Member{Login: fmt.Sprintf("m%03d", i)})
		}
		o.Grants[0].Owner = "m150"
	}
	leaves := func(w *githubtest.World) {
		o := w.Organizations[0]
		o.Members = slices.Delete(o.Members, 5, 6)
	}
	joined := 0
	joins := func(w *githubtest.World) {
		o := w.Organizations[0]
		joined++
		m := &githubtest.Member{Login: fmt.Sprintf("new%03d", joined)}
		o.Members = slices.Insert(o.Members, 0, m)
	}
	swapped := func(w *githubtest.World) { leaves(w); joins(w) }
	isMember := says("owner-not-member", audit.Pass)
	repositories := func(w *githubtest.World) {
		o := w.Organizations[0]
		for i := range 150 {
			o.Repositories = append(o.Repositories,
				&githubtest.Repository{Name: fmt.Sprintf("more-%03d", i)})
		}
	}
	deleted := func(w *githubtest.World) {
		o := w.Organizations[0]
		o.Repositories = slices.Delete(o.Repositories, 20, 21)
	}
	return []situation{
		{name: "member_leaves", world: people, bench: between(askMembers, 1, leaves), holds: isMember},
		{name: "member_joins", world: people, bench: between(askMembers, 1, joins), holds: isMember},
		{name: "both", world: people, bench: between(askMembers, 1, swapped), holds: isMember},
		{
			name: "both_always", world: people, bench: between(askMembers, 100, swapped), exit: 4,
			words: "the list of members changed during each of 4 passes",
		},
		{
			name: "repository", world: repositories, bench: between(askRepositories, 1, deleted),
			holds: func(o *outcome) {
				c := o.evidence.CoverageOf(audit.SourceOrganizationRepositories)
				if c.Status != audit.Complete || c.Items != len(o.world.Organizations[0].Repositories) {
					o.t.Errorf("coverage %+v", c)
				}
			},
		},
		{
			name: "outside_collaborator", exit: 3, world: func(w *githubtest.World) {
				o := w.Organizations[0]
				for i := range 150 {
					o.OutsideCollaborators = append(o.OutsideCollaborators,
						&githubtest.Member{Login: fmt.Sprintf("contractor-%03d", i)})
				}
				o.Grants[0].Owner = "contractor-100" // the first on the second page
			}, bench: func(b *bench) {
				var once atomic.Bool
				b.world.OnRequest = func(_ int, r *http.Request) {
					if strings.Contains(r.URL.Path, "outside_collab") &&
						strings.Contains(r.URL.RawQuery, "page=2&") && once.CompareAndSwap(false, true) {
						b.server.Change(func(w *githubtest.World) {
							o := w.Organizations[0]
							o.OutsideCollaborators = slices.Delete(o.OutsideCollaborators, 5, 6)
						})
					}
				}
			}, holds: func(o *outcome) {
				if role := o.evidence.Tokens[0].Owner.Role; role != audit.RoleOutside {
					o.t.Errorf("the owner is %v", role)
				}
			},
		},
	}
}

// between changes the world before the pages of a GraphQL list that are not the first, so often.
func between(ask string, times int, change func(*githubtest.World)) func(*bench) {
	return func(b *bench) {
		b.between(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			body := bodyOf(r)
			if strings.Contains(body, ask) && !strings.Contains(body, `"cursor":null`) && times > 0 {
				times--
				b.server.Change(change)
			}
			return next.RoundTrip(r)
		})
	}
}

// bodyOf returns what a request will send.
func bodyOf(r *http.Request) string {
	if r.Body == nil {
		return ""
	}
	read, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(read))
	return string(read)
}
