// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// TestProbeTellsNothing: whatever the organization holds and answers, no text and no id of it is
// in what a probe tells, and there are never more requests than were told.
func TestProbeTellsNothing(t *testing.T) {
	const canary, id = "CANARY", int64(7_777_770_000)
	rapid.Check(t, func(rt *rapid.T) {
		broken := rapid.SampledFrom([]int{0, 200, 301, 403, 404, 422, 429, 500}).Draw(rt, "status")
		path := rapid.SampledFrom([]string{
			"", tokensPath, "/graphql", "/orgs/canary", "/orgs/canary/*", "/orgs/*/*/*/*", "/*/*",
		}).Draw(rt, "path")
		after := rapid.IntRange(0, 8).Draw(rt, "after")
		n := rapid.IntRange(0, 3).Draw(rt, "grants")
		inBubble(t, func(w *githubtest.World) {
			today()
			o := w.Organizations[0]
			o.Login, o.ID, o.Name = "canary", id, canary
			o.Members = []*githubtest.Member{{Login: canary + "-m", ID: id + 1, Role: "admin"}}
			o.Repositories = []*githubtest.Repository{{Name: canary + "-r", ID: id + 2}}
			o.EnterpriseCloud = true
			for i := range n {
				g := o.NewGrant(w.Now())
				g.ID, g.TokenID = id+10+int64(i), id+20+int64(i)
				g.TokenName, g.Owner = canary+"-t", canary+"-m"
				g.Repositories = []string{canary + "-r"}
				if i == 1 {
					g.Selection, g.Repositories = "all", nil
					g.Permissions = githubtest.Permissions{"repository": {canary + "_p": "read"}}
				}
				o.Grants = append(o.Grants, g)
				o.AuditLog = append(o.AuditLog, &githubtest.Event{
					Action: "personal_access_token.credential_regenerated", TokenID: g.TokenID,
					CreatedAt: w.Now().Add(-time.Hour), Actor: canary + "-m",
				})
			}
			request := &githubtest.PendingRequest{Grant: *o.NewGrant(w.Now()), Reason: canary}
			request.ID, request.Owner, request.Repositories = id+30, canary+"-m", nil
			o.Requests = append(o.Requests, request)
			w.App.Installations = []*githubtest.Installation{{
				Organization: "canary", Permissions: administering(),
			}}
			if broken != 0 {
				w.Faults = []*githubtest.Fault{{
					Path: path, Status: broken, After: after,
					Body: body(`{"message": "` + canary + `", "id": ` + fmt.Sprint(id) + `}`),
				}}
			}
		}, func(b *bench) {
			probed, err := github.New(b.config).Probe(context.Background(), "canary")
			if n := len(b.server.Log()); n > github.MostProbes {
				rt.Errorf("%d requests", n)
			}
			if err != nil {
				return // nothing is told
			}
			told, err := json.Marshal(probed)
			if err != nil {
				rt.Fatal(err)
			}
			if text := strings.ToUpper(string(told)); strings.Contains(text, canary) ||
				strings.Contains(text, "777777") {
				rt.Errorf("it tells %s", told)
			}
		})
	})
}

// TestProbeStops: a GitHub that fails again and again is not asked more often than was told.
func TestProbeStops(t *testing.T) {
	inBubble(t, func(w *githubtest.World) {
		first(w, 3)
		w.Faults = []*githubtest.Fault{{After: 4, Status: 500, Body: body(`{"message": "no"}`)}}
	}, func(b *bench) {
		b.config.Limits = api.Limits{} // none of our own, on tries either
		probed := b.probed()
		if probed.Requests != github.MostProbes {
			b.t.Errorf("%d requests", probed.Requests)
		}
		if got := learned(b.t, probed, "last_page"); got.Answer != github.CannotSay {
			b.t.Errorf("%+v", got)
		}
	})
}

// TestProbeFails: without a single token there is nothing to learn, and an error says why.
func TestProbeFails(t *testing.T) {
	inBubble(t, few, func(b *bench) {
		if _, err := github.New(b.config).Probe(context.Background(), "nobody"); err == nil {
			b.t.Error("an organization that is not there was asked")
		}
	})
}
