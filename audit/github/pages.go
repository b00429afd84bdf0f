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

// list is one paged list of an organization.
type list struct {
	session *session
	login   string
	id      int64  // of the organization; 0: not known, so not checked
	tail    string // "personal-access-tokens"
	query   url.Values
}

func (l *list) path() string { return orgPath(l.login, l.tail) }

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

// pass is one reading of a list.
type pass[T any] struct {
	items []T
	date  time.Time // the server's clock at the last page; zero if it does not tell
	pages int
}

// page is one page of a list.
type page[T any] struct {
	items  []T
	links  links
	date   time.Time
	broken error // why nobody knows what follows this page; nil if it is known
}

// read reads a list once. On an error the pass holds what was had; if it holds no page, not even
// the first one was accepted.
func read[T any](
	ctx context.Context, l *list, decode func(body []byte, date time.Time) ([]T, error),
) (pass[T], error) {
	fetch := func(ctx context.Context, number int, query url.Values) (page[T], error) {
		query = maps.Clone(query)
		if query == nil {
			query = url.Values{}
		}
		if number > 1 {
			query.Set("page", strconv.Itoa(number))
		}
		return fetchPage(ctx, l, query, number, decode)
	}
	first := maps.Clone(l.query)
	if first == nil {
		first = url.Values{}
	}
	first.Set("per_page", strconv.Itoa(perPage))
	head, err := fetch(ctx, 1, first)
	if err != nil {
		return pass[T]{}, err
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

// fetchAll reads the pages from 2 to last concurrently. The slots of the transport bound how many
// are in flight.
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
	joined := pass[T]{pages: len(pages)}
	for i, p := range pages {
		joined.items = append(joined.items, p.items...)
		joined.date = p.date
		if err == nil && p.links.next == 0 && i < len(pages)-1 && len(pages[i+1].items) > 0 {
			err = &Error{Kind: Malformed, Message: fmt.Sprintf(
				"page %d claims to be the last, but page %d has items", i+1, i+2)}
		}
	}
	return joined, err
}

// fetchPage reads one page, and checks where it says that the list goes on. A page that cannot say
// that counts, but breaks the list.
func fetchPage[T any](
	ctx context.Context, l *list, query url.Values, number int,
	decode func([]byte, time.Time) ([]T, error),
) (page[T], error) {
	answer, err := l.session.get(ctx, l.path(), query)
	if err != nil {
		return page[T]{}, err
	}
	if !l.has(answer.url) {
		return page[T]{}, &Error{Kind: Refused, Message: "GitHub redirects to another list"}
	}
	items, err := decode(answer.body, answer.date)
	if err != nil {
		return page[T]{}, &Error{Kind: Malformed, Message: fmt.Sprintf("page %d: %v", number, err)}
	}
	p := page[T]{items: items, date: answer.date}
	p.links, err = parseLinks(answer.link, l, answer.url)
	switch {
	case err != nil:
		p.broken = &Error{Kind: Malformed, Message: err.Error()}
	case p.links.next != 0 && p.links.next != number+1:
		p.broken = &Error{Kind: Malformed, Message: fmt.Sprintf(
			"page %d is followed by page %d", number, p.links.next)}
	}
	return p, nil
}

// readVerified reads a list until two consecutive passes give the same sequence of ids, which
// shows that nothing was hidden by a deletion between two pages. On an error the pass holds what
// was had last. agreed tells how many passes it took.
func readVerified[T any](
	ctx context.Context, l *list, decode func([]byte, time.Time) ([]T, error), id func(T) int64,
	after func(first pass[T]),
) (accepted pass[T], passes int, err error) {
	var before pass[T]
	for passes = 1; passes <= maxPasses; passes++ {
		now, err := read(ctx, l, decode)
		if err != nil {
			if passes > 1 {
				now = before // it was whole
			}
			return now, passes, err
		}
		if passes == 1 {
			after(now)
		} else if slices.EqualFunc(before.items, now.items, func(a, b T) bool {
			return id(a) == id(b)
		}) {
			return now, passes, nil
		}
		before = now
	}
	return before, maxPasses, &Error{Kind: Malformed, Message: fmt.Sprintf(
		"the list changed during each of %d passes", maxPasses)}
}
