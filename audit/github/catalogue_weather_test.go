// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// weatherCases are the second half of section E: what passes is waited out, as long as it should
// be and no longer; what does not pass leaves the audit incomplete.
func weatherCases() []situation {
	const minute, second, budget = time.Minute, time.Second, 15 * time.Minute
	secondary := body(`{"message": "You have exceeded a secondary rate limit."}`)
	unicorn := githubtest.Fault{
		Status: 502, Body: body("<html>Unicorn!</html>"), Header: header("Content-Type", "text/html"),
	}
	once := func(f githubtest.Fault) githubtest.Fault { f.Times = 1; return f }
	return []situation{
		{name: "5xx_once", variants: []situation{
			passes("500", second/2, second, githubtest.Fault{Status: 500}),
			passes("Retry-After", 7*second, 7*second, limited(503, "7")),
		}},
		{name: "5xx_storm", variants: []situation{
			onPageTwo("one_request", githubtest.Fault{Status: 500}, situation{
				exit: 4, words: `500 "Internal Server Error", after 4 attempts`, holds: backsOff,
			}),
			{
				name: "all", exit: 4, words: "60 of 63 repository lists could not be had: 500",
				world: func(w *githubtest.World) { subsets(w, 60) }, max: minute,
				faults: []githubtest.Fault{{Path: tokensPath + "/*/repositories", After: 3, Status: 500}},
				holds:  storms,
			},
		}},
		{name: "502_html", variants: []situation{
			passes("once", second/2, second, unicorn),
			onPageTwo("always", unicorn, situation{exit: 4, words: "502"}),
		}},
		{name: "429_and_403_secondary_with_Retry-After_1", variants: []situation{
			pausesAll("429", githubtest.Fault{Status: 429, Header: header("Retry-After", "1")}),
			pausesAll("403", githubtest.Fault{
				Status: 403, Body: secondary, Header: header("Retry-After", "1"),
			}),
		}},
		passes("secondary_without_headers", minute, minute, githubtest.Fault{
			Status: 403, Body: secondary,
		}),
		{name: "Retry-After", variants: []situation{
			passes("0", second, second, limited(429, "0")),
			passes("-1", minute, minute, limited(429, "-1")),
			passes("0.1", second, second, limited(429, "0.1")),
			retryAtDate(),
			onPageTwo("10^9", limited(429, "1000000000"), situation{
				exit: 4, words: "come back at 2000-12-31T00:00:00Z, or raise --max-wait", max: second,
			}),
			passes("garbage", minute, minute, limited(403, "soon")),
		}},
		{name: "remaining_0_reset_future", variants: []situation{
			lastQuota("within_max-wait", 10*minute, 0), lastQuota("beyond_max-wait", 50*minute, 4),
		}},
		{name: "reset_in_past", variants: []situation{
			onPageTwo("reset_in_past", once(githubtest.Fault{Status: 403}), situation{
				world: func(w *githubtest.World) { w.Faults[0].Header = quota(0, w.Now().Add(-minute)) },
				min:   second, max: second,
			}),
			{name: "headers_absent", grants: 150, world: func(w *githubtest.World) {
				w.RateLimit, w.Enterprise = githubtest.RateLimit{}, true
			}, max: second},
		}},
		{name: "another_job_eats_the_quota", variants: []situation{
			eaten("within_max-wait", 2*time.Hour, 0), eaten("beyond_max-wait", budget, 4),
		}},
		{name: "301_org_rename", variants: []situation{
			renamedOrganization("App", nil), renamedOrganization("bare_token", bare),
		}},
		{name: "301_other_host", variants: []situation{
			redirected("301_other_host", "http://evil.example/x", "another host", 301, 1),
			redirected("307_loop", "/api/v3"+tokensPath, "redirects without end", 307, 6),
			downgraded(),
			{
				name: "one_list_of_repositories", exit: 4, words: "another host",
				faults: []githubtest.Fault{{Path: firstOnes, Redirect: "http://evil.example/x"}},
			},
		}},
		slowloris(), endlessHeaders(), resets(), tlsErrors(), dnsFailure(), goAway(), proxy407(),
		captivePortal(),
	}
}

// onPageTwo makes the rest of a situation one in which the list's second page suffers a fault.
func onPageTwo(name string, f githubtest.Fault, s situation) situation {
	f.Path, f.Query = tokensPath, "&page=2"
	s.name, s.grants, s.faults = name, 150, []githubtest.Fault{f}
	if world := s.world; world != nil {
		s.faults, s.world = nil, func(w *githubtest.World) {
			w.Faults = append(w.Faults, &f)
			world(w)
		}
	}
	return s
}

// passes is a fault that strikes once, and is waited out.
func passes(name string, least, most time.Duration, f githubtest.Fault) situation {
	f.Times = 1
	return onPageTwo(name, f, situation{
		min: least, max: most, holds: func(o *outcome) { o.tokens(150) },
	})
}

func limited(status int, retryAfter string) githubtest.Fault {
	return githubtest.Fault{Status: status, Header: header("Retry-After", retryAfter)}
}

func retryAtDate() situation {
	return onPageTwo("date", githubtest.Fault{Status: 429, Times: 1}, situation{
		world: func(w *githubtest.World) {
			at := w.Now().Add(20 * time.Second).UTC().Format(http.TimeFormat)
			w.Faults[0].Header = header("Retry-After", at)
		},
		min: 20 * time.Second, max: 21 * time.Second,
	})
}

// quota are the headers that tell what is left of the hourly limit.
func quota(left int, reset time.Time) map[string]string {
	return map[string]string{
		"X-RateLimit-Remaining": strconv.Itoa(left),
		"X-RateLimit-Reset":     strconv.FormatInt(reset.Unix(), 10),
	}
}

// backsOff holds that each wait is twice the one before, give or take the jitter.
func backsOff(o *outcome) {
	var at []time.Time
	for _, entry := range o.server.Log() {
		if entry.Status == 500 {
			at = append(at, entry.At)
		}
	}
	if len(at) != 4 {
		o.t.Fatalf("%d attempts", len(at))
	}
	for i := range at[1:] {
		most := time.Second << i
		if wait := at[i+1].Sub(at[i]); wait < most/2 || wait > most {
			o.t.Errorf("wait %d is %v", i+1, wait)
		}
	}
}

// storms holds that a run's retries have an end, and what was had before them counts.
func storms(o *outcome) {
	failed := 0
	for _, entry := range o.server.Log() {
		if entry.Status == 500 {
			failed++
		}
	}
	most := 60 + api.DefaultLimits().Retries + len(o.server.Log())/10
	if failed > most || failed < 60 {
		o.t.Errorf("%d requests failed, where %d may", failed, most)
	}
	o.tokens(63)
	if c := o.evidence.CoverageOf(audit.SourceRepositories); c.Items != 3 {
		o.t.Errorf("coverage %+v", c)
	}
}

const roundTrip = 50 * time.Millisecond

// pausesAll is a limit among many requests: no worker sends before it is over, and not later.
func pausesAll(name string, f githubtest.Fault) situation {
	f.Path, f.After, f.Times = tokensPath+"/*/repositories", 20, 1
	return situation{name: name, faults: []githubtest.Fault{f}, world: func(w *githubtest.World) {
		subsets(w, 60)
		w.Latency = githubtest.Duration(roundTrip)
	}, holds: func(o *outcome) {
		var told, resumed time.Time
		for _, entry := range o.server.Log() {
			if entry.Status == f.Status {
				told = entry.At.Add(roundTrip)
			}
		}
		for _, entry := range o.server.Log() {
			if entry.At.After(told) && (resumed.IsZero() || entry.At.Before(resumed)) {
				resumed = entry.At
			}
		}
		if told.IsZero() || resumed.Sub(told) != time.Second {
			o.t.Errorf("told at %v, resumed at %v", told, resumed)
		}
	}}
}

// lastQuota is a list whose first page says that nothing is left of the quota, until a reset.
func lastQuota(name string, reset time.Duration, exit int) situation {
	var at time.Time
	s := situation{name: name, grants: 150, exit: exit, world: func(w *githubtest.World) {
		at = w.Now().Add(reset)
		w.Latency = githubtest.Duration(roundTrip)
		w.Faults = []*githubtest.Fault{{
			Path: tokensPath, Query: "asc&per_page", Times: 1, Header: quota(0, at),
		}}
	}, holds: func(o *outcome) {
		for _, entry := range o.server.Log() {
			since := entry.At.Sub(at.Add(-reset))
			if list := strings.Contains(entry.URL, "/orgs/"); list && since > time.Second &&
				entry.At.Before(at) {
				o.t.Errorf("%s was sent after %v", entry.URL, since)
			}
		}
	}, min: reset, max: reset + 2*time.Second}
	if exit != 0 {
		s.min, s.max, s.words = 0, time.Second, "come back at 2000-01-01T00:50:0"
	}
	return s
}

// eaten is a quota of which another job of the same App takes nearly all: nothing is sent that
// would be refused.
func eaten(name string, maxWait time.Duration, exit int) situation {
	return situation{name: name, exit: exit, world: func(w *githubtest.World) {
		subsets(w, 300)
		w.Latency = githubtest.Duration(roundTrip)
	}, bench: func(b *bench) {
		b.config.MaxWait = maxWait
		var spend sync.Once
		b.config.Progress = func(p github.Progress) {
			if p.Act == "token repositories" && p.Done == 50 {
				spend.Do(func() { b.server.Spend("core", 4900) })
			}
		}
	}, holds: func(o *outcome) {
		for _, entry := range o.server.Log() {
			if entry.Status == http.StatusForbidden {
				o.t.Fatalf("%s was sent though no quota was left", entry.URL)
			}
		}
	}}
}
