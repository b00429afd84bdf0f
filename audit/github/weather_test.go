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

// TestWeather has what the catalogue of faults leaves out: what passes is waited out, as long as
// it should be and no longer. The faults hit the second page, so that a list begins.
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
		{"truncated once", func() githubtest.Fault {
			return githubtest.Fault{Mode: githubtest.ModeTruncate, Times: 1}
		}, time.Second / 2, 2 * time.Second, ""},
		{"hangs", func() githubtest.Fault {
			return githubtest.Fault{Delay: githubtest.Duration(time.Hour)}
		}, time.Minute, 2 * time.Minute, "within 30s"},
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
					!strings.Contains(coverage.Reason.String(), test.broken):
					b.t.Errorf("coverage %+v, want %q", coverage, test.broken)
				}
			})
		})
	}
}

func header(name, value string) map[string]string { return map[string]string{name: value} }

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

// TestTokenLife: a token is renewed before its hour is over, and forgiven while it is fresh; one
// mint serves all.
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
	for _, status := range []int{403, 404} {
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
