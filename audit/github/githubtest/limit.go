// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"cmp"
	"net/http"
	"strconv"
	"time"
)

const (
	budgetWindow   = time.Hour
	secondaryRetry = 60 // seconds
	searchLimit    = 30 // per minute, of a quota that no audit draws on
	secondaryLimit = "You have exceeded a secondary rate limit. Please wait a few minutes before " +
		"you try again."
)

type budgetKey struct{ who, resource string }

// budget is what is left of one quota. A limit of 0 is none.
type budget struct {
	limit, used int
	reset       time.Time
}

// budget finds a quota, and begins its next hour if that is due.
func (s *Server) budget(who, resource string, now time.Time) *budget {
	key := budgetKey{who, resource}
	b := s.budgets[key]
	if b == nil || !now.Before(b.reset) {
		b = &budget{reset: now.Truncate(time.Second).Add(budgetWindow)}
		s.budgets[key] = b
	}
	b.limit = s.world.RateLimit.Core
	if resource == resourceGraphQL {
		b.limit = cmp.Or(s.world.RateLimit.GraphQL, b.limit)
	}
	return b
}

// Spend uses up n of the quota of every installation that was seen so far, as other jobs of the
// same App do. The resource is "core" or "graphql".
func (s *Server) Spend(resource string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, b := range s.budgets {
		if key.resource == resource {
			b.spend(n)
		}
	}
}

func (b *budget) spend(n int) { b.used += n }

func (b *budget) remaining() int { return max(0, b.limit-b.used) }

func (b *budget) exhausted() bool { return b.limit > 0 && b.used >= b.limit }

// show sets the headers of a quota; none where there is no limit.
func (b *budget) show(header http.Header, resource string) {
	if b.limit == 0 {
		return
	}
	header.Set("X-Ratelimit-Limit", strconv.Itoa(b.limit))
	header.Set("X-Ratelimit-Remaining", strconv.Itoa(b.remaining()))
	header.Set("X-Ratelimit-Used", strconv.Itoa(min(b.used, b.limit)))
	header.Set("X-Ratelimit-Reset", strconv.FormatInt(b.reset.Unix(), 10))
	header.Set("X-Ratelimit-Resource", resource)
}

func (b *budget) record() object {
	return object{
		{"limit", b.limit},
		{"used", min(b.used, b.limit)},
		{"remaining", b.remaining()},
		{"reset", b.reset.Unix()},
	}
}

// quota is the one that the request draws on.
func (c *call) quota() *budget { return c.server.budget(c.who, c.route.resource, c.now) }

// limited refuses a request that is over a limit: 403, but 200 with errors for GraphQL's own.
func (c *call) limited() (a answer, refused bool) {
	if c.server.secondary(c.now) {
		c.header.Set("Retry-After", strconv.Itoa(secondaryRetry))
		return c.failure(http.StatusForbidden, secondaryLimit), true
	}
	if c.route.free || !c.quota().exhausted() {
		return answer{}, false
	}
	c.quota().show(c.header, c.route.resource)
	message := "API rate limit exceeded for " + c.who + "."
	if c.route.resource == resourceGraphQL {
		return c.ok(object{{"errors", []object{
			{{"type", "RATE_LIMITED"}, {"message", message}},
		}}}), true
	}
	return c.failure(http.StatusForbidden, message), true
}

// secondary counts the request, and reports whether it is one too many in a minute or at once.
func (s *Server) secondary(now time.Time) bool {
	limit := s.world.RateLimit
	if limit.Concurrent > 0 && s.inFlight > limit.Concurrent {
		return true
	}
	if limit.PerMinute == 0 {
		return false
	}
	for len(s.recent) > 0 && now.Sub(s.recent[0]) >= time.Minute {
		s.recent = s.recent[1:]
	}
	s.recent = append(s.recent, now)
	return len(s.recent) > limit.PerMinute
}

// rateLimit answers GET /rate_limit; an Enterprise Server without limits has none to show.
func (c *call) rateLimit() answer {
	core := c.quota()
	if core.limit == 0 {
		return c.failure(http.StatusNotFound, "Rate limiting is not enabled.")
	}
	record := object{{"resources", object{
		{resourceCore, core.record()},
		{resourceGraphQL, c.server.budget(c.who, resourceGraphQL, c.now).record()},
		{"search", (&budget{limit: searchLimit, reset: c.now.Add(time.Minute)}).record()},
	}}}
	if c.header.Get(headerVersion) == defaultVersion {
		record = append(record, pair{"rate", core.record()})
	}
	return c.ok(record)
}
