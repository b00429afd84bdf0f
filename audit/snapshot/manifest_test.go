// SPDX-License-Identifier: Apache-2.0

package snapshot_test

import (
	"io"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/snapshot"
)

// TestManifestIsWhole: without any one of the answers that made a list complete, or known, it is
// not.
func TestManifestIsWhole(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e := evidence(rt)
		known := map[string]bool{}
		for _, token := range e.Tokens {
			known[routeOf("personal-access-tokens", token.ID)] = hasKnownList(token)
		}
		for _, request := range e.Requests {
			route := routeOf("personal-access-token-requests", request.Token.ID)
			known[route] = hasKnownList(request.Token)
		}
		var needed []int
		for i, x := range e.Manifest {
			own := x.Route == "GET /orgs/complytime/"+x.Source &&
				e.CoverageOf(x.Source).Status == audit.Complete
			if x.Pass > 0 && (own || known[x.Route]) {
				needed = append(needed, i)
			}
		}
		if len(needed) == 0 {
			return
		}
		i := rapid.SampledFrom(needed).Draw(rt, "lost")
		e.Manifest = slices.Delete(e.Manifest, i, i+1)
		if _, err := snapshot.Save(io.Discard, e); err == nil {
			rt.Error("nobody misses it")
		}
	})
}

func hasKnownList(t *audit.Token) bool {
	return t.Selection == audit.SelectSubset && !t.Expired && t.Known.Has(audit.FactRepositories)
}
