// SPDX-License-Identifier: Apache-2.0

package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/shurcooL/githubv4"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// pageInfo is GraphQL's way to the next page.
type pageInfo struct {
	HasNextPage *bool            // nil: it does not say, and so is no end
	EndCursor   *githubv4.String // githubv4's type turns null into ""
}

// next returns the cursor after this page; nil at the end. A page that does not say whether it is
// the end fails the list, and so does one that claims a successor without saying where it is.
func (p pageInfo) next() (*githubv4.String, error) {
	switch {
	case p.HasNextPage == nil:
		return nil, &api.Error{
			Kind: api.Malformed, Message: "a page does not say whether it is the last",
		}
	case !*p.HasNextPage:
		return nil, nil
	case p.EndCursor == nil || *p.EndCursor == "":
		return nil, &api.Error{
			Kind: api.Malformed, Message: "a page has a successor without a cursor", Lost: true,
		}
	}
	return p.EndCursor, nil
}

// connection reads a list of GraphQL's, along its cursors.
type connection[T any] struct {
	things string // what it lists: "members"
	ask    func(ctx context.Context, cursor *githubv4.String) (connected[T], error)
	key    func(T) int64     // what no two records have in common
	same   func(a, b T) bool // whether two say the same
}

// connected is one page of it.
type connected[T any] struct {
	items    []T
	total    int // of all pages, as GitHub counts
	info     pageInfo
	exchange *audit.Exchange
}

// reading is one pass over all pages.
type reading[T any] struct {
	items []T
	pages []*audit.Exchange
	doubt string // why it may not be whole though nothing failed; "" if it seems to be
}

// verified reads the list until it is known to be whole: a single page that GitHub's own count
// agrees with, for nothing can change within it, or two consecutive readings that agree with it
// and with each other. On an error it returns what was had last.
func (c *connection[T]) verified(ctx context.Context) ([]T, error) {
	before := reading[T]{doubt: "not read"}
	for pass := range maxPasses {
		now, err := c.read(ctx, pass+1)
		if err != nil {
			return now.items, err
		}
		if now.doubt == "" && (len(now.pages) == 1 ||
			before.doubt == "" && slices.EqualFunc(before.items, now.items, c.same)) {
			for _, exchange := range now.pages {
				exchange.Accepted = true
			}
			return now.items, nil
		}
		before = now
	}
	message := fmt.Sprintf("the list of %s changed during each of %d passes", c.things, maxPasses)
	if before.doubt != "" {
		message = fmt.Sprintf("%s, after %d passes", before.doubt, maxPasses)
	}
	return before.items, &api.Error{Kind: api.Malformed, Message: message}
}

// read reads the list once, and returns its records by their keys: their order is nobody's
// promise.
func (c *connection[T]) read(ctx context.Context, pass int) (now reading[T], err error) {
	var cursor *githubv4.String
	led := map[githubv4.String]bool{} // where cursors led to
	for {
		page, err := c.ask(ctx, cursor)
		if err != nil {
			return now.without(err)
		}
		now.pages = append(now.pages, page.exchange)
		page.exchange.Pass, page.exchange.Page = pass, len(now.pages)
		page.exchange.Rows = len(page.items)
		now.items = append(now.items, page.items...)
		if cursor, err = page.info.next(); err != nil {
			return now.without(err)
		}
		switch {
		case cursor == nil:
			now.doubt = c.doubt(now.items, page.total)
			slices.SortFunc(now.items, func(a, b T) int { return cmp.Compare(c.key(a), c.key(b)) })
			return now, nil
		case led[*cursor]:
			return now, &api.Error{Kind: api.Malformed, Message: fmt.Sprintf(
				"the list of %s leads back to where it was", c.things)}
		case len(now.pages) == maxPages:
			return now, &api.Error{Kind: api.Refused, Message: "the list has no end"}
		}
		led[*cursor] = true
	}
}

// without returns a reading that failed. That a cursor was lost is a reason to read again.
func (r reading[T]) without(err error) (reading[T], error) {
	var failed *api.Error
	if errors.As(err, &failed) && failed.Lost {
		r.doubt = failed.Message
		return r, nil
	}
	return r, err
}

// doubt returns why what was listed may not be all.
func (c *connection[T]) doubt(items []T, total int) string {
	if len(items) != total {
		return fmt.Sprintf("%d %s were listed, but GitHub counts %d", len(items), c.things, total)
	}
	seen := make(map[int64]bool, len(items))
	for _, item := range items {
		if key := c.key(item); seen[key] {
			return fmt.Sprintf("of the %s, %d is listed twice", c.things, key)
		}
		seen[c.key(item)] = true
	}
	return ""
}
