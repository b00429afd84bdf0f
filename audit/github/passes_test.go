// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// TestChange: a list that changes while it is read is read until two passes agree.
func TestChange(t *testing.T) {
	remove := func(w *githubtest.World) {
		o := w.Organizations[0]
		o.RemoveGrant(o.Grants[9].ID)
	}
	insert := func(w *githubtest.World) { grants(w, 1) }
	both := func(w *githubtest.World) { remove(w); insert(w) }
	tests := []struct {
		name   string
		change func(*githubtest.World)
		times  int // at the first so many requests of page 2; 0: at every one
		status audit.CoverageStatus
		passes string
	}{
		{"both", both, 1, audit.Complete, "listed"}, // 2 or 3 times: pages are read at once
		{"two deletions", remove, 2, audit.Complete, "listed 4 times"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) { grants(w, 350) }, func(b *bench) {
				changes := 0
				b.world.OnRequest = func(_ int, r *http.Request) {
					// Before page 2 of the first pass and of the next ones.
					if r.URL.Query().Get("page") == "2" &&
						(test.times == 0 || changes < test.times) {
						changes++
						b.server.Change(test.change)
					}
				}
				evidence := b.mustCollect()
				coverage := evidence.CoverageOf(audit.SourceTokens)
				if coverage.Status != test.status ||
					!strings.Contains(coverage.Reason.String(), test.passes) {
					b.t.Errorf("coverage %+v", coverage)
				}
				if want := b.world.Organizations[0].Grants; test.status == audit.Complete &&
					len(want) != len(evidence.Tokens) {
					b.t.Errorf("%d tokens of %d", len(evidence.Tokens), len(want))
				}
			})
		})
	}
}

// TestBadLinks: a next page that cannot be followed is never the end of the list, and no request
// leaves for it. What was read counts.
func TestBadLinks(t *testing.T) {
	const api = "http://127.0.0.1/api/v3/organizations/"
	const list = api + "652551/personal-access-tokens"
	for name, link := range map[string]string{
		"far ahead": `<` + list + `?page=7>; rel="next"`,
		"garbage":   `nonsense`,
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				grants(w, 150)
				w.Faults = []*githubtest.Fault{{Path: tokensPath, Header: header("Link", link)}}
			}, func(b *bench) {
				evidence := b.mustCollect()
				c := evidence.CoverageOf(audit.SourceTokens)
				if c.Status != audit.Partial || len(evidence.Tokens) != 100 || c.Requests != 1 {
					b.t.Errorf("%d tokens, %+v", len(evidence.Tokens), c)
				}
			})
		})
	}
}

// TestReach: lists of repositories of every size.
func TestReach(t *testing.T) {
	t.Run("sizes", func(t *testing.T) {
		inBubble(t, func(w *githubtest.World) {
			o := w.Organizations[0]
			for i := range 250 {
				o.Repositories = append(o.Repositories,
					&githubtest.Repository{Name: fmt.Sprintf("r%03d", i)})
			}
			for _, n := range []int{0, 1, 100, 101, 250} {
				g := o.NewGrant(w.Now())
				g.Selection, g.Repositories = "subset", nil
				for _, r := range o.Repositories[:n] {
					g.Repositories = append(g.Repositories, r.Name)
				}
				o.Grants = append(o.Grants, g)
			}
		}, func(b *bench) {
			evidence := b.mustCollect()
			for i, want := range []int{0, 1, 100, 101, 250} {
				token := evidence.Tokens[i]
				if len(token.Repositories) != want || !token.Known.Has(audit.FactRepositories) {
					b.t.Errorf("%d repositories (%v), want %d", len(token.Repositories),
						token.Known, want)
				}
			}
			if c := evidence.CoverageOf(audit.SourceRepositories); c.Status != audit.Complete ||
				c.Requests != 2+1+2+4+6 {
				b.t.Errorf("coverage %+v", c)
			}
		})
	})
}

// TestRepositoryTwice: a list that names a repository twice may lack another one for it. It is
// read again.
func TestRepositoryTwice(t *testing.T) {
	const record = `{"id": 5, "full_name": "complytime/a", "visibility": "public"}`
	inBubble(t, func(w *githubtest.World) {
		subsets(w, 2)
		w.Faults = []*githubtest.Fault{{
			Path: tokensPath + "/25001/repositories", Body: body("[" + record + "," + record + "]"),
		}, {
			Path: tokensPath + "/25002/repositories", Times: 1,
			Body: body("[" + record + "," + record + "]"),
		}}
	}, func(b *bench) {
		b.config.Limits.InFlight = 1
		c := b.mustCollect().CoverageOf(audit.SourceRepositories)
		if c.Status != audit.Partial || c.Items != 1 ||
			!strings.Contains(c.Reason.String(), "5 is listed twice, after 4 passes") {
			b.t.Errorf("coverage %+v", c)
		}
	})
}
