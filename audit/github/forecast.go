// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"fmt"
	"time"

	"github.com/complytime/pataudit/audit"
)

// Forecast is what the audit of an organization will probably take, told once its first page of
// tokens is there.
type Forecast struct {
	Organization string
	Requests     int           // still to be sent
	Quota        int           // of them, those that cost quota: what GitHub confirms does not
	Left         int           // of this hour's quota, without the reserve; negative: no limit
	Reset        time.Time     // of the quota, by our clock
	Takes        time.Duration // waits for the quota included
	Enough       bool          // whether the quota and MaxWait allow for it
}

// foretell makes the forecast from the first page of tokens: how many pages follow it, and which
// part of the tokens needs a list of its own.
func (c *collection) foretell(first page[grant]) {
	pages := max(first.links.last, first.links.next, 1)
	lists, sent := 0, 0
	if c.want.Has(audit.FactRepositories) {
		for _, g := range first.items {
			if g.token.Expired || g.token.Selection != audit.SelectSubset {
				continue
			}
			if lists++; !c.reach.cached(g.token) {
				sent++
			}
		}
	}
	asked := pages
	if pages == 1 && first.full(1, &first) {
		asked++ // to see that it is the last one
	}
	f := Forecast{
		Organization: c.organization.Login,
		Requests:     2*asked - 1 + lists*pages, // the second pass of the list, too
		Quota:        asked - 1 + sent*pages,
	}
	c.session.transport.governor.foretell(&f)
	c.client.config.Forecast(f)
}

// foretell fills in what the governor knows.
func (g *governor) foretell(f *Forecast) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	f.Takes = g.pace(f.Requests)
	wait := time.Duration(0)
	f.Left = -1
	if q := g.quotaOf("core"); q.known(now) {
		f.Left, f.Reset = max(q.beyond(g.limits.Reserve, now), 0), q.reset
		wait = q.wait(f.Quota, g.limits.Reserve, now)
	}
	f.Takes = max(f.Takes, wait)
	f.Enough = wait <= g.patience.rest(now)
}

// pace gives how long so many requests take within our own limits, at the response times so far.
func (g *governor) pace(requests int) time.Duration {
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

// afford tells how many of so many requests the quota allows for: all, where waiting for its reset
// is within the run's patience; else none, for what is begun in vain would cost others of it. What
// an hour's quota can never hold is worth beginning only if the next run goes on from there.
func (g *governor) afford(resource string, requests int, goesOn bool) (afforded int, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	q := g.quotaOf(resource)
	wait := q.wait(requests, g.limits.Reserve, now)
	if wait <= g.patience.rest(now) {
		return requests, nil
	}
	left, hour := max(q.beyond(g.limits.Reserve, now), 0), q.limit-q.reserved(g.limits.Reserve)
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
			requests, q.limit, atLeast(wait))}
	}
	return left - left/keptBeside, limited("%d requests are needed, more than the hourly quota of "+
		"%d: with the cache the next run goes on where this one stopped", requests, q.limit)
}

// keptBeside is which part of a quota is kept for what is asked beside the lists.
const keptBeside = 10

// wait tells how long so many requests have to wait for the quota: zero, until its reset, or until
// as many hours after it as they fill.
func (q *quota) wait(requests, reserve int, now time.Time) time.Duration {
	missing := requests - max(q.beyond(reserve, now), 0)
	if missing <= 0 {
		return 0
	}
	const window = time.Hour
	return q.reset.Sub(now) + window*time.Duration((missing-1)/(q.limit-q.reserved(reserve)))
}

// learn reads the repositories of some of the tokens, for information: no verdict rests on them,
// and what cannot be had stays unknown.
func (c *collection) learn(ctx context.Context, tokens []*audit.Token) error {
	coverage := audit.Coverage{Source: audit.SourceRepositories, Status: audit.NotAsked}
	if c.coverage[audit.SourceInstallation].Status == audit.Complete {
		c.reach.learn(ctx, tokens)
		coverage, _ = c.reach.settle(tokens)
		c.contradictRepositories()
		coverage.Reason = fmt.Sprintf("read for information, for %d of %d failing tokens only",
			coverage.Items, len(tokens))
		coverage.Status = audit.NotAsked
	}
	c.coverage[audit.SourceRepositories] = coverage
	c.conclude()
	return ctx.Err()
}
