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

// wait returns when the resource may be asked, or with the reason why it may not.
func (p *pauses) wait(ctx context.Context, resource string, now func() time.Time) error {
	for {
		d, err := p.left(resource, now())
		if err != nil || d <= 0 {
			return err
		}
		if err := sleep(ctx, d); err != nil {
			return err
		}
	}
}

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

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// limit is what an answer says of rate limits.
type limit struct {
	hit      bool // this very request was turned away
	resource string
	wait     time.Duration
}

// limitOf sorts an answer after GitHub's documentation: no quota left is a primary limit;
// Retry-After, or words about a secondary limit, a secondary one. Headers that are absent, as on
// an Enterprise Server, mean no limit. tries is how often this request met a secondary limit.
func limitOf(a *answer, tries int, now time.Time) (limit, bool) {
	turnedAway := a.status == http.StatusForbidden || a.status == http.StatusTooManyRequests ||
		a.graphQLType("RATE_LIMITED")
	if server := a.date(); !server.IsZero() {
		now = server
	}
	words := strings.ToLower(a.message())
	secondary := strings.Contains(words, "secondary rate limit") ||
		strings.Contains(words, "abuse detection") ||
		strings.Contains(a.documentation(), "secondary-rate-limits")
	if a.header.Get("X-Ratelimit-Remaining") == "0" && !(secondary && turnedAway) {
		wait, known := untilReset(a.header, now)
		if known || turnedAway {
			return limit{hit: turnedAway, resource: a.resource, wait: wait}, known || turnedAway
		}
	}
	retryAfter := a.header.Get("Retry-After")
	switch {
	case secondary && (turnedAway || a.isGraphQL()), turnedAway && retryAfter != "",
		a.status == http.StatusTooManyRequests:
		return limit{
			hit: true, resource: everything, wait: parseRetryAfter(retryAfter, tries, now),
		}, true
	case a.graphQLType("RATE_LIMITED"):
		return limit{hit: true, resource: a.resource, wait: secondaryWait << tries}, true
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
