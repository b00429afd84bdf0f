// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"strconv"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// requestName returns what sentences call a pending request.
func requestName(id int64) string { return "request " + strconv.FormatInt(id, 10) }

// readRequests reads the pending requests, with the repositories that they ask for.
func (c *collection) readRequests(ctx context.Context) audit.Coverage {
	if !c.installed.may(api.PermRequests) {
		return lacking(audit.SourceRequests, api.PermRequests)
	}
	l := c.tokenList()
	l.tail = "personal-access-token-requests"
	return c.ask(ctx, audit.SourceRequests, func(ctx context.Context) (int, error) {
		accepted, _, err := c.newListing(l, requestName).verified(ctx)
		c.requests = accepted.items()
		tokens, _, doubts := unique(c.requests, requestName)
		if err == nil && len(doubts) > 0 {
			err = &api.Error{Kind: api.Malformed, Message: strings.Join(doubts, "; ")}
		}
		requests := make(map[int64]*audit.Request, len(tokens))
		for _, g := range c.requests {
			requests[g.token.ID] = g.request
		}
		for _, token := range tokens {
			request := requests[token.ID]
			if request == nil {
				request = new(audit.Request)
			}
			request.Token = token
			c.evidence.Requests = append(c.evidence.Requests, request)
		}
		if c.want.Has(audit.FactRepositories) {
			lists := c.newRepositoryLists(l.tail, "request repositories", api.AccountOf(ctx))
			lists.read(ctx, tokens)
			if found, _ := lists.attach(tokens); err == nil && found.Status != audit.Complete {
				err = &audit.Unseen{Reason: found.Reason}
			}
		}
		return len(tokens), err
	})
}
