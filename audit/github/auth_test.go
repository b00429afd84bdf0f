// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// TestFreshTokenDropped: a token that GitHub takes no more is renewed, however fresh it is.
func TestFreshTokenDropped(t *testing.T) {
	inBubble(t, func(w *githubtest.World) {
		subsets(w, 1)
		w.Faults = []*githubtest.Fault{{Path: tokensPath + "/*/repositories", Times: 4, Status: 401}}
	}, func(b *bench) {
		if c := b.mustCollect().CoverageOf(audit.SourceRepositories); c.Status != audit.Complete {
			b.t.Errorf("coverage %+v", c)
		}
		mints := 0
		for _, entry := range b.server.Log() {
			if strings.HasSuffix(entry.URL, "/access_tokens") {
				mints++
			}
		}
		if mints != 2 {
			b.t.Errorf("%d mints", mints)
		}
	})
}

// TestNarrowedMeanwhile: of a run whose next token sees selected repositories only, or whose first
// one did, no list of repositories is believed.
func TestNarrowedMeanwhile(t *testing.T) {
	for before, after := range map[string]string{"all": "selected", "selected": "all"} {
		t.Run(before+" before", func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				subsets(w, 2)
				here := []string{w.Organizations[0].Repositories[0].Name}
				w.App.Installations = []*githubtest.Installation{{
					Selection: before, Repositories: here,
				}}
				w.Faults = []*githubtest.Fault{{
					Path: tokensPath + "/25002/repositories", Times: 4, Status: 401,
				}}
			}, func(b *bench) {
				b.world.OnRequest = func(_ int, r *http.Request) {
					if strings.HasSuffix(r.URL.Path, "/25002/repositories") {
						b.server.Change(func(w *githubtest.World) {
							w.App.Installations[0].Selection = after
						})
					}
				}
				evidence := b.mustCollect()
				c := evidence.CoverageOf(audit.SourceInstallation)
				if c.Status != audit.Partial || evidence.Tokens[0].Known.Has(audit.FactRepositories) {
					b.t.Errorf("coverage %+v", c)
				}
			})
		})
	}
}

// TestKeysAlike: GraphQL keys that differ in case alone are not read as the milder one. The long s
// is a lower case of S, too.
func TestKeysAlike(t *testing.T) {
	for _, key := range []string{"HASTWOFACTORENABLED", "ha\u017fTwoFactorEnabled"} {
		t.Run(key, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				grants(w, 1)
				w.Faults = []*githubtest.Fault{{
					Path: "/graphql", Contains: "membersWithRole", Body: body(`{"data": ` +
						`{"organization": {"membersWithRole": {"totalCount": 1, "pageInfo": ` +
						`{"hasNextPage": false, "endCursor": null}, "edges": [{"role": "MEMBER", ` +
						`"hasTwoFactorEnabled": false, "` + key + `": true, ` +
						`"node": {"login": "octocat", "databaseId": 1}}]}}}}`),
				}}
			}, func(b *bench) {
				c := b.mustCollect().CoverageOf(audit.SourceMembers)
				if c.Status == audit.Complete || !strings.Contains(c.Reason.String(), "case alone") {
					b.t.Errorf("coverage %+v", c)
				}
			})
		})
	}
}
