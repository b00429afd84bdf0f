// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// How long to wait where GitHub says nothing usable, after its documentation: a minute for a
// secondary limit, growing; and a second after a reset, for clocks that disagree.
const (
	secondaryWait = time.Minute
	resetSlack    = time.Second
)

// patience is how long a run may wait for limits in all, by the clock on the wall: --max-wait.
// Organizations that wait at the same time spend it once.
type patience struct {
	mu    sync.Mutex
	left  time.Duration
	until time.Time // what is spent already allows for waiting until then
}

// allows reports whether a request may wait until an instant, and spends what that takes.
func (p *patience) allows(until, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	from := now
	if p.until.After(now) {
		from = p.until
	}
	more := until.Sub(from)
	if more <= 0 {
		return true
	}
	if more > p.left {
		return false
	}
	p.left, p.until = p.left-more, until
	return true
}

// rest is how long a request may wait from now on.
func (p *patience) rest(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.left + max(p.until.Sub(now), 0)
}

// everything is the resource of a limit that stops all others, too.
const everything = "everything"

// retries is how often a whole run sends a request again that failed: so many times, and once more
// for every ten requests. Nil has no bound.
type retries struct {
	most       int64
	sent, used atomic.Int64
}

func (r *retries) request() {
	if r != nil {
		r.sent.Add(1)
	}
}

// take reports whether there is one left, and takes it.
func (r *retries) take() bool {
	const oneIn = 10
	if r == nil || r.used.Add(1) <= r.most+r.sent.Load()/oneIn {
		return true
	}
	r.used.Add(-1)
	return false
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

// limitOf sorts an answer after GitHub's documentation: Retry-After, or words about a secondary
// limit, is a secondary one; else no quota left is a primary one. tries is how often this request
// met a limit before.
func limitOf(a *answer, tries int, now time.Time) (met limit, ok bool) {
	turnedAway := a.status == http.StatusForbidden || a.status == http.StatusTooManyRequests ||
		a.graphQLLimited()
	now = a.clock(now)
	words := strings.ToLower(a.message())
	secondary := strings.Contains(words, "secondary rate limit") ||
		strings.Contains(words, "abuse detection") ||
		strings.Contains(a.documentation(), "secondary-rate-limits")
	retryAfter := a.header.Get("Retry-After")
	switch {
	case turnedAway && !secondary && retryAfter == "" &&
		a.header.Get("X-Ratelimit-Remaining") == "0":
		wait, _ := untilReset(a.header, now)
		return limit{a.resource, wait}, true
	case secondary && (turnedAway || a.graphQL), turnedAway && retryAfter != "",
		a.status == http.StatusTooManyRequests:
		return limit{everything, parseRetryAfter(retryAfter, tries, now)}, true
	case a.graphQLLimited():
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
