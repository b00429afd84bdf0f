// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/complytime/pataudit/audit/github/api"
)

// reader reads a list of one kind of records.
type reader[T any] struct {
	list   *list
	decode func(body []byte, date time.Time) ([]T, error)
	key    func(T) int64          // what no two records of the list have in common
	same   func(a, b T) bool      // whether two say the same, but for what moves by itself
	name   func(key int64) string // what sentences call a record; nil: by its key

	firstPage func(page[T]) // nil: nobody listens
	firstPass func(pass[T]) // likewise
}

// pass is one reading of a list.
type pass[T any] struct {
	pages []page[T]
	end   *page[T]  // the empty one that showed that the last of them is; nil if none was needed
	date  time.Time // the server's clock at the last page; zero if it had none
	doubt string    // why it may not be whole though nothing failed; "" if it seems to be
}

// items returns the records of all pages.
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

// ahead returns how far the server's clock was ahead of ours, at the page where they differed
// most.
func (p *pass[T]) ahead() (most time.Duration) {
	for i := range p.pages {
		if ahead := p.pages[i].ahead; ahead.Abs() > most.Abs() {
			most = ahead
		}
	}
	return most
}

// verified reads the list until two consecutive passes give the same sequence of records, without
// doubts, which shows that nothing was hidden by a deletion between two pages, or by records that
// changed their places. On an error the pass holds what was had last; passes is how many there
// were.
func (r *reader[T]) verified(ctx context.Context) (accepted pass[T], passes int, err error) {
	first, err := r.read(ctx, 1, pass[T]{})
	if err != nil {
		return first, 1, err
	}
	if r.firstPass != nil {
		r.firstPass(first)
	}
	if accepted, passes, err = r.verify(ctx, first, 1); err == nil {
		accepted.accept()
	}
	return accepted, passes, err
}

// accept notes in the manifest that the evidence is made of this pass.
func (p *pass[T]) accept() {
	for i := range p.pages {
		p.pages[i].exchange.Accepted = true
	}
	if p.end != nil {
		p.end.exchange.Accepted = true
	}
}

// verify reads the list again until a pass agrees with the one before it; before is one that did
// not fail, the number-th.
func (r *reader[T]) verify(
	ctx context.Context, before pass[T], number int,
) (accepted pass[T], passes int, err error) {
	for passes = number + 1; passes < number+maxPasses; passes++ {
		known := before
		if before.doubt != "" {
			known = pass[T]{} // its links may be what is wrong, and a 304 has none
		}
		now, err := r.read(ctx, passes, known)
		if err != nil {
			return before, passes, err
		}
		if before.doubt == "" && now.doubt == "" &&
			slices.EqualFunc(before.items(), now.items(), r.same) {
			return now, passes, nil
		}
		before = now
	}
	message := fmt.Sprintf("the list changed during each of %d passes", passes-1)
	if before.doubt != "" {
		message = fmt.Sprintf("%s, after %d passes", before.doubt, passes-1)
	}
	return before, passes - 1, &api.Error{Kind: api.Malformed, Message: message}
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
	if last := head.links.last; err == nil && head.links.next != 0 && last > 2 && last <= maxPages {
		err = r.fetchAll(ctx, &now, last, fetch)
	}
	if err == nil && now.doubt == "" {
		err = r.follow(ctx, &now, fetch)
	}
	if err == nil && now.doubt == "" {
		now.doubt = r.doubt(&now)
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
			return &api.Error{Kind: api.Refused, Message: "the list has no end"}
		}
		p, err := fetch(ctx, number, tail.links.query)
		switch {
		case err != nil:
			return err
		case !announced && len(p.items) == 0 && p.broken == nil:
			now.end = &p
			return nil
		case p.broken == nil && slices.EqualFunc(p.items, tail.items, r.same):
			p.broken = &api.Error{Kind: api.Malformed, Message: fmt.Sprintf(
				"page %d is page %d again", number, number-1)}
		}
		if now.pages = append(now.pages, p); p.broken != nil {
			return p.broken
		}
	}
}

// at returns the page of that number, if GitHub may be asked whether it is unchanged; nil if not.
func (p *pass[T]) at(number int) *page[T] {
	switch {
	case number == len(p.pages)+1 && p.end != nil && p.end.etag != "":
		return p.end
	case number > len(p.pages), p.pages[number-1].etag == "":
		return nil
	}
	return &p.pages[number-1]
}

// doubt returns why a pass may not be whole: there are not as many pages as the first one
// announced, or a record stands where another one may have stood.
func (r *reader[T]) doubt(now *pass[T]) string {
	pages, links := len(now.pages), now.pages[0].links
	if len(now.pages[pages-1].items) == 0 {
		pages--
	}
	if links.next != 0 && links.last != 0 && links.last != pages {
		return fmt.Sprintf("%d pages were announced, but there are %d", links.last, pages)
	}
	items := now.items()
	seen := make(map[int64]struct{}, len(items))
	for _, item := range items {
		key := r.key(item)
		if _, twice := seen[key]; twice {
			return r.called(key) + " is listed twice"
		}
		seen[key] = struct{}{}
	}
	return ""
}

// called returns what sentences call a record.
func (r *reader[T]) called(key int64) string {
	if r.name == nil {
		return strconv.FormatInt(key, 10)
	}
	return r.name(key)
}

// fetchAll reads the pages from 2 to last concurrently, but no further than the list goes: last is
// only what the first page says.
func (r *reader[T]) fetchAll(
	ctx context.Context, now *pass[T], last int,
	fetch func(context.Context, int, url.Values) (page[T], error),
) error {
	pages := make([]page[T], last-1)
	errs := make([]error, last-1)
	head := now.pages[0]
	var end atomic.Int64 // the first page that leads to no next one, or is the first page again
	end.Store(int64(last))
	var group errgroup.Group
	group.SetLimit(r.list.session.Governor().AtOnce())
	for i := range pages {
		group.Go(func() error {
			if int64(i+2) > end.Load() {
				return nil
			}
			p, err := fetch(ctx, i+2, head.links.query)
			if err == nil {
				err = p.broken
				if p.links.next == 0 || slices.EqualFunc(p.items, head.items, r.same) {
					lower(&end, int64(i+2))
				}
			}
			pages[i], errs[i] = p, err
			return nil // one page's failure leaves the others whole
		})
	}
	_ = group.Wait() // none returns an error
	if n := int(end.Load()); n < last {
		now.doubt = fmt.Sprintf("%d pages were announced, but page %d leads to no next one", last, n)
		pages, errs = pages[:n-1], errs[:n-1]
	}
	now.pages = append(now.pages,
		slices.DeleteFunc(pages, func(p page[T]) bool { return p.items == nil })...)
	return firstOf(errs)
}

// lower sets a number that several goroutines know to n, unless it is less already.
func lower(number *atomic.Int64, n int64) {
	for known := number.Load(); n < known; known = number.Load() {
		if number.CompareAndSwap(known, n) {
			return
		}
	}
}

// firstOf returns the first error: a listing that fails on a hundred pages fails for one reason.
func firstOf(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
