// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// TestWaitOnTheWall: organizations that wait at the same time spend the run's patience once.
func TestWaitOnTheWall(t *testing.T) {
	const organizations = 8
	for _, test := range []struct {
		name    string
		maxWait time.Duration
		all     bool
	}{
		{"five minutes", 5 * time.Minute, true},
		{"the very minute", time.Minute, true},
		{"a second less", time.Minute - time.Second, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				w.Organizations = nil
				for i := range organizations {
					o := &githubtest.Organization{Login: fmt.Sprintf("org-%d", i), ID: int64(i + 1)}
					w.Organizations = append(w.Organizations, o)
					w.Faults = append(w.Faults, &githubtest.Fault{
						Path: "/orgs/" + o.Login + "/personal-access-tokens", Times: 1, Status: 429,
						Header: map[string]string{"Retry-After": "60"},
					})
				}
			}, func(b *bench) {
				b.config.MaxWait = test.maxWait
				client, begun := github.New(b.config), time.Now()
				errs := make([]error, organizations)
				var group sync.WaitGroup
				for i := range errs {
					group.Go(func() {
						source := client.Organization(fmt.Sprintf("org-%d", i))
						_, errs[i] = source.Collect(context.Background(), everything)
					})
				}
				group.Wait()
				for i, err := range errs {
					if (err == nil) != test.all {
						b.t.Errorf("org-%d: %v", i, err)
					}
				}
				if took := time.Since(begun); took > test.maxWait+time.Second {
					b.t.Errorf("it took %v", took)
				}
			})
		})
	}
}

// TestLimitIsForgotten: a limit that the patience does not cover stops the requests until it is
// over, and none after it.
func TestLimitIsForgotten(t *testing.T) {
	inBubble(t, func(w *githubtest.World) {
		w.Faults = []*githubtest.Fault{{
			Path: tokensPath, Times: 1, Status: 429, Header: map[string]string{"Retry-After": "600"},
		}}
	}, func(b *bench) {
		b.config.MaxWait = time.Minute
		source := github.New(b.config).Organization(b.world.Organizations[0].Login)
		collect := func() error {
			_, err := source.Collect(context.Background(), everything)
			return err
		}
		if err := collect(); err == nil || !strings.Contains(err.Error(), "come back at") {
			b.t.Fatalf("%v, want a limit", err)
		}
		time.Sleep(9 * time.Minute)
		if err := collect(); err != nil { // a minute is what the patience allows for
			b.t.Fatalf("%v after nine minutes", err)
		}
		if err := collect(); err != nil {
			b.t.Fatalf("%v once the limit is over", err)
		}
	})
}

// TestRetryAfterWins: an answer that says when to come back is not waited for until the reset.
func TestRetryAfterWins(t *testing.T) {
	inBubble(t, func(w *githubtest.World) {
		header := quota(0, w.Now().Add(50*time.Minute))
		header["Retry-After"] = "7"
		w.Faults = []*githubtest.Fault{{Path: tokensPath, Times: 1, Status: 403, Header: header}}
	}, func(b *bench) {
		begun := time.Now()
		b.mustCollect()
		if took := time.Since(begun); took < 7*time.Second || took > 9*time.Second {
			b.t.Errorf("it took %v", took)
		}
	})
}

// TestRetriesScale: what fails now and then fails no long run, and what always fails ends it soon.
func TestRetriesScale(t *testing.T) {
	const lists, oneIn = 1500, 25 // more failures than the retries that a run has in any case
	inBubble(t, func(w *githubtest.World) {
		subsets(w, lists)
		w.RateLimit.Core = unlimited
		for i := range lists / oneIn {
			w.Faults = append(w.Faults, &githubtest.Fault{
				Path: "/orgs/*/personal-access-tokens/*/repositories", Times: 1, Status: 502,
				After: i * oneIn,
			})
		}
	}, func(b *bench) {
		evidence := b.mustCollect()
		if c := evidence.CoverageOf(audit.SourceRepositories); c.Status != audit.Complete {
			b.t.Errorf("coverage %+v", c)
		}
	})
}

// TestQuotaOfHours: more lists than an hour's quota are read in the hours that it takes, one run
// after the other, if there is a cache; without one the advice is not to come back.
func TestQuotaOfHours(t *testing.T) {
	const lists, quota = 225, 100
	world := func(w *githubtest.World) {
		subsets(w, lists)
		w.RateLimit.Core = quota
	}
	t.Run("with a cache", func(t *testing.T) {
		inBubble(t, world, func(b *bench) {
			b.config.Cache, b.config.MaxWait = t.TempDir(), time.Minute
			read, runs := 0, 0
			for complete := false; !complete; runs++ {
				if runs > 4 {
					b.t.Fatalf("%d lists after %d runs", read, runs)
				}
				c := b.mustCollect().CoverageOf(audit.SourceRepositories)
				complete = c.Status == audit.Complete
				if c.Items <= read ||
					!complete && !strings.Contains(c.Reason.String(), "the next run goes on") {
					b.t.Errorf("run %d: %d lists before; %+v", runs, read, c)
				}
				read = c.Items
				time.Sleep(time.Hour)
			}
			if read != lists || runs < 3 {
				b.t.Errorf("%d lists after %d runs", read, runs)
			}
		})
	})
	t.Run("without", func(t *testing.T) {
		inBubble(t, world, func(b *bench) {
			c := b.mustCollect().CoverageOf(audit.SourceRepositories)
			if c.Status == audit.Complete || c.Requests > 0 ||
				strings.Contains(c.Reason.String(), "come back") ||
				!strings.Contains(c.Reason.String(), "--cache DIR") ||
				!strings.Contains(c.Reason.String(), "--max-wait ") {
				b.t.Errorf("coverage %+v", c)
			}
		})
	})
}

// TestFreshBareToken: a token that the workflow made a moment ago is forgiven what GitHub says of
// tokens that it does not know yet.
func TestFreshBareToken(t *testing.T) {
	for _, status := range []int{401, 403, 404} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				bareToken(w)
				w.Faults = []*githubtest.Fault{{Path: tokensPath, Times: 2, Status: status}}
			}, func(b *bench) {
				bare(b)
				b.mustCollect()
			})
		})
	}
}
