// SPDX-License-Identifier: Apache-2.0

package github_test

import (
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
				if c.Status == audit.Complete || !strings.Contains(c.Reason, "case alone") {
					b.t.Errorf("coverage %+v", c)
				}
			})
		})
	}
}
