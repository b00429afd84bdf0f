// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Limits are what a run takes of GitHub at most, REST and GraphQL together. The zero value of each
// switches that limit off; what GitHub itself answers is heeded in any case.
type Limits struct {
	// InFlight is how many requests are under way at once, of all organizations together.
	InFlight int

	// Requests and Busy bound what one installation is asked in any 60 seconds: how many requests,
	// and the sum of their response times. They are budgets, not a pace: what they allow may go at
	// once. GitHub allows 900, and 90 s of its own computing time.
	Requests int
	Busy     time.Duration

	// Reserve is how much of an hourly quota is left to other users of the same App, but never
	// more than a hundredth of it.
	Reserve int

	// Retries is how many retries the failures of a whole run are worth, beside one for every ten
	// requests.
	Retries int
}

// DefaultLimits stay below what GitHub documents, and leave something for others.
func DefaultLimits() Limits {
	return Limits{
		InFlight: DefaultConcurrency, Requests: 850, Busy: 75 * time.Second, Reserve: 50, Retries: 50,
	}
}

// governor decides when a request of one installation may be sent.
type governor struct {
	limits   Limits
	now      func() time.Time
	log      *slog.Logger
	slots    chan struct{} // shared with the other installations; nil: no bound
	patience *patience     // likewise

	mu      sync.Mutex
	quotas  map[string]*quota // by resource ("core", "graphql"), and of everything
	window  window
	changed chan struct{} // closed when a request ends
}

func newGovernor(c *Client) *governor {
	return &governor{
		limits: c.config.Limits, now: c.config.Now, log: c.config.Log, slots: c.slots,
		patience: &c.patience,
		quotas:   map[string]*quota{},
		window:   window{requests: c.config.Limits.Requests, busy: c.config.Limits.Busy},

		changed: make(chan struct{}),
	}
}

// passage is one request's leave to be sent. It ends with [passage.end].
type passage struct {
	governor *governor
	resource string
	number   int
}

// admit waits until a request may be sent. All that it waits for ends at once with ctx.
func (g *governor) admit(ctx context.Context, resource string) (*passage, error) {
	for {
		if err := g.wait(ctx, resource); err != nil {
			return nil, err
		}
		if err := g.takeSlot(ctx); err != nil {
			return nil, err
		}
		// A limit may have been met while waiting for the slot.
		if p := g.enter(resource); p != nil {
			return p, nil
		}
		g.freeSlot()
	}
}

func (g *governor) takeSlot(ctx context.Context) error {
	if g.slots == nil {
		return ctx.Err()
	}
	select {
	case g.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *governor) freeSlot() {
	if g.slots != nil {
		<-g.slots
	}
}

// atOnce is how many requests may be under way.
func (g *governor) atOnce() int {
	if n := g.limits.InFlight; n > 0 {
		return min(n, MaxConcurrency)
	}
	return MaxConcurrency
}

// wait waits for limits that are in force, the quota and the window.
func (g *governor) wait(ctx context.Context, resource string) error {
	held := &accountOf(ctx).held
	for {
		d, changed, err := g.left(resource)
		if err != nil || d <= 0 {
			return err
		}
		if held.start(g.now()) && d >= time.Second {
			g.log.Info("held up by rate limits", "resource", resource, "at most", d.Round(time.Second))
		}
		err = sleep(ctx, d, changed)
		held.stop(g.now())
		if err != nil {
			return err
		}
	}
}

// left tells how long a request has to wait at least. It may be worth another look once changed
// is closed.
func (g *governor) left(resource string) (d time.Duration, changed <-chan struct{}, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	d, err = g.toWait(resource, g.now())
	return d, g.changed, err
}

func (g *governor) toWait(resource string, now time.Time) (time.Duration, error) {
	q := g.quotaOf(resource)
	if q.beyond(g.limits.Reserve, now) <= 0 {
		q.close(q.reset) // answers that were under way may say more
	}
	until := q.closed
	if all := g.quotaOf(everything).closed; all.After(until) {
		until = all
	}
	switch {
	case until.After(now) && !g.patience.allows(until, now):
		return 0, &Error{Kind: Limited, Until: until, Message: "rate limit of GitHub reached"}
	case until.After(now):
		return until.Sub(now), nil
	case q.beyond(g.limits.Reserve, now) <= q.inFlight:
		return span, nil // unless the answers to those in flight tell of more
	}
	return g.window.wait(now), nil
}

// hold notes a limit that was met: until it is over, nothing is left of its resource.
func (g *governor) hold(met limit) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.quotaOf(met.resource).close(g.now().Add(met.wait))
}

// enter counts a request as sent, unless it has to wait after all.
func (g *governor) enter(resource string) *passage {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	if d, err := g.toWait(resource, now); d > 0 || err != nil {
		return nil
	}
	g.quotaOf(resource).inFlight++
	return &passage{g, resource, g.window.send(now)}
}

func (g *governor) quotaOf(resource string) *quota {
	q := g.quotas[resource]
	if q == nil {
		q = &quota{}
		g.quotas[resource] = q
	}
	return q
}

// end counts the answer; a is nil if there was none.
func (p *passage) end(a *answer) {
	g := p.governor
	g.freeSlot()
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	g.window.end(p.number, now)
	g.quotaOf(p.resource).inFlight--
	if a != nil {
		g.quotaOf(a.resource).hear(a.header, a.clock(now), now) // it may be another one
	}
	close(g.changed)
	g.changed = make(chan struct{})
}

// count counts a request that another governor admitted.
func (g *governor) count(begun time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.window.end(g.window.send(begun), g.now())
}

// quota is what is left of one hourly limit, as far as GitHub tells.
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

// hear notes what an answer tells. An Enterprise Server without limits tells nothing. The quota's
// headers beside Retry-After are passed over: such an answer met a secondary limit. server is
// GitHub's clock, by which it names the reset.
func (q *quota) hear(header http.Header, server, now time.Time) {
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

// beyond is what is left beyond the reserve; very much where nothing is known of a limit.
func (q *quota) beyond(reserve int, now time.Time) int {
	if !q.known(now) {
		return math.MaxInt
	}
	return q.left - q.reserved(reserve)
}

// reserved is what is left to others: a hundredth, and at most so much.
func (q *quota) reserved(reserve int) int {
	const hundredth = 100
	return min(reserve, q.limit/hundredth)
}
