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

// TestCounts: every size of list is read whole, with no request too many.
func TestCounts(t *testing.T) {
	for _, test := range []struct{ grants, pages int }{
		{0, 1}, {1, 1}, {99, 1}, {100, 1}, {101, 2}, {200, 2}, {201, 3}, {550, 6},
	} {
		t.Run(fmt.Sprint(test.grants), func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) { grants(w, test.grants) }, func(b *bench) {
				evidence := b.mustCollect()
				coverage := evidence.CoverageOf(audit.SourceTokens)
				if len(evidence.Tokens) != test.grants || coverage.Status != audit.Complete {
					b.t.Errorf("%d tokens, %+v", len(evidence.Tokens), coverage)
				}
				if coverage.Requests != 2*test.pages {
					b.t.Errorf("%d requests for two passes of %d pages", coverage.Requests, test.pages)
				}
				for i, token := range evidence.Tokens {
					if i > 0 && evidence.Tokens[i-1].ID >= token.ID {
						b.t.Fatalf("token %d follows %d", token.ID, evidence.Tokens[i-1].ID)
					}
				}
			})
		})
	}
}

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
		{"a deletion", remove, 1, audit.Complete, "listed 3 times"},
		{"an insertion", insert, 1, audit.Complete, "listed"}, // 2 or 3 times: pages are read at once
		{"both", both, 1, audit.Complete, "listed"},
		{"two deletions", remove, 2, audit.Complete, "listed 4 times"},
		{"without end", both, 0, audit.Partial, "4 passes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) { grants(w, 350) }, func(b *bench) {
				changes := 0
				b.world.OnRequest = func(_ int, r *http.Request) {
					// Before page 2 of the first pass and of the next ones.
					if r.URL.Query().Get("page") == "2" && (test.times == 0 || changes < test.times) {
						changes++
						b.server.Change(test.change)
					}
				}
				evidence := b.mustCollect()
				coverage := evidence.CoverageOf(audit.SourceTokens)
				if coverage.Status != test.status || !strings.Contains(coverage.Reason, test.passes) {
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
		"other host":         strings.Replace(`<`+list+`?page=2>; rel="next"`, "0.1", "0.2", 1),
		"other organization": `<` + api + `1/personal-access-tokens?page=2>; rel="next"`,
		"other list":         `<` + api + `652551/members?page=2>; rel="next"`,
		"cursor":             `<` + list + `?after=x>; rel="next"`,
		"loop":               `<` + list + `?page=1>; rel="next"`,
		"far ahead":          `<` + list + `?page=7>; rel="next"`,
		"garbage":            `nonsense`,
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

// TestTwice: an id that comes twice is one token, unless its two records differ.
func TestTwice(t *testing.T) {
	record := func(name string) string {
		return `{"id": 5, "owner": {"login": "octocat", "id": 583231}, "repository_selection": "none",
			"permissions": {}, "access_granted_at": "1999-12-01T00:00:00Z", "token_id": 9,
			"token_name": "` + name + `", "token_expired": false, "token_expires_at": null,
			"token_last_used_at": null}`
	}
	for second, status := range map[string]audit.CoverageStatus{
		"same": audit.Complete, "other": audit.Partial,
	} {
		t.Run(second, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				w.Faults = []*githubtest.Fault{{
					Path: tokensPath, Status: 200,
					Body: body("[" + record("same") + "," + record(second) + "]"),
				}}
			}, func(b *bench) {
				evidence := b.mustCollect()
				if c := evidence.CoverageOf(audit.SourceTokens); c.Status != status ||
					len(evidence.Tokens) != 1 {
					b.t.Errorf("%d tokens, %+v", len(evidence.Tokens), c)
				}
			})
		})
	}
}

// TestReach: lists of repositories of every size, and tokens that vanish.
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
				c.Requests != 2+1+1+4+6 {
				b.t.Errorf("coverage %+v", c)
			}
		})
	})
	refused := func(w *githubtest.World) {
		grants(w, 3)
		w.Faults = []*githubtest.Fault{{
			Status: 404,
			Path:   fmt.Sprintf("%s/%d/repositories", tokensPath, w.Organizations[0].Grants[1].ID),
		}}
	}
	t.Run("still listed", func(t *testing.T) {
		inBubble(t, refused, func(b *bench) {
			evidence := b.mustCollect()
			c := evidence.CoverageOf(audit.SourceRepositories)
			if c.Status != audit.Partial || len(evidence.Tokens) != 3 {
				b.t.Errorf("%d tokens, %+v", len(evidence.Tokens), c)
			}
			if evidence.Tokens[1].Known.Has(audit.FactRepositories) {
				b.t.Error("repositories are known that were not had")
			}
		})
	})
	t.Run("revoked", func(t *testing.T) {
		inBubble(t, refused, func(b *bench) {
			revoked := b.world.Organizations[0].Grants[1].ID
			b.world.OnRequest = func(_ int, r *http.Request) {
				if strings.Contains(r.URL.Path, fmt.Sprint(revoked)) {
					b.server.Change(func(w *githubtest.World) { w.Organizations[0].RemoveGrant(revoked) })
				}
			}
			evidence := b.mustCollect()
			c := evidence.CoverageOf(audit.SourceTokens)
			if c.Status != audit.Complete || len(evidence.Tokens) != 2 ||
				evidence.CoverageOf(audit.SourceRepositories).Status != audit.Complete {
				b.t.Errorf("%d tokens, %+v", len(evidence.Tokens), evidence.Coverage)
			}
		})
	})
}
