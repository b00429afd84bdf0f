// SPDX-License-Identifier: Apache-2.0

package github

import (
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
			if lists++; !c.lists.cached(g.token) {
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
