// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// subsets adds n grants with a list of repositories each.
func subsets(w *githubtest.World, n int) {
	o := w.Organizations[0]
	for range n {
		g := o.NewGrant(w.Now())
		g.Selection, g.Repositories = "subset", []string{o.Repositories[0].Name}
		o.Grants = append(o.Grants, g)
	}
}

// unlimited is a quota that no test uses up.
const unlimited = 1_000_000

// TestNoLimits: what is switched off does not hold anything up.
func TestNoLimits(t *testing.T) {
	inBubble(t, func(w *githubtest.World) {
		subsets(w, 1000) // more than a minute's
		w.RateLimit.Core = unlimited
		w.Latency = githubtest.Duration(80 * time.Millisecond)
	}, func(b *bench) {
		b.config.Limits = api.Limits{}
		begun := time.Now()
		b.mustCollect()
		if took := time.Since(begun); took > 5*time.Second {
			b.t.Errorf("it took %v", took)
		}
	})
}

// TestReserve: the last part of the quota is left to others, until it is renewed.
func TestReserve(t *testing.T) {
	inBubble(t, func(w *githubtest.World) {
		subsets(w, 1990)
		w.RateLimit.Core = 2000
	}, func(b *bench) {
		b.config.MaxWait = 2 * time.Hour
		begun := time.Now()
		evidence := b.mustCollect()
		if c := evidence.CoverageOf(audit.SourceRepositories); c.Status != audit.Complete {
			b.t.Errorf("coverage %+v", c)
		}
		first := 0
		for _, entry := range b.server.Log() {
			free := entry.Status == 304 || strings.Contains(entry.URL, "/app/") ||
				strings.HasSuffix(entry.URL, "/installation") || strings.HasSuffix(entry.URL, "/graphql")
			if entry.At.Sub(begun) < time.Hour && !free {
				first++
			}
		}
		if first < 1970 || first > 1990 { // an answer in flight may tell late
			b.t.Errorf("%d requests in the first hour, of 2000 and a reserve of 20", first)
		}
	})
}

// TestForecast: what an audit will take is told after the first page; more than the quota and the
// patience allow is not begun.
func TestForecast(t *testing.T) {
	for _, test := range []struct {
		name    string
		quota   int
		maxWait time.Duration
		enough  bool
		status  audit.CoverageStatus
	}{
		{"enough", 5000, 0, true, audit.Complete},
		{"worth the wait", 150, 2 * time.Hour, true, audit.Complete},
		{"too little", 150, 10 * time.Minute, false, audit.Refused},
		{"none told", 0, 0, true, audit.Complete},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				subsets(w, 200)
				w.RateLimit.Core = test.quota
			}, func(b *bench) {
				var told []github.Forecast
				b.config.MaxWait = test.maxWait
				b.config.Forecast = func(f github.Forecast) { told = append(told, f) }
				evidence := b.mustCollect()
				if len(told) != 1 {
					b.t.Fatalf("forecasts %+v", told)
				}
				f := told[0]
				// Two pages twice, the first of them done; and as many lists as tokens.
				if f.Requests != 203 || f.Quota != 201 || f.Enough != test.enough {
					b.t.Errorf("forecast %+v", f)
				}
				if (f.Left < 0) != (test.quota == 0) {
					b.t.Errorf("%d left of %d", f.Left, test.quota)
				}
				c := evidence.CoverageOf(audit.SourceRepositories)
				if test.enough && c.Status != audit.Complete {
					b.t.Errorf("coverage %+v", c)
				}
				if !test.enough && (c.Requests > 0 || c.Status == audit.Complete ||
					!strings.Contains(c.Reason.String(), "--repositories failing")) {
					b.t.Errorf("coverage %+v", c)
				}
			})
		})
	}
}

// TestForecastCached holds that lists which are in the cache are expected to cost no quota.
func TestForecastCached(t *testing.T) {
	dir := t.TempDir()
	inBubble(t, func(w *githubtest.World) { subsets(w, 5) }, func(b *bench) {
		b.config.Cache = dir
		for _, quota := range []int{5, 0} {
			b.config.Forecast = func(f github.Forecast) {
				if f.Requests != 6 || f.Quota != quota {
					b.t.Errorf("forecast %+v, not %d", f, quota)
				}
			}
			b.mustCollect()
		}
	})
}

// TestOthersUseTheQuota: what another job of the same App takes is noticed.
func TestOthersUseTheQuota(t *testing.T) {
	inBubble(t, func(w *githubtest.World) {
		subsets(w, 300)
		w.Latency = githubtest.Duration(20 * time.Millisecond)
	}, func(b *bench) {
		b.config.MaxWait = 2 * time.Hour
		spent := false
		b.config.Progress = func(p github.Progress) {
			if p.Act == "token repositories" && p.Done == 50 && !spent {
				spent = true
				b.server.Spend("core", 4900)
			}
		}
		evidence := b.mustCollect()
		if c := evidence.CoverageOf(audit.SourceRepositories); c.Status != audit.Complete {
			b.t.Errorf("coverage %+v", c)
		}
		for _, entry := range b.server.Log() {
			if entry.Status == 403 {
				b.t.Fatalf("%s was sent though no quota was left", entry.URL)
			}
		}
	})
}
