// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"fmt"
	"log/slog"
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

// DefaultLimits returns limits below what GitHub documents, which leave something for others.
func DefaultLimits() Limits {
	return Limits{
		InFlight: DefaultConcurrency, Requests: 850, Busy: 75 * time.Second, Reserve: 50, Retries: 50,
	}
}

// Governor decides when a request of one installation may be sent.
type Governor struct {
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

// NewGovernor returns one of a client's installations, within the client's limits.
func NewGovernor(c *Client) *Governor {
	return &Governor{
		limits: c.Config.Limits, now: c.Config.Now, log: c.Config.Log, slots: c.slots,
		patience: &c.patience,
		quotas:   map[string]*quota{},
		window:   window{requests: c.Config.Limits.Requests, busy: c.Config.Limits.Busy},

		changed: make(chan struct{}),
	}
}

// permit is one request's leave to be sent. It ends with permit.end.
type permit struct {
	governor *Governor
	resource string
	number   int
}

// admit waits until a request may be sent. All that it waits for ends at once with ctx.
func (g *Governor) admit(ctx context.Context, resource string) (*permit, error) {
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

func (g *Governor) takeSlot(ctx context.Context) error {
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

func (g *Governor) freeSlot() {
	if g.slots != nil {
		<-g.slots
	}
}

// AtOnce returns how many requests may be under way.
func (g *Governor) AtOnce() int {
	if n := g.limits.InFlight; n > 0 {
		return min(n, MaxConcurrency)
	}
	return MaxConcurrency
}

// wait waits for limits that are in force, the quota and the window.
func (g *Governor) wait(ctx context.Context, resource string) error {
	held := &AccountOf(ctx).held
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

// left returns how long a request has to wait at least. It may be less once changed is closed.
func (g *Governor) left(resource string) (d time.Duration, changed <-chan struct{}, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	d, err = g.toWait(resource, g.now())
	return d, g.changed, err
}

func (g *Governor) toWait(resource string, now time.Time) (time.Duration, error) {
	q := g.quotaOf(resource)
	until := q.closed
	if all := g.quotaOf(everything).closed; all.After(until) {
		until = all
	}
	switch {
	case until.After(now) && !g.patience.allows(until, now):
		return 0, &Error{Kind: Limited, Until: until, Message: "rate limit of GitHub reached"}
	case until.After(now):
		return until.Sub(now), nil
	case q.available(g.limits.Reserve, now) <= q.inFlight:
		return span, nil // unless the answers to those in flight show more
	}
	return g.window.wait(now), nil
}

// hold notes a limit that was met: until it is over, nothing is left of its resource.
func (g *Governor) hold(met limit) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.quotaOf(met.resource).close(g.now().Add(met.wait))
}

// enter counts a request as sent, unless it has to wait after all.
func (g *Governor) enter(resource string) *permit {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	if d, err := g.toWait(resource, now); d > 0 || err != nil {
		return nil
	}
	g.quotaOf(resource).inFlight++
	return &permit{g, resource, g.window.send(now)}
}

func (g *Governor) quotaOf(resource string) *quota {
	q := g.quotas[resource]
	if q == nil {
		q = &quota{}
		g.quotas[resource] = q
	}
	return q
}

// end counts the answer; a is nil if there was none.
func (p *permit) end(a *answer) {
	g := p.governor
	g.freeSlot()
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	g.window.end(p.number, now)
	g.quotaOf(p.resource).inFlight--
	if a != nil {
		q := g.quotaOf(a.resource) // it may be another one
		q.update(a.header, a.clock(now), now)
		if q.available(g.limits.Reserve, now) <= 0 {
			q.close(q.reset) // at once: an answer that was under way may say more, later
		}
	}
	close(g.changed)
	g.changed = make(chan struct{})
}

// count counts a request that another governor admitted.
func (g *Governor) count(begun time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.window.end(g.window.send(begun), g.now())
}

// Afford returns how many of so many requests the quota allows for: all, where waiting for its
// reset is within the run's patience; else none, for what is begun in vain would cost others of
// it. What an hour's quota can never hold is worth beginning only if the next run goes on from
// there.
func (g *Governor) Afford(resource string, requests int, goesOn bool) (afforded int, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	q := g.quotaOf(resource)
	wait := q.wait(requests, g.limits.Reserve, now)
	if wait <= g.patience.remaining(now) {
		return requests, nil
	}
	left, hour := max(q.available(g.limits.Reserve, now), 0), q.limit-q.reserved(g.limits.Reserve)
	limited := func(format string, args ...any) error {
		return &Error{Kind: Limited, Until: q.reset, Message: fmt.Sprintf(format, args...)}
	}
	switch {
	case requests <= hour:
		return 0, limited("%d requests are needed, and %d of the hourly quota of %d are left, "+
			"so none was spent; --repositories failing needs fewer", requests, left, q.limit)
	case !goesOn:
		return 0, &Error{Kind: Limited, Message: fmt.Sprintf("%d requests are needed, more than "+
			"the hourly quota of %d, so none was spent: --cache DIR spends what is left and goes on "+
			"in the next run, --max-wait %s waits, --repositories failing needs fewer",
			requests, q.limit, AtLeast(wait))}
	}
	return left - left/keptBeside, limited("%d requests are needed, more than the hourly quota of "+
		"%d: with the cache the next run goes on where this one stopped", requests, q.limit)
}

// keptBeside is which part of a quota is kept for what is asked beside the lists.
const keptBeside = 10
