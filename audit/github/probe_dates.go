// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// What a probe asks about dates: whether those of expired tokens are shown, and whether the date
// of approval moves when a token is regenerated.

// expiredDates looks at the expired tokens of the pages that were read.
func expiredDates(p *probing, _ context.Context) (finding, error) {
	expired, undated := 0, 0
	for _, t := range p.tokens {
		if !t.Expired || !t.Known.Has(audit.FactExpiry) {
			continue
		}
		if expired++; t.ExpiresAt.IsZero() {
			undated++
		}
	}
	found := finding{counts: []Tally{{expired, "expired"}, {undated, "without a date"}}}
	if expired == 0 {
		found.reason = "no expired token is listed"
		return found, nil
	}
	found.answer = answerOf(undated == expired)
	return found, nil
}

// mostLifetime is more than GitHub lets pass between the making of a token and its expiry: who
// expires later after the approval was regenerated without another approval.
const mostLifetime = 367 * 24 * time.Hour

// regenerated compares the dates of approval with what the audit log has of regenerated tokens,
// and with the longest lifetime that GitHub allows.
func regenerated(p *probing, ctx context.Context) (finding, error) {
	outlived := 0
	for _, t := range p.tokens {
		if !t.GrantedAt.IsZero() && t.ExpiresAt.Sub(t.GrantedAt) > mostLifetime {
			outlived++
		}
	}
	last, err := p.regenerations(ctx)
	moved, stayed := 0, 0
	for _, t := range p.tokens {
		at, is := last[t.TokenID]
		switch {
		case !is || t.GrantedAt.IsZero():
		case t.GrantedAt.Before(at.Add(-dateSlack)):
			stayed++
		default:
			moved++
		}
	}
	found := finding{counts: []Tally{
		{moved, "regenerated and approved since"},
		{stayed, "regenerated since their approval"},
		{outlived, "expiring over 367 days after it"},
	}}
	switch {
	case stayed+outlived > 0:
		found.answer = No
	case moved > 0:
		found.answer = Yes
	case api.IsKind(err, api.Permission), api.IsKind(err, api.NotFound):
		found.reason = "the audit log is not shown"
	case err != nil:
		return found, err
	default:
		found.reason = "the audit log tells of no listed token that it was regenerated"
	}
	return found, nil
}

// regenerations reads from one page of the audit log when tokens were regenerated last, by token
// id.
func (p *probing) regenerations(ctx context.Context) (map[int64]time.Time, error) {
	if !p.installed.may(api.PermAdministration) {
		return nil, &api.Error{Kind: api.Permission, Message: "the audit log may not be read"}
	}
	reply, err := p.session.Get(ctx, p.list("audit-log").path(), url.Values{
		"phrase": {"action:" + eventRegenerated + eventSince}, "order": {"desc"},
		"per_page": {strconv.Itoa(perPage)},
	})
	if err != nil {
		return nil, err
	}
	c := &collection{organization: p.organization}
	events, _, err := c.decodeEvents(reply.Body, reply.Date, new(skippedEvents))
	if err != nil {
		return nil, &api.Error{Kind: api.Malformed, Message: "the answer holds no audit log"}
	}
	last := map[int64]time.Time{}
	for _, e := range events {
		if e.action == eventRegenerated && e.at.After(last[e.token]) {
			last[e.token] = e.at
		}
	}
	return last, nil
}
