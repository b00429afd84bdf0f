// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// probed asks the organization, which answers.
func (b *bench) probed() *github.Probed {
	b.t.Helper()
	probed, err := github.New(b.config).Probe(context.Background(), b.world.Organizations[0].Login)
	if err != nil {
		b.t.Fatal(err)
	}
	if probed.Requests > github.MostProbes || len(b.server.Log()) > github.MostProbes {
		b.t.Errorf("%d requests, of which it tells %d", len(b.server.Log()), probed.Requests)
	}
	return probed
}

// learned finds the answer to a question.
func learned(t *testing.T, probed *github.Probed, id string) github.Learned {
	t.Helper()
	i := slices.IndexFunc(probed.Learned, func(l github.Learned) bool { return l.ID == id })
	if i < 0 {
		t.Fatalf("no question %q", id)
	}
	return probed.Learned[i]
}

// first returns the organization of a world, after it has made so many grants.
func first(w *githubtest.World, n int) *githubtest.Organization {
	grants(w, n)
	return w.Organizations[0]
}

// regeneratedOnce is a token that its owner regenerated ten days ago.
func regeneratedOnce(approved time.Duration) func(*githubtest.World) {
	return func(w *githubtest.World) {
		today()
		o := first(w, 2)
		o.EnterpriseCloud = true
		o.Grants[0].GrantedAt = w.Now().Add(-approved)
		o.AuditLog = []*githubtest.Event{{
			Action: "personal_access_token.credential_regenerated", TokenID: o.Grants[0].TokenID,
			CreatedAt: w.Now().Add(-240 * time.Hour), Actor: "octocat",
		}}
		w.App.Installations = []*githubtest.Installation{{
			Permissions: administering(),
		}}
	}
}

func administering() map[string]string {
	all := githubtest.AuditPermissions()
	all["organization_administration"] = "read"
	return all
}

// everywhere adds a token that reaches all repositories, and lacks a permission of the others.
func everywhere(w *githubtest.World) *githubtest.Organization {
	o := first(w, 3)
	o.Grants[1].Selection, o.Grants[1].Repositories = "all", nil
	o.Grants[1].Permissions = githubtest.Permissions{"repository": {"metadata": "read"}}
	return o
}

// TestProbe: each question is answered both ways, and not at all where there is nothing to see.
func TestProbe(t *testing.T) {
	day := 24 * time.Hour
	for _, test := range []struct {
		id      string
		answer  github.Answer
		counts  string
		prepare func(*githubtest.World)
	}{
		{"second_factors", github.Yes, "2 members, 2 shown", few},
		{"second_factors", github.No, "2 members, 0 shown", func(w *githubtest.World) {
			first(w, 1).TwoFactorHidden = true
		}},
		{"second_factors", github.CannotSay, "", func(w *githubtest.World) {
			few(w)
			w.Faults = []*githubtest.Fault{{
				Path: "/graphql", Status: 403,
				Body: body(`{"message": "Resource not accessible by integration"}`),
			}}
		}},
		{"two_factor_requirement", github.No, "", few},
		{"two_factor_requirement", github.Yes, "", func(w *githubtest.World) {
			first(w, 1).TwoFactorRequired = new(bool)
		}},
		{
			"regenerated", github.Yes, "1 regenerated and approved since, 0 regenerated since their " +
				"approval, 0 expiring over 367 days after it", regeneratedOnce(10 * day),
		},
		{
			"regenerated", github.No, "0 regenerated and approved since, 1 regenerated since their " +
				"approval, 0 expiring over 367 days after it", regeneratedOnce(30 * day),
		},
		{
			"regenerated", github.No, "0 regenerated and approved since, 0 regenerated since their " +
				"approval, 1 expiring over 367 days after it", func(w *githubtest.World) {
				first(w, 2).Grants[1].GrantedAt = w.Now().Add(-400 * day)
			},
		},
		{"regenerated", github.CannotSay, "0 regenerated and approved since, 0 regenerated since " +
			"their approval, 0 expiring over 367 days after it", few},
		{"expired_dates", github.CannotSay, "0 expired, 0 without a date", few},
		{"expired_dates", github.Yes, "1 expired, 1 without a date", func(w *githubtest.World) {
			g := first(w, 2).Grants[0]
			g.Expired, g.ExpiresAt = true, nil
		}},
		{"expired_dates", github.No, "1 expired, 0 without a date", func(w *githubtest.World) {
			g := first(w, 2).Grants[0]
			g.Expired, g.ExpiresAt = true, new(w.Now().Add(-day))
		}},
		{"repository_filter", github.CannotSay, "", few},
		{"repository_filter", github.No, "2 listed, 0 of all repositories", func(w *githubtest.World) {
			everywhere(w)
		}},
		{"repository_filter", github.Yes, "3 listed, 1 of all repositories", func(w *githubtest.World) {
			everywhere(w)
			w.Filters.Reaching = true
		}},
		{"permission_filter", github.CannotSay, "", few},
		{"permission_filter", github.Yes, "2 listed, 2 with the permission", func(w *githubtest.World) {
			everywhere(w)
		}},
		{"permission_filter", github.No, "3 listed, 2 with the permission", func(w *githubtest.World) {
			everywhere(w)
			w.Filters.AnyPermission = true
		}},
		{
			"last_page", github.Yes, "4 lists, 2 of several pages, 2 say which is the last",
			func(w *githubtest.World) { first(w, 3) },
		},
		{
			"last_page", github.No, "4 lists, 2 of several pages, 1 say which is the last",
			func(w *githubtest.World) {
				first(w, 3)
				w.Faults = []*githubtest.Fault{
					{
						Path: tokensPath, Query: "per_page=1&",
						Header: map[string]string{"Link": `<?per_page=1&page=2>; rel="next"`},
					},
					{
						Path: tokensPath, Query: "per_page=1", After: 1,
						Header: map[string]string{"Link": `<?per_page=1&page=2>; rel="next"`},
					},
				}
			},
		},
		{"unchanged", github.Yes, "2 pages, 2 unchanged", func(w *githubtest.World) { first(w, 130) }},
		{"unchanged", github.No, "2 pages, 1 unchanged", func(w *githubtest.World) {
			first(w, 130)
			w.Faults = []*githubtest.Fault{{
				Path: tokensPath, Query: "page=2&", Times: 1,
				Header: map[string]string{"Etag": `"other"`},
			}}
		}},
		{"etag", github.Yes, "10 answers with an ETag, 10 as computed", func(w *githubtest.World) {
			everywhere(w)
		}},
		{"etag", github.No, "11 answers with an ETag, 0 as computed", func(w *githubtest.World) {
			everywhere(w)
			w.Faults = []*githubtest.Fault{{Header: map[string]string{"Etag": `"other"`}}}
		}},
		{"etag", github.CannotSay, "0 answers with an ETag, 0 as computed", func(w *githubtest.World) {
			everywhere(w)
			w.Faults = []*githubtest.Fault{{Header: map[string]string{"Etag": ""}}}
		}},
		{"request_reasons", github.CannotSay, "0 requests, 0 with a reason, 0 without the field", few},
		{
			"request_reasons", github.Yes, "1 requests, 1 with a reason, 0 without the field",
			func(w *githubtest.World) { pending(w, "for the mirror") },
		},
		{
			"request_reasons", github.CannotSay, "1 requests, 0 with a reason, 0 without the field",
			func(w *githubtest.World) { pending(w, "") },
		},
		{
			"request_reasons", github.No, "1 requests, 0 with a reason, 1 without the field",
			func(w *githubtest.World) { pending(w, "").Omit = []string{"reason"} },
		},
		{"clock", github.Yes, "0 seconds apart", few},
	} {
		t.Run(fmt.Sprint(test.id, " ", test.answer), func(t *testing.T) {
			inBubble(t, test.prepare, func(b *bench) {
				got := learned(b.t, b.probed(), test.id)
				var counts []string
				for _, c := range got.Counts {
					counts = append(counts, fmt.Sprintf("%d %s", c.N, c.What))
				}
				if got.Answer != test.answer || strings.Join(counts, ", ") != test.counts {
					b.t.Errorf("%v, %q, %q; want %v, %q", got.Answer, counts, got.Reason, test.answer,
						test.counts)
				}
				if (got.Answer == github.CannotSay) != (got.Reason != "") {
					b.t.Errorf("%v because %q", got.Answer, got.Reason)
				}
			})
		})
	}
}

// TestProbeClock: this machine's clock is wrong.
func TestProbeClock(t *testing.T) {
	inBubble(t, few, func(b *bench) {
		b.config.Now = func() time.Time { return time.Now().Add(-time.Minute) }
		got := learned(b.t, b.probed(), "clock")
		if got.Answer != github.No || got.Counts[0].N != 60 {
			b.t.Errorf("%+v", got)
		}
	})
}

func pending(w *githubtest.World, reason string) *githubtest.PendingRequest {
	o := first(w, 2)
	request := &githubtest.PendingRequest{
		Grant: *o.NewGrant(w.Now()), Reason: reason, CreatedAt: w.Now(),
	}
	o.Requests = append(o.Requests, request)
	return request
}
