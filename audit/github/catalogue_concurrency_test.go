// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/audit/github/githubtest"
	"github.com/complytime/pataudit/audit/snapshot"
)

// concurrencyCases are section F, as far as it is about collecting.
func concurrencyCases() []situation {
	return []situation{
		{
			name: "race_detector_on_1000_tokens_x_32_workers", world: func(w *githubtest.World) {
				subsets(w, 1000)
				w.RateLimit.Core = unlimited
				w.Latency = githubtest.Duration(roundTrip)
			}, bench: inFlight(32), holds: func(o *outcome) {
				o.tokens(1003)
				if n := o.server.PeakInFlight(); n > 32 {
					o.t.Errorf("%d requests at once", n)
				}
			},
		},
		{name: "result_order_deterministic_for_any_schedule", test: sameForAnySchedule},
		{
			name: "100-in-flight_never_exceeded", world: func(w *githubtest.World) {
				subsets(w, 500)
				w.RateLimit.Core = unlimited
				w.Latency = githubtest.Duration(roundTrip)
			}, bench: inFlight(api.MaxConcurrency), holds: func(o *outcome) {
				if n := o.server.PeakInFlight(); n != api.MaxConcurrency {
					o.t.Errorf("%d requests at once", n)
				}
			},
		},
		{name: "N_requests_in_any_60_s_window", variants: []situation{
			anyMinute(20*time.Millisecond, 850), anyMinute(80*time.Millisecond, 850),
			anyMinute(400*time.Millisecond, 187), // 75 s of GitHub's time
		}},
		slipTest(),
	}
}

func inFlight(n int) func(*bench) {
	return func(b *bench) { b.config.Limits.InFlight = n }
}

// sameForAnySchedule holds that neither the report nor the snapshot tells in which order GitHub
// answered. Its clock stands still, for both tell when they were made.
func sameForAnySchedule(t *testing.T) {
	t.Parallel()
	var reports, snapshots [][]byte
	for seed := range uint64(3) {
		if !tenth(int(seed)) {
			continue
		}
		for _, workers := range []int{1, 7, 32} {
			s := situation{grants: 250, exit: 5, world: func(w *githubtest.World) {
				stood := w.Now()
				w.Now = func() time.Time { return stood }
				busyOrganization(w)
			}, bench: func(b *bench) {
				b.config.Now = time.Now
				b.config.Limits.InFlight = workers
				b.world.OnRequest = jitter(seed)
			}, holds: func(o *outcome) {
				var saved bytes.Buffer
				if _, err := snapshot.Save(&saved, o.evidence); err != nil {
					o.t.Fatal(err)
				}
				reports, snapshots = append(reports, o.json), append(snapshots, saved.Bytes())
			}}
			inBubble(t, s.prepare, s.happen)
		}
	}
	for i := range reports {
		if !bytes.Equal(reports[i], reports[0]) {
			t.Errorf("report %d differs", i)
		}
		if !bytes.Equal(snapshots[i], snapshots[0]) {
			t.Errorf("snapshot %d differs", i)
		}
	}
}

// busyOrganization has tokens of every kind, and lists that cannot be had for different reasons.
func busyOrganization(w *githubtest.World) {
	o := w.Organizations[0]
	o.OutsideCollaborators = []*githubtest.Member{{Login: "contractor"}}
	subsets(w, 100)
	for i, owner := range []string{"hubot", "contractor", "departed"} {
		o.Grants[i].Owner = owner
		o.Grants[260+i].ExpiresAt = nil
	}
	o.Requests = append(o.Requests, o.NewRequest(w.Now()), o.NewRequest(w.Now()))
	for i, status := range []int{500, 422, 410} {
		w.Faults = append(w.Faults, &githubtest.Fault{
			Path: fmt.Sprintf("%s/%d/repositories", tokensPath, o.Grants[300+i].ID), Status: status,
		})
	}
}

// jitter delays each request by up to 40 ms, in an order that the seed makes up.
func jitter(seed uint64) func(int, *http.Request) {
	return func(n int, _ *http.Request) {
		random := rand.New(rand.NewPCG(seed, uint64(n)))
		time.Sleep(time.Duration(random.Int64N(int64(40 * time.Millisecond))))
	}
}

// sentCall is when a request was sent, and its answer read.
type sentCall struct{ sent, answered time.Time }

// anyMinute holds by what was really sent that no minute takes more of GitHub than our limits
// allow: counted by when requests were sent and by when they were answered. And the time that the
// limits leave is used: within a tenth of what they allow at best, minute requests in each.
func anyMinute(latency time.Duration, minute int) situation {
	const lists = 2000
	var mu sync.Mutex
	var calls []sentCall
	return situation{name: latency.String(), world: func(w *githubtest.World) {
		subsets(w, lists)
		w.RateLimit.Core = unlimited
		w.Latency = githubtest.Duration(latency)
	}, bench: func(b *bench) {
		b.config.Limits = api.DefaultLimits()
		b.config.Limits.InFlight = api.MaxConcurrency
		b.between(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			sent := time.Now()
			response, err := next.RoundTrip(r)
			mu.Lock()
			defer mu.Unlock()
			calls = append(calls, sentCall{sent, time.Now()})
			return response, err
		})
	}, holds: func(o *outcome) {
		if c := o.evidence.CoverageOf(audit.SourceRepositories); c.Items != lists+3 ||
			!strings.Contains(c.Reason.String(), "held up for") || len(calls) < lists {
			o.t.Errorf("%d requests; coverage %+v", len(calls), c)
		}
		best := time.Minute * time.Duration((len(calls)-1)/minute)
		if o.took > best+best/10+10*time.Second {
			o.t.Errorf("it took %v, where %v would do", o.took, best)
		}
		for name, at := range map[string]func(sentCall) time.Time{
			"sent":     func(c sentCall) time.Time { return c.sent },
			"answered": func(c sentCall) time.Time { return c.answered },
		} {
			if n, busy := fullestMinute(calls, at); n > minute || busy > 75*time.Second {
				o.t.Errorf("%d requests and %v of them were %s in one minute", n, busy, name)
			}
		}
	}}
}

// fullestMinute returns the most calls, and the most of their summed time, of any 60 seconds.
func fullestMinute(
	calls []sentCall, at func(sentCall) time.Time,
) (most int, busiest time.Duration) {
	slices.SortFunc(calls, func(a, b sentCall) int { return at(a).Compare(at(b)) })
	first, busy := 0, time.Duration(0)
	for last := range calls {
		busy += calls[last].answered.Sub(calls[last].sent)
		for at(calls[last]).Sub(at(calls[first])) >= time.Minute {
			busy -= calls[first].answered.Sub(calls[first].sent)
			first++
		}
		most, busiest = max(most, last-first+1), max(busiest, busy)
	}
	return most, busiest
}

// slipTest has a GitHub that refuses everything from the 301st request of a minute on: after its
// first refusal come no more requests than were under way, and none after the refusal was read.
func slipTest() situation {
	const workers = 32
	return situation{name: "slip_test", world: func(w *githubtest.World) {
		subsets(w, 1000)
		w.RateLimit = githubtest.RateLimit{Core: unlimited, PerMinute: 300}
		w.Latency = githubtest.Duration(roundTrip)
	}, bench: inFlight(workers), min: 3 * time.Minute, max: 5 * time.Minute, holds: func(o *outcome) {
		o.tokens(1003)
		log := o.server.Log()
		slices.SortStableFunc(log, func(a, b githubtest.Entry) int { return a.At.Compare(b.At) })
		var refused time.Time
		slipped, limits := 0, 0
		for _, entry := range log {
			switch since := entry.At.Sub(refused); {
			case since > roundTrip && since < time.Minute:
				o.t.Errorf("%s was sent %v after a refusal", entry.URL, since)
			case entry.Status != http.StatusForbidden:
			case since > roundTrip:
				refused, slipped = entry.At, 1
				limits++
			default:
				slipped++
			}
			if slipped > workers {
				o.t.Fatalf("%d requests slipped", slipped)
			}
		}
		if limits < 3 {
			o.t.Errorf("only %d limits were met", limits)
		}
		c := o.evidence.CoverageOf(audit.SourceRepositories)
		if c.Items != 1003 || !strings.Contains(c.Reason.String(), "held up for") {
			o.t.Errorf("coverage %+v", c)
		}
	}}
}
