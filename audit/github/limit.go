// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// How long to wait where GitHub says nothing usable, after its documentation: a minute for a
// secondary limit, growing; and a second after a reset, for clocks that disagree.
const (
	secondaryWait = time.Minute
	resetSlack    = time.Second
)

// pauses holds every worker of one installation back while a rate limit is in force, and keeps
// count of the time that went into it.
type pauses struct {
	budget *patience // shared with the other installations

	mu     sync.Mutex
	until  map[string]time.Time // by resource ("core", "graphql"); everything is "everything"
	beyond map[string]*Error    // resources whose limit outlasts the budget
}

// patience is how long all the pauses of a run together may be: --max-wait.
type patience struct {
	mu   sync.Mutex
	left time.Duration
}

// spend takes d from what is left, if there is as much.
func (p *patience) spend(d time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if d > p.left {
		return false
	}
	p.left -= d
	return true
}

const everything = "everything"

func newPauses(budget *patience) *pauses {
	return &pauses{
		budget: budget, until: map[string]time.Time{}, beyond: map[string]*Error{},
	}
}

// hold pauses a resource for d from now. A pause that the budget does not cover is an error, for
// this request and for every later one of the resource.
func (p *pauses) hold(resource string, d time.Duration, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	until := now.Add(d)
	already := p.until[resource]
	if already.Before(now) {
		already = now
	}
	more := until.Sub(already)
	if more <= 0 {
		return
	}
	if !p.budget.spend(more) {
		p.beyond[resource] = &Error{
			Kind: Limited, Until: until, Message: "rate limit of GitHub reached",
		}
		return
	}
	p.until[resource] = until
}

// left tells how long the resource may not be asked, or the reason why it may not be at all.
func (p *pauses) left(resource string, now time.Time) (time.Duration, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, name := range []string{resource, everything} {
		if err := p.beyond[name]; err != nil {
			return 0, err
		}
	}
	return max(p.until[resource].Sub(now), p.until[everything].Sub(now)), nil
}

// sleep waits for d, or until ctx ends; and no longer than until early is closed, unless it is
// nil.
func sleep(ctx context.Context, d time.Duration, early <-chan struct{}) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-early:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// limit is a rate limit by which a request was turned away.
type limit struct {
	resource string
	wait     time.Duration
}

// limitOf sorts an answer after GitHub's documentation: no quota left is a primary limit;
// Retry-After, or words about a secondary limit, a secondary one. tries is how often this request
// met a limit before.
func limitOf(a *answer, tries int, now time.Time) (met limit, ok bool) {
	turnedAway := a.status == http.StatusForbidden || a.status == http.StatusTooManyRequests ||
		a.graphQLType("RATE_LIMITED")
	now = a.clock(now)
	words := strings.ToLower(a.message())
	secondary := strings.Contains(words, "secondary rate limit") ||
		strings.Contains(words, "abuse detection") ||
		strings.Contains(a.documentation(), "secondary-rate-limits")
	retryAfter := a.header.Get("Retry-After")
	switch {
	case turnedAway && !secondary && a.header.Get("X-Ratelimit-Remaining") == "0":
		wait, _ := untilReset(a.header, now)
		return limit{a.resource, wait}, true
	case secondary && (turnedAway || a.graphQL), turnedAway && retryAfter != "",
		a.status == http.StatusTooManyRequests:
		return limit{everything, parseRetryAfter(retryAfter, tries, now)}, true
	case a.graphQLType("RATE_LIMITED"):
		return limit{a.resource, secondaryWait << tries}, true
	}
	return limit{}, false
}

// untilReset gives how long the primary limit lasts; known is false if the header says nothing
// usable, or the reset is over.
func untilReset(header http.Header, now time.Time) (wait time.Duration, known bool) {
	seconds, err := strconv.ParseInt(header.Get("X-Ratelimit-Reset"), 10, 64)
	if err != nil || seconds <= 0 {
		return secondaryWait, false
	}
	if left := seconds - now.Unix(); left > 0 {
		return bounded(left) + resetSlack, true
	}
	return resetSlack, false
}

// parseRetryAfter understands seconds and a date. Anything else, and nothing, is a minute that
// doubles with each try.
func parseRetryAfter(text string, tries int, now time.Time) time.Duration {
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds >= 0 {
		return max(bounded(int64(min(seconds, 1e9)+0.999)), resetSlack)
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(now)+resetSlack, resetSlack)
	}
	return secondaryWait << min(tries, 4)
}

// bounded turns seconds into a duration that does not overflow.
func bounded(seconds int64) time.Duration {
	const year = 365 * 24 * 60 * 60
	return time.Duration(min(seconds, year)) * time.Second
}
