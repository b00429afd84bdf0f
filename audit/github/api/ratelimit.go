// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// How long to wait where GitHub says nothing usable, after its documentation: a minute for a
// secondary limit, growing; and a second after a reset, for clocks that disagree.
const (
	secondaryWait = time.Minute
	resetSlack    = time.Second
)

// everything is the resource of a limit that stops all others, too.
const everything = "everything"

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

// untilReset returns how long the primary limit lasts; known is false if the header says nothing
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

// parseRetryAfter returns how long Retry-After asks to wait, in seconds or until a date. For
// anything else, and for nothing, it is a minute that doubles with each try.
func parseRetryAfter(text string, tries int, now time.Time) time.Duration {
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds >= 0 {
		return max(bounded(int64(min(seconds, 1e9)+0.999)), resetSlack)
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(now)+resetSlack, resetSlack)
	}
	return secondaryWait << min(tries, 4)
}

// bounded returns so many seconds as a duration that does not overflow.
func bounded(seconds int64) time.Duration {
	const year = 365 * 24 * 60 * 60
	return time.Duration(min(seconds, year)) * time.Second
}

// quota is what is left of one hourly limit, as far as GitHub shows.
type quota struct {
	limit    int       // 0: not known, or none
	left     int       // by GitHub's last word: others may use it, too
	reset    time.Time // by our clock
	closed   time.Time // until then nothing is left, whatever answers say
	inFlight int       // requests that its last word may not count yet
}

func (q *quota) close(until time.Time) {
	if until.After(q.closed) {
		q.closed = until
	}
}

// update notes what an answer says of the quota. An Enterprise Server without limits says nothing.
// The quota's headers beside Retry-After are passed over: such an answer met a secondary limit.
// server is GitHub's clock, by which it names the reset.
func (q *quota) update(header http.Header, server, now time.Time) {
	if header.Get("Retry-After") != "" {
		return
	}
	left, err := strconv.Atoi(header.Get("X-Ratelimit-Remaining"))
	wait, known := untilReset(header, server)
	if err != nil || left < 0 || !known {
		return
	}
	limit, err := strconv.Atoi(header.Get("X-Ratelimit-Limit"))
	if err != nil || limit < 1 {
		limit = 1 // there is one, or nothing would be left of it
	}
	q.limit, q.left, q.reset = limit, left, now.Add(wait)
}

// known reports whether there is a limit of which something is known still.
func (q *quota) known(now time.Time) bool { return q.limit > 0 && now.Before(q.reset) }

// available returns what is left beyond the reserve; very much where nothing is known of a limit.
func (q *quota) available(reserve int, now time.Time) int {
	if !q.known(now) {
		return math.MaxInt
	}
	return q.left - q.reserved(reserve)
}

// reserved returns what is left to others: a hundredth, and at most so much.
func (q *quota) reserved(reserve int) int {
	const hundredth = 100
	return min(reserve, q.limit/hundredth)
}

// wait returns how long so many requests have to wait for the quota: zero, until its reset, or
// until as many hours after it as they fill.
func (q *quota) wait(requests, reserve int, now time.Time) time.Duration {
	missing := requests - max(q.available(reserve, now), 0)
	if missing <= 0 {
		return 0
	}
	const window = time.Hour
	return q.reset.Sub(now) + window*time.Duration((missing-1)/(q.limit-q.reserved(reserve)))
}
