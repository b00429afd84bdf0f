// SPDX-License-Identifier: Apache-2.0

package api

import "time"

// Outlook is what becomes of requests that are still to be sent.
type Outlook struct {
	Left   int           // of this hour's quota, without the reserve; negative: no limit
	Reset  time.Time     // of the quota, by our clock; zero: no limit
	Takes  time.Duration // waits for the quota included
	Enough bool          // whether the quota and MaxWait allow for it
}

// Outlook returns what becomes of so many requests, of which so many cost quota.
func (g *Governor) Outlook(requests, cost int) Outlook {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	q := g.quotaOf("core")
	found := Outlook{Left: -1}
	if q.known(now) {
		found.Left, found.Reset = max(q.available(g.limits.Reserve, now), 0), q.reset
	}
	wait := q.wait(cost, g.limits.Reserve, now)
	found.Takes = max(g.pace(requests), wait)
	found.Enough = wait <= g.patience.remaining(now)
	return found
}

// WaitFor returns how long so much of a quota has to be waited for; zero where none is known.
func (g *Governor) WaitFor(resource string, amount int) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.quotaOf(resource).wait(amount, g.limits.Reserve, g.now())
}

// Allowance is one hourly limit.
type Allowance struct {
	Limit, Left int
	Reset       time.Time // when the next hour begins, by our clock, to about a second
	UsedUp      bool      // nothing is left beyond the reserve
}

// LastWord returns what GitHub last said of an hourly limit; nil if nothing.
func (g *Governor) LastWord(resource string) *Allowance {
	g.mu.Lock()
	defer g.mu.Unlock()
	q := g.quotaOf(resource)
	if q.limit == 0 {
		return nil
	}
	return &Allowance{
		Limit: q.limit, Left: max(q.left, 0), Reset: q.reset,
		UsedUp: q.available(g.limits.Reserve, g.now()) <= 0,
	}
}

// Takes returns how long so many requests take, without waiting for the quota.
func (g *Governor) Takes(requests int) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.pace(requests)
}

// pace returns how long so many requests take within our own limits, at the response times so far.
func (g *Governor) pace(requests int) time.Duration {
	mean := g.window.mean()
	took := mean * time.Duration(requests)
	takes := took
	if n := g.limits.InFlight; n > 0 {
		takes = took / time.Duration(n)
	}
	if n := g.limits.Requests; n > 0 {
		takes = max(takes, span*time.Duration((requests-1)/n))
	}
	if busy := g.limits.Busy; busy > 0 {
		takes = max(takes, span*(took/busy))
	}
	return takes
}
