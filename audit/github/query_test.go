// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"net/http"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// TestUndecodedMembers: members that cannot be decoded are not read, whatever errors GitHub sends
// along about a field that may be missing.
func TestUndecodedMembers(t *testing.T) {
	const optional = `,"errors":[{"type":"FORBIDDEN","message":"no",` +
		`"path":["organization","membersWithRole","edges",0,"hasTwoFactorEnabled"]}]`
	for name, errors := range map[string]string{"alone": "", "beside an error": optional} {
		for field, want := range map[string]audit.CoverageStatus{
			"": audit.Complete, `,"bogus":7`: audit.Partial,
		} {
			t.Run(name+field, func(t *testing.T) {
				inBubble(t, func(w *githubtest.World) {
					grants(w, 1)
					w.Faults = []*githubtest.Fault{{
						Path: "/graphql", Contains: "membersWithRole", Status: http.StatusOK,
						Body: body(`{"data":{"organization":{"membersWithRole":{"totalCount":1,` +
							`"pageInfo":{"hasNextPage":false,"endCursor":null},"edges":[{"role":"ADMIN",` +
							`"hasTwoFactorEnabled":null,"node":{"login":"octocat","databaseId":1}}]` +
							field + `}}}` + errors + `}`),
					}}
				}, func(b *bench) {
					if c := b.mustCollect().CoverageOf(audit.SourceMembers); c.Status != want {
						b.t.Errorf("%+v", c)
					}
				})
			})
		}
	}
}
