// SPDX-License-Identifier: Apache-2.0

package github

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/complytime/pataudit/audit"
)

// readTokens reads the list of tokens until it is verified, and their repositories meanwhile.
func (c *collection) readTokens(ctx context.Context) error {
	account := c.ledger.Open(audit.SourceTokens)
	var meanwhile errgroup.Group
	wantsReach := c.want.Has(audit.FactRepositories)
	c.listing = c.newListing(c.tokenList(), grantName)
	c.listing.firstPage = c.forecast
	c.listing.firstPass = func(first pass[grant]) {
		tokens := tokensOf(first.items())
		c.client.config.Progress(Progress{
			Organization: c.organization.Login, Act: "tokens", Done: len(tokens),
		})
		if wantsReach {
			meanwhile.Go(func() error {
				c.lists.read(ctx, tokens)
				return nil
			})
		}
	}
	var err error
	c.accepted, c.passes, err = c.listing.verified(account.Charge(ctx))
	_ = meanwhile.Wait() // returns no error
	if err != nil && len(c.accepted.pages) == 0 {
		return err
	}
	coverage := audit.Coverage{
		Source: audit.SourceTokens, Status: audit.Complete,
		Reason: audit.Reason{{Code: audit.ReasonListed, Count: c.passes}},
	}
	if c.passes == 2 {
		coverage.Reason = audit.Reason{{Code: audit.ReasonTwice}}
	}
	if err != nil {
		coverage.Status, coverage.Reason = failure(err)
	}
	tokens, twice, doubts := unique(c.accepted.items(), grantName)
	if len(doubts) > 0 {
		if coverage.Status == audit.Complete {
			coverage.Status, coverage.Reason = audit.Partial, nil
		}
		coverage.Reason = append(coverage.Reason, contradictory(doubts))
	}
	if len(twice) > 0 {
		coverage.Reason = append(coverage.Reason,
			audit.Remark{Code: audit.ReasonDropped, Count: len(twice)})
	}
	if wantsReach {
		c.lists.read(ctx, tokens) // of those that came later
	}
	c.evidence.Tokens, c.evidence.Dropped = tokens, twice
	c.evidence.CollectedAt = c.accepted.date
	if c.accepted.date.IsZero() {
		c.evidence.CollectedAt = c.client.config.Now().UTC().Truncate(time.Second)
		coverage.Reason = append(coverage.Reason, audit.Remark{Code: audit.ReasonNoDate})
	}
	coverage = clocked(coverage, c.accepted.ahead())
	coverage.Items = len(tokens)
	c.coverage[audit.SourceTokens] = account.AddTo(coverage)
	return nil
}

// grantName returns what commands call a grant: "grant:25381".
func grantName(id int64) string { return (&audit.Token{ID: id}).Identity().String() }

func (c *collection) newListing(l *list, name func(int64) string) *reader[grant] {
	return &reader[grant]{
		list: l, name: name, decode: c.decoder.grants,
		key: func(g grant) int64 { return g.token.ID },
		same: func(a, b grant) bool {
			return sameGrant(a.token, b.token) && a.login == b.login && sameRequest(a, b)
		},
	}
}

func (c *collection) tokenList() *list {
	return &list{
		session: c.session, login: c.organization.Login, id: c.organization.ID,
		tail: "personal-access-tokens", query: ascending(),
	}
}

// unique sorts the tokens of a pass by id. An id that came twice with the same content is one
// token; with another content it is a doubt, too.
func unique(items []grant, name func(id int64) string) (
	tokens []*audit.Token, twice []audit.Dropped, doubts []string,
) {
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b grant) int { return cmp.Compare(a.token.ID, b.token.ID) })
	for i, g := range items {
		if g.doubt != "" {
			doubts = append(doubts, g.doubt)
		}
		if i > 0 && items[i-1].token.ID == g.token.ID {
			twice = append(twice, audit.Dropped{ID: g.token.ID, Reason: audit.DroppedTwice})
			if !sameGrant(items[i-1].token, g.token) {
				doubts = append(doubts,
					name(g.token.ID)+" came twice, with different content")
			}
			continue
		}
		tokens = append(tokens, g.token)
	}
	return tokens, twice, doubts
}

// listedFacts are those of a token that its record has, but for its last use, which moves.
const listedFacts = audit.FactOwner | audit.FactSelection | audit.FactPermissions |
	audit.FactGranted | audit.FactExpiry | audit.FactReason

// sameGrant reports whether two records say the same of one grant, but for its last use, which
// moves.
func sameGrant(a, b *audit.Token) bool {
	return a.ID == b.ID && a.TokenID == b.TokenID && a.Name == b.Name && a.Owner == b.Owner &&
		a.Selection == b.Selection && slices.Equal(a.Permissions, b.Permissions) &&
		a.GrantedAt.Equal(b.GrantedAt) && a.ExpiresAt.Equal(b.ExpiresAt) &&
		a.Expired == b.Expired && (a.Known^b.Known)&listedFacts == 0
}

// sameRequest reports whether records of two requests say the same of them; grants say nothing
// there.
func sameRequest(a, b grant) bool {
	if a.request == nil || b.request == nil {
		return a.request == b.request
	}
	return a.request.Reason == b.request.Reason && a.request.CreatedAt.Equal(b.request.CreatedAt)
}

func tokensOf(grants []grant) []*audit.Token {
	tokens := make([]*audit.Token, len(grants))
	for i, g := range grants {
		tokens[i] = g.token
	}
	return tokens
}

// ascending returns the query for the order in which new items come last.
func ascending() url.Values {
	return url.Values{"sort": {"created_at"}, "direction": {"asc"}}
}

// dropRevoked drops the tokens whose repositories GitHub could not find any more, if a new listing
// shows that they are gone, and says so in the coverage.
func (c *collection) dropRevoked(ctx context.Context, gone []*audit.Token) int {
	coverage := c.coverage[audit.SourceTokens]
	if len(gone) == 0 || coverage.Status != audit.Complete {
		return 0
	}
	var still map[int64]bool
	again := c.ask(ctx, audit.SourceTokens, func(ctx context.Context) (int, error) {
		accepted, _, err := c.listing.verify(ctx, c.accepted, c.passes)
		still = map[int64]bool{}
		for _, g := range accepted.items() {
			still[g.token.ID] = true
		}
		return len(still), err
	})
	coverage.Requests += again.Requests
	dropped := 0
	if again.Status == audit.Complete {
		c.evidence.Tokens = slices.DeleteFunc(c.evidence.Tokens, func(t *audit.Token) bool {
			revoked := !still[t.ID] && slices.Contains(gone, t)
			if revoked {
				dropped++
				c.evidence.Dropped = append(c.evidence.Dropped,
					audit.Dropped{ID: t.ID, Reason: audit.DroppedRevoked})
			}
			return revoked
		})
		slices.SortStableFunc(c.evidence.Dropped, func(a, b audit.Dropped) int {
			return cmp.Compare(a.ID, b.ID)
		})
	}
	if dropped > 0 {
		coverage.Items = len(c.evidence.Tokens)
		coverage.Reason = append(coverage.Reason,
			audit.Remark{Code: audit.ReasonRevoked, Count: dropped})
	}
	c.coverage[audit.SourceTokens] = coverage
	return dropped
}
