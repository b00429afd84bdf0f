// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

const installationsPath = "/app/installations"

// installed serves a world with an App that is installed in n organizations.
func installed(n int) func(*githubtest.World) {
	return func(w *githubtest.World) {
		w.App.Installations = nil
		for i := range n {
			// The list is in another order than the logins, whose case varies.
			login := fmt.Sprintf("org-%03d", n-i)
			if i%2 == 0 {
				login = strings.ToUpper(login)
			}
			w.App.Installations = append(w.App.Installations,
				&githubtest.Installation{ID: int64(1000 + i), Organization: login})
		}
	}
}

func (b *bench) installations() ([]github.Installation, error) {
	return github.New(b.config).Installations(context.Background())
}

// TestInstallations: every installation is listed, whatever their number, sorted by login.
func TestInstallations(t *testing.T) {
	for _, n := range []int{0, 1, 100, 101, 250} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				installed(n)(w)
				if n == 0 {
					w.App.Installations = []*githubtest.Installation{}
				}
			}, func(b *bench) {
				found, err := b.installations()
				if err != nil || len(found) != n {
					b.t.Fatalf("%d installations: %v", len(found), err)
				}
				for i, in := range found {
					want := fmt.Sprintf("org-%03d", i+1)
					if !strings.EqualFold(in.Login, want) || !in.Organization || !in.SuspendedAt.IsZero() {
						b.t.Errorf("%d: %+v, want %s", i, in, want)
					}
				}
			})
		})
	}
}

// TestInstallationsWithoutLinks: a list whose pages lead nowhere is read to its end.
func TestInstallationsWithoutLinks(t *testing.T) {
	for _, n := range []int{30, 100, 103} {
		inBubble(t, installed(n), func(b *bench) {
			b.server.Change(noLinks("", ""))
			if found, err := b.installations(); err != nil || len(found) != n {
				b.t.Errorf("%d of %d installations: %v", len(found), n, err)
			}
		})
	}
}

// TestInstallationsChange: one that comes or goes while the list is read is read again.
func TestInstallationsChange(t *testing.T) {
	inBubble(t, installed(250), func(b *bench) {
		removed := false
		b.world.OnRequest = func(_ int, r *http.Request) {
			if r.URL.Query().Get("page") == "3" && !removed {
				removed = true
				b.server.Change(func(w *githubtest.World) {
					w.App.Installations = slices.Delete(w.App.Installations, 5, 6)
				})
			}
		}
		found, err := b.installations()
		if err != nil || len(found) != 249 {
			b.t.Fatalf("%d installations: %v", len(found), err)
		}
		for _, in := range b.world.App.Installations {
			if !slices.ContainsFunc(found, func(i github.Installation) bool { return i.ID == in.ID }) {
				b.t.Errorf("%d in %s is missing", in.ID, in.Organization)
			}
		}
	})
}

// TestInstallationKinds: only organizations are to be audited; what either of GitHub's two types
// calls an organization is one.
func TestInstallationKinds(t *testing.T) {
	const page = `[
		{"id": 5, "target_type": "Organization", "account": {"login": "b"}, "suspended_at": null},
		{"id": 4, "target_type": "Organization", "account": {"login": "A", "type": "User"},
		 "suspended_at": "2026-11-01T00:00:00Z"},
		{"id": 3, "target_type": "User", "account": {"login": "c", "type": "User"}},
		{"id": 2, "target_type": "Enterprise", "account": {"slug": "d", "name": "D"}},
		{"id": 6, "target_type": "User", "account": {"login": "e", "type": "Organization"}},
		{"id": 1, "target_type": "Other", "account": {}}
	]`
	inBubble(t, func(w *githubtest.World) {
		w.Faults = []*githubtest.Fault{{Path: installationsPath, Status: 200, Body: body(page)}}
	}, func(b *bench) {
		found, err := b.installations()
		if err != nil {
			b.t.Fatal(err)
		}
		want := []github.Installation{
			{
				ID: 4, Login: "A", Organization: true,
				SuspendedAt: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
			},
			{ID: 5, Login: "b", Organization: true},
			{ID: 3, Login: "c"},
			{ID: 2, Login: "d"},
			{ID: 6, Login: "e", Organization: true},
			{ID: 1, Login: "installation 1"},
		}
		if !slices.Equal(found, want) {
			b.t.Errorf("%+v", found)
		}
	})
}

// TestInstallationsNotWhole: a list that may lack somebody is an error.
func TestInstallationsNotWhole(t *testing.T) {
	const good = `{"id": 5, "target_type": "Organization", "account": {"login": "b"}}`
	for name, fault := range map[string]githubtest.Fault{
		"null":            {Body: body(`null`)},
		"an object":       {Body: body(`{"installations": []}`)},
		"no record":       {Body: body(`[` + good + `, null]`)},
		"empty record":    {Body: body(`[` + good + `, {}]`)},
		"no id":           {Body: body(`[{"target_type": "Organization", "account": {"login": "b"}}]`)},
		"no account":      {Body: body(`[{"id": 5, "target_type": "Organization", "account": null}]`)},
		"no login":        {Body: body(`[{"id": 5, "target_type": "Organization", "account": {}}]`)},
		"no type":         {Body: body(`[{"id": 5, "account": {"login": "b"}}]`)},
		"suspended when?": {Body: body(`[` + good[:len(good)-1] + `, "suspended_at": true}]`)},
		"twice":           {Body: body(`[` + good + `, ` + good + `]`)},
		"an id twice":     {Body: body(`[` + good + `, ` + strings.Replace(good, `b"`, `c"`, 1) + `]`)},
		"a login twice":   {Body: body(`[` + good + `, ` + strings.Replace(good, "5", "6", 1) + `]`)},
		"other list": {Header: header("Link",
			`<http://127.0.0.1/api/v3/user/installations?page=2>; rel="next"`)},
		"other host": {Header: header("Link",
			`<http://127.0.0.2/api/v3/app/installations?page=2>; rel="next"`)},
		"garbage in Link": {Header: header("Link", "nonsense")},
		"page 2 fails":    {Query: "page=2", Status: 404},
		"cut":             {Mode: githubtest.ModeCut},
		"refused":         {Status: 401},
		"empty":           {Mode: githubtest.ModeEmpty},
	} {
		t.Run(name, func(t *testing.T) {
			fault.Path = installationsPath
			inBubble(t, func(w *githubtest.World) {
				installed(150)(w)
				w.Faults = []*githubtest.Fault{&fault}
			}, func(b *bench) {
				if found, err := b.installations(); err == nil || found != nil ||
					!strings.HasPrefix(err.Error(), "listing the App's installations: ") {
					b.t.Errorf("%d installations, error %v", len(found), err)
				}
			})
		})
	}
}

// TestInstallationsOfAToken: an installation token cannot ask for others, and does not try.
func TestInstallationsOfAToken(t *testing.T) {
	inBubble(t, nil, func(b *bench) {
		useBare(&b.config)
		client := github.New(b.config)
		if _, err := client.Installations(context.Background()); err == nil || client.IsApp() {
			b.t.Errorf("an App: %v, error %v", client.IsApp(), err)
		}
		if n := len(b.server.Log()); n != 0 {
			b.t.Errorf("%d requests", n)
		}
	})
}

// TestSeveral: organizations that are collected at once share what is in flight, have a token and
// a quota each, and learn of a skewed clock together.
func TestSeveral(t *testing.T) {
	const organizations, subsets, inFlight = 12, 20, 3
	inBubble(t, func(w *githubtest.World) {
		w.RateLimit.Core = subsets + 20 // enough for one organization, not for two
		w.Latency = githubtest.Duration(50 * time.Millisecond)
		w.Organizations = nil
		for i := range organizations {
			o := &githubtest.Organization{Login: fmt.Sprintf("org-%d", i), ID: int64(i + 1)}
			for range subsets {
				g := o.NewGrant(w.Now())
				g.ID, g.Owner, g.Repositories = int64(i*1000+len(o.Grants)+1), "octocat", []string{"repo-1"}
				o.Grants = append(o.Grants, g)
			}
			o.Repositories = []*githubtest.Repository{{Name: "repo-1"}}
			w.Organizations = append(w.Organizations, o)
		}
	}, func(b *bench) {
		b.config.Limits.InFlight = inFlight
		b.config.Now = func() time.Time { return time.Now().Add(-time.Hour) }
		client := github.New(b.config)
		var group sync.WaitGroup
		for _, o := range b.world.Organizations {
			group.Go(func() {
				e, err := client.Organization(o.Login).Collect(context.Background(), everything)
				if err != nil {
					b.t.Error(err)
					return
				}
				lists := e.CoverageOf(audit.SourceRepositories)
				if lists.Status != audit.Complete || lists.Items != subsets {
					b.t.Errorf("%s: %+v", o.Login, lists)
				}
			})
		}
		group.Wait()
		if peak := b.server.PeakInFlight(); peak > inFlight {
			b.t.Errorf("%d requests in flight", peak)
		}
	})
}
