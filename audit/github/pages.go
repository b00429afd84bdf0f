// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// Bounds of a listing.
const (
	perPage   = 100
	maxPasses = 4
	maxPages  = 20_000 // two million items
)

// list is one paged list of an organization, or of the App.
type list struct {
	session *session
	login   string // "": it is the App's, and tail the whole path
	id      int64  // of the organization; 0: not known, so not checked
	tail    string // "personal-access-tokens"
	query   url.Values
}

func (l *list) path() string {
	if l.login == "" {
		return l.tail
	}
	return orgPath(l.login, l.tail)
}

// has reports whether a URL is one of the list's. GitHub's links say /organizations/{id}/… where
// the request said /orgs/{login}/….
func (l *list) has(u *url.URL) bool {
	root := l.session.rest.BaseURL.Path
	path, ok := strings.CutPrefix(u.EscapedPath(), root)
	if !ok {
		return false
	}
	if id, ok := strings.CutPrefix(path, "organizations/"); ok {
		id, tail, _ := strings.Cut(id, "/")
		return tail == l.tail && (l.id == 0 || id == strconv.FormatInt(l.id, 10))
	}
	return strings.EqualFold(path, l.path())
}

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

// page is one page of a list.
type page[T any] struct {
	items  []T
	links  links
	date   time.Time
	etag   string
	hash   string // of the body, for the manifest
	broken error  // why nobody knows what follows this page; nil if it is known
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
	first := maps.Clone(r.list.query)
	if first == nil {
		first = url.Values{}
	}
	first.Set("per_page", strconv.Itoa(perPage))
	head, err := fetch(ctx, 1, first)
	if err != nil {
		return pass[T]{}, err
	}
	if number == 1 && r.firstPage != nil {
		r.firstPage(head)
	}
	pages, err := []page[T]{head}, head.broken
	// The pages that GitHub announces are read at once: the window in which the list can change
	// is what makes passes differ.
	if last := min(head.links.last, maxPages); err == nil && head.links.next != 0 && last > 2 {
		rest, restErr := fetchAll(ctx, head.links.query, last, fetch)
		pages, err = append(pages, rest...), restErr
	}
	// What is left, if GitHub did not announce the last page, or the list has grown since.
	for err == nil && pages[len(pages)-1].links.next != 0 {
		tail := pages[len(pages)-1].links
		if len(pages) >= maxPages {
			err = &Error{Kind: Refused, Message: "the list has no end"}
			break
		}
		var p page[T]
		if p, err = fetch(ctx, tail.next, tail.query); err == nil {
			pages = append(pages, p)
			err = p.broken
		}
	}
	return join(pages, err)
}

// fillsPage reports whether so many items look like a full page.
func fillsPage(n int) bool {
	const round = 10 // as the sizes of pages are
	return n >= perPage || n > 0 && n%round == 0
}

// at gives the page of that number, if GitHub may be asked whether it is unchanged; nil if not.
// The last one may not if it looks full: another page may follow it now, of which its ETag would
// not tell.
func (p *pass[T]) at(number int) *page[T] {
	if number > len(p.pages) {
		return nil
	}
	found := &p.pages[number-1]
	full := fillsPage(len(found.items))
	if number > 1 {
		full = len(found.items) >= len(p.pages[0].items)
	}
	if found.etag == "" || found.links.next == 0 && full {
		return nil
	}
	return found
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

// join puts pages together, and checks that only the last one claims to be it.
func join[T any](pages []page[T], err error) (pass[T], error) {
	joined := pass[T]{pages: pages}
	for i, p := range pages {
		joined.date = p.date
		if err == nil && p.links.next == 0 && i < len(pages)-1 && len(pages[i+1].items) > 0 {
			err = &Error{Kind: Malformed, Message: fmt.Sprintf(
				"page %d claims to be the last, but page %d has items", i+1, i+2)}
		}
	}
	return joined, err
}

// at is a page's place in a listing.
type at struct{ pass, page int }

// fetch reads one page, and checks where it says that the list goes on. A page that cannot say
// that counts, but breaks the list. before is the page as it was; nil to read it anew.
func (r *reader[T]) fetch(
	ctx context.Context, place at, query url.Values, before *page[T],
) (page[T], error) {
	query = maps.Clone(query)
	if place.page > 1 {
		query.Set("page", strconv.Itoa(place.page))
	}
	etag := ""
	if before != nil {
		etag = before.etag
	}
	answer, err := r.list.session.getIf(ctx, r.list.path(), query, etag)
	if err != nil {
		return page[T]{}, err
	}
	answer.exchange.Pass, answer.exchange.Page = place.pass, place.page
	if !r.list.has(answer.url) {
		return page[T]{}, &Error{Kind: Refused, Message: "GitHub redirects to another list"}
	}
	if answer.unchanged {
		same := *before
		same.date = answer.date
		answer.exchange.Rows, answer.exchange.Cached = len(same.items), true
		answer.exchange.Hash = same.hash
		return same, nil
	}
	items, err := r.decode(answer.body, answer.date)
	if err != nil {
		return page[T]{}, &Error{
			Kind: Malformed, Message: fmt.Sprintf("page %d: %v", place.page, err),
		}
	}
	answer.exchange.Rows = len(items)
	r.list.session.transport.cache.saw(len(items))
	p := page[T]{
		items: items, date: answer.date, etag: answer.etag, hash: answer.exchange.Hash,
	}
	p.links, err = parseLinks(answer.link, r.list, answer.url)
	switch {
	case err != nil:
		p.broken = &Error{Kind: Malformed, Message: err.Error()}
	case p.links.next != 0 && len(items) == 0:
		p.broken = &Error{Kind: Malformed, Message: fmt.Sprintf(
			"page %d is empty, but claims to be followed by another", place.page)}
	case p.links.next != 0 && p.links.next != place.page+1:
		p.broken = &Error{Kind: Malformed, Message: fmt.Sprintf(
			"page %d is followed by page %d", place.page, p.links.next)}
	}
	return p, nil
}
