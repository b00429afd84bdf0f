// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

const tokensPath = "/orgs/complytime/personal-access-tokens"

// TestWeather: what passes is waited out, as long as it should be and no longer; what does not
// pass leaves the audit incomplete. The faults hit the second page, so that a list begins.
func TestWeather(t *testing.T) {
	reset := func(in time.Duration) string {
		return strconv.FormatInt(time.Now().Add(in).Unix(), 10)
	}
	tests := []struct {
		name     string
		fault    func() githubtest.Fault
		min, max time.Duration
		broken   string // part of the reason, if the list stays partial
	}{
		{"500 once", func() githubtest.Fault {
			return githubtest.Fault{Status: 500, Times: 1}
		}, time.Second / 2, 2 * time.Second, ""},
		{"503 with Retry-After", func() githubtest.Fault {
			return githubtest.Fault{Status: 503, Times: 1, Header: header("Retry-After", "7")}
		}, 7 * time.Second, 8 * time.Second, ""},
		{
			"500 without end", func() githubtest.Fault { return githubtest.Fault{Status: 500} },
			3 * time.Second, 10 * time.Second, "500",
		},
		{"reset once", func() githubtest.Fault {
			return githubtest.Fault{Mode: githubtest.ModeReset, Times: 1}
		}, 0, 2 * time.Second, ""}, // net/http itself tries an idle connection's GET again
		{"truncated once", func() githubtest.Fault {
			return githubtest.Fault{Mode: githubtest.ModeTruncate, Times: 1}
		}, time.Second / 2, 2 * time.Second, ""},
		{
			"false gzip", func() githubtest.Fault { return githubtest.Fault{Mode: githubtest.ModeGzip} },
			time.Second, 10 * time.Second, "gzip",
		},
		{"hangs", func() githubtest.Fault {
			return githubtest.Fault{Delay: githubtest.Duration(time.Hour)}
		}, time.Minute, 2 * time.Minute, "within 30s"},
		{"429 with Retry-After", func() githubtest.Fault {
			return githubtest.Fault{Status: 429, Times: 1, Header: header("Retry-After", "20")}
		}, 20 * time.Second, 21 * time.Second, ""},
		{"403 secondary without headers", func() githubtest.Fault {
			return githubtest.Fault{Status: 403, Times: 1, Body: body(
				`{"message": "You have exceeded a secondary rate limit."}`)}
		}, time.Minute, time.Minute + time.Second, ""},
		{"403 secondary, garbage Retry-After", func() githubtest.Fault {
			return githubtest.Fault{Status: 403, Times: 1, Header: header("Retry-After", "soon")}
		}, time.Minute, time.Minute + time.Second, ""},
		{"Retry-After 0", func() githubtest.Fault {
			return githubtest.Fault{Status: 429, Times: 1, Header: header("Retry-After", "0")}
		}, time.Second, 2 * time.Second, ""},
		{"Retry-After -1", func() githubtest.Fault {
			return githubtest.Fault{Status: 429, Times: 1, Header: header("Retry-After", "-1")}
		}, time.Minute, time.Minute + time.Second, ""},
		{"Retry-After beyond the budget", func() githubtest.Fault {
			return githubtest.Fault{Status: 429, Header: header("Retry-After", "1000000000")}
		}, 0, time.Second, "come back at"},
		{"primary 403", func() githubtest.Fault {
			return githubtest.Fault{Status: 403, Times: 1, Header: map[string]string{
				"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset(5 * time.Minute),
			}}
		}, 5 * time.Minute, 5*time.Minute + 2*time.Second, ""},
		{"primary 429, reset beyond the budget", func() githubtest.Fault {
			return githubtest.Fault{Status: 429, Header: map[string]string{
				"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset(50 * time.Minute),
			}}
		}, 0, time.Second, "come back at"},
		{"reset in the past", func() githubtest.Fault {
			return githubtest.Fault{Status: 403, Times: 1, Header: map[string]string{
				"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset(-time.Minute),
			}}
		}, time.Second, 2 * time.Second, ""},
		{"the last quota", func() githubtest.Fault {
			return githubtest.Fault{Times: 1, Header: map[string]string{
				"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset(time.Minute),
			}}
		}, time.Minute, time.Minute + 2*time.Second, ""},
		{"limited again and again", func() githubtest.Fault {
			return githubtest.Fault{Status: 429, Header: header("Retry-After", "1")}
		}, 5 * time.Second, 10 * time.Second, "again and again"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(w *githubtest.World) { grants(w, 101) }, func(b *bench) {
				fault := test.fault()
				fault.Path, fault.Query = tokensPath, "&page=2"
				b.server.Change(func(w *githubtest.World) { w.Faults = []*githubtest.Fault{&fault} })
				begun := time.Now()
				coverage := b.mustCollect().CoverageOf(audit.SourceTokens)
				took := time.Since(begun)
				if took < test.min || took > test.max {
					b.t.Errorf("it took %v, not from %v to %v", took, test.min, test.max)
				}
				switch {
				case test.broken == "" && coverage.Status != audit.Complete,
					test.broken != "" && coverage.Status == audit.Complete,
					!strings.Contains(coverage.Reason, test.broken):
					b.t.Errorf("coverage %+v, want %q", coverage, test.broken)
				}
			})
		})
	}
}

func header(name, value string) map[string]string { return map[string]string{name: value} }

// TestOneLimitPausesAll: after a limit no worker sends before it is over.
func TestOneLimitPausesAll(t *testing.T) {
	inBubble(t, func(w *githubtest.World) {
		grants(w, 60)
		for _, g := range w.Organizations[0].Grants {
			g.Selection, g.Repositories = "subset", []string{w.Organizations[0].Repositories[0].Name}
		}
		w.Latency = githubtest.Duration(50 * time.Millisecond)
		w.Faults = []*githubtest.Fault{{
			Path: tokensPath + "/*/repositories", After: 20, Times: 1, Status: 429,
			Header: header("Retry-After", "100"),
		}}
	}, func(b *bench) {
		evidence := b.mustCollect()
		if c := evidence.CoverageOf(audit.SourceRepositories); c.Status != audit.Complete {
			b.t.Fatalf("coverage %+v", c)
		}
		var limited time.Time
		for _, entry := range b.server.Log() {
			if entry.Status == 429 {
				limited = entry.At
			}
		}
		slipped := 0
		for _, entry := range b.server.Log() {
			since := entry.At.Sub(limited)
			if since > 50*time.Millisecond && since < 100*time.Second {
				slipped++
			}
		}
		if limited.IsZero() || slipped > 0 {
			b.t.Errorf("limited at %v, and %d requests slipped", limited, slipped)
		}
		if peak := b.server.PeakInFlight(); peak > github.DefaultConcurrency {
			b.t.Errorf("%d requests in flight", peak)
		}
	})
}

// TestNoLimitHeaders: an Enterprise Server without limits is not one whose quota is used up.
func TestNoLimitHeaders(t *testing.T) {
	inBubble(t, func(w *githubtest.World) {
		grants(w, 101)
		w.RateLimit = githubtest.RateLimit{}
		w.Enterprise = true
	}, func(b *bench) {
		if c := b.mustCollect().CoverageOf(audit.SourceTokens); c.Status != audit.Complete {
			b.t.Errorf("coverage %+v", c)
		}
	})
}

// TestCancel: an interruption ends a wait at once.
func TestCancel(t *testing.T) {
	inBubble(t, func(w *githubtest.World) {
		grants(w, 1)
		w.Faults = []*githubtest.Fault{{
			Path: tokensPath, Status: 429,
			Header: header("Retry-After", "600"),
		}}
	}, func(b *bench) {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		begun := time.Now()
		_, err := github.New(b.config).Organization("complytime").Collect(ctx, everything)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) > 11*time.Second {
			b.t.Errorf("error %v after %v", err, time.Since(begun))
		}
	})
}

// TestTokenLife: a token is renewed before its hour is over, refreshed once if GitHub drops it,
// and forgiven while it is fresh; one mint serves all.
func TestTokenLife(t *testing.T) {
	mints := func(b *bench) (n int) {
		for _, entry := range b.server.Log() {
			if entry.Method == http.MethodPost && strings.HasSuffix(entry.URL, "/access_tokens") {
				n++
			}
		}
		return n
	}
	t.Run("one mint", func(t *testing.T) {
		inBubble(t, func(w *githubtest.World) { grants(w, 250) }, func(b *bench) {
			b.mustCollect()
			if n := mints(b); n != 1 {
				b.t.Errorf("%d mints", n)
			}
		})
	})
	t.Run("an hour passes", func(t *testing.T) {
		inBubble(t, func(w *githubtest.World) {
			grants(w, 250)
			w.Faults = []*githubtest.Fault{{
				Path: tokensPath, Query: "&page=2", Times: 1, Status: 429,
				Header: header("Retry-After", "3400"),
			}}
		}, func(b *bench) {
			b.config.MaxWait = time.Hour
			evidence := b.mustCollect()
			if c := evidence.CoverageOf(audit.SourceTokens); c.Status != audit.Complete {
				b.t.Errorf("coverage %+v", c)
			}
			if n := mints(b); n != 2 {
				b.t.Errorf("%d mints", n)
			}
		})
	})
	t.Run("dropped", func(t *testing.T) {
		inBubble(t, func(w *githubtest.World) {
			grants(w, 250)
			w.Faults = []*githubtest.Fault{{Path: tokensPath + "/*/repositories", Times: 1, Status: 401}}
			w.Latency = githubtest.Duration(2 * time.Second) // so that the token is not fresh
		}, func(b *bench) {
			if c := b.mustCollect().CoverageOf(audit.SourceRepositories); c.Status != audit.Complete {
				b.t.Errorf("coverage %+v", c)
			}
			if n := mints(b); n != 2 {
				b.t.Errorf("%d mints", n)
			}
		})
	})
	for _, status := range []int{401, 403, 404} {
		t.Run("fresh, "+strconv.Itoa(status), func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				grants(w, 1)
				w.Faults = []*githubtest.Fault{{Path: tokensPath, Times: 2, Status: status}}
			}, func(b *bench) {
				if c := b.mustCollect().CoverageOf(audit.SourceTokens); c.Status != audit.Complete {
					b.t.Errorf("coverage %+v", c)
				}
			})
		})
	}
}

// TestClockSkew: a clock that is a day off does not keep us from signing, nor changes the date of
// the evidence.
func TestClockSkew(t *testing.T) {
	const little, day = 10 * time.Minute, 24 * time.Hour
	for _, skew := range []time.Duration{-day, -little, little, day} {
		t.Run(skew.String(), func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) { grants(w, 1) }, func(b *bench) {
				b.config.Now = func() time.Time { return time.Now().Add(skew) }
				evidence := b.mustCollect()
				if off := time.Since(evidence.CollectedAt).Abs(); off > time.Minute {
					b.t.Errorf("the evidence is dated %v away", off)
				}
			})
		})
	}
}
