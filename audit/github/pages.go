// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// Bounds of a listing.
const (
	perPage        = 100
	defaultPerPage = 30 // of a server that was not told per_page, for a gateway dropped it
	maxPasses      = 4
	maxPages       = 20_000 // two million items
)

// reader reads a list of one kind of records.
type reader[T any] struct {
	list   *list
	decode func(body []byte, date time.Time) ([]T, error)
	same   func(a, b T) bool // whether two are one record; its content may have moved

	firstPage func(page[T]) // nil: nobody listens
	firstPass func(pass[T]) // likewise
}

// pass is one reading of a list.
type pass[T any] struct {
	pages []page[T]
	end   *page[T]  // the empty one that showed that the last of them is; nil if none was needed
	date  time.Time // the server's clock at the last page; zero if it does not tell
}

// items gives the records of all pages.
func (p *pass[T]) items() []T {
	n := 0
	for i := range p.pages {
		n += len(p.pages[i].items)
	}
	items := make([]T, 0, n)
	for i := range p.pages {
		items = append(items, p.pages[i].items...)
	}
	return items
}

// verified reads the list until two consecutive passes give the same sequence of records, which
// shows that nothing was hidden by a deletion between two pages. On an error the pass holds what
// was had last. passes tells how many there were.
func (r *reader[T]) verified(ctx context.Context) (accepted pass[T], passes int, err error) {
	first, err := r.read(ctx, 1, pass[T]{})
	if err != nil {
		return first, 1, err
	}
	if r.firstPass != nil {
		r.firstPass(first)
	}
	return r.verify(ctx, first, 1)
}

// verify reads the list again until a pass agrees with the one before it; before is one that is
// whole, the number-th.
func (r *reader[T]) verify(
	ctx context.Context, before pass[T], number int,
) (accepted pass[T], passes int, err error) {
	for passes = number + 1; passes < number+maxPasses; passes++ {
		now, err := r.read(ctx, passes, before)
		if err != nil {
			return before, passes, err
		}
		if slices.EqualFunc(before.items(), now.items(), r.same) {
			return now, passes, nil
		}
		before = now
	}
	return before, passes - 1, &Error{Kind: Malformed, Message: fmt.Sprintf(
		"the list changed during each of %d passes", passes-1)}
}

// read reads the list once. A page that GitHub says is unchanged since the pass before is taken
// from there, at no cost of quota. On an error the pass holds what was had; if it holds no page,
// not even the first one was accepted.
func (r *reader[T]) read(ctx context.Context, number int, before pass[T]) (pass[T], error) {
	fetch := func(ctx context.Context, page int, query url.Values) (page[T], error) {
		return r.fetch(ctx, at{number, page}, query, before.at(page))
	}
	head, err := fetch(ctx, 1, nil)
	if err != nil {
		return pass[T]{}, err
	}
	if number == 1 && r.firstPage != nil {
		r.firstPage(head)
	}
	now, err := pass[T]{pages: []page[T]{head}, date: head.date}, head.broken
	// The pages that GitHub announces are read at once: the window in which the list can change
	// is what makes passes differ.
	if last := min(head.links.last, maxPages); err == nil && head.links.next != 0 && last > 2 {
		var rest []page[T]
		rest, err = fetchAll(ctx, head.links.query, last, fetch)
		if now.pages = append(now.pages, rest...); err == nil {
			err = now.contradicted()
		}
	}
	if err == nil {
		err = r.follow(ctx, &now, fetch)
	}
	now.date = now.pages[len(now.pages)-1].date
	return now, err
}

// follow reads what comes after the pages of a pass: what the last one announces, and after a full
// one that announces nothing, what may be there nonetheless. A gateway, a mirror, or a fault of
// the server can lose the Link header, so only an empty page shows that a full one was the last.
func (r *reader[T]) follow(
	ctx context.Context, now *pass[T],
	fetch func(context.Context, int, url.Values) (page[T], error),
) error {
	for {
		tail, number := &now.pages[len(now.pages)-1], len(now.pages)+1
		announced := tail.links.next != 0
		if !announced && !tail.full(len(now.pages), &now.pages[0]) {
			return nil
		}
		if number > maxPages {
			return &Error{Kind: Refused, Message: "the list has no end"}
		}
		p, err := fetch(ctx, number, tail.links.query)
		switch {
		case err != nil:
			return err
		case !announced && len(p.items) == 0 && p.broken == nil:
			now.end = &p
			return nil
		case p.broken == nil && slices.EqualFunc(p.items, tail.items, r.same):
			p.broken = &Error{Kind: Malformed, Message: fmt.Sprintf(
				"page %d is page %d again", number, number-1)}
		}
		if now.pages = append(now.pages, p); p.broken != nil {
			return p.broken
		}
	}
}

// at gives the page of that number, if GitHub may be asked whether it is unchanged; nil if not.
// What follows the last page, its ETag does not tell: a single one that may be full by a measure
// that we do not know is read anew.
func (p *pass[T]) at(number int) *page[T] {
	const round = 10 // as the sizes of pages are
	switch {
	case number == len(p.pages)+1 && p.end != nil && p.end.etag != "":
		return p.end
	case number > len(p.pages):
		return nil
	}
	found := &p.pages[number-1]
	n := len(found.items)
	single := number == 1 && found.links.next == 0
	if found.etag == "" || single && n > 0 && n%round == 0 && !found.full(number, found) {
		return nil
	}
	return found
}

// contradicted reports a page that claims to be the last, and is followed by items.
func (p *pass[T]) contradicted() error {
	for i := range p.pages[:len(p.pages)-1] {
		if p.pages[i].links.next == 0 && len(p.pages[i+1].items) > 0 {
			return &Error{Kind: Malformed, Message: fmt.Sprintf(
				"page %d claims to be the last, but page %d has items", i+1, i+2)}
		}
	}
	return nil
}

// fetchAll reads the pages from 2 to last concurrently. The governor bounds how many are in
// flight.
func fetchAll[T any](
	ctx context.Context, query url.Values, last int,
	fetch func(context.Context, int, url.Values) (page[T], error),
) ([]page[T], error) {
	pages := make([]page[T], last-1)
	errs := make([]error, last-1)
	var group errgroup.Group
	group.SetLimit(MaxConcurrency)
	for i := range pages {
		group.Go(func() error {
			pages[i], errs[i] = fetch(ctx, i+2, query)
			if errs[i] == nil {
				errs[i] = pages[i].broken
			}
			return nil // one page's failure leaves the others whole
		})
	}
	_ = group.Wait() // none returns an error
	kept := slices.DeleteFunc(pages, func(p page[T]) bool { return p.items == nil })
	return kept, errors.Join(firstOf(errs))
}

// firstOf gives the first error: a listing that fails on a hundred pages fails for one reason.
func firstOf(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
