// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// Bounds of a listing.
const (
	perPage        = 100
	defaultPerPage = 30 // of a server that did not get per_page, for a gateway dropped it
	maxPasses      = 4
	maxPages       = 20_000 // two million items
)

// list is one paged list of an organization, or of the App.
type list struct {
	session *api.Session
	login   string // "": it is the App's, and tail the whole path
	id      int64  // of the organization; 0: not known, so not checked
	tail    string // "personal-access-tokens"
	query   url.Values
}

func (l *list) path() string {
	if l.login == "" {
		return l.tail
	}
	return api.OrgPath(l.login, l.tail)
}

// question returns what is asked of each page.
func (l *list) question() url.Values {
	query := url.Values{"per_page": {strconv.Itoa(perPage)}}
	maps.Copy(query, l.query)
	return query
}

// has reports whether a URL is one of the list's. GitHub's links say /organizations/{id}/… where
// the request said /orgs/{login}/….
func (l *list) has(u *url.URL) bool {
	path, ok := l.session.Below(u)
	if !ok {
		return false
	}
	if id, ok := strings.CutPrefix(path, "organizations/"); ok {
		id, tail, _ := strings.Cut(id, "/")
		return tail == l.tail && (l.id == 0 || id == strconv.FormatInt(l.id, 10))
	}
	return strings.EqualFold(path, l.path())
}

// page is one page of a list.
type page[T any] struct {
	items  []T
	links  links
	date   time.Time
	ahead  time.Duration // how far the server's clock was ahead of ours
	etag   string
	hash   string // of the body, for the manifest
	broken error  // why nobody knows what follows this page; nil if it is known

	exchange *audit.Exchange // its entry in the manifest
}

// full reports whether another page may follow this one, whatever its links say.
func (p *page[T]) full(number int, first *page[T]) bool {
	return mayFill(len(p.items), number, len(first.items))
}

// mayFill reports whether another page may follow one of so many items: as many as were asked for,
// as a server gives unasked, or as the first page has. How many fill that one is not known: in
// place of what was asked for, a server may give as many as it likes.
func mayFill(n, number, first int) bool {
	const step = 10 // as the sizes of pages are
	return n >= perPage || n == defaultPerPage || number > 1 && n > 0 && n >= first ||
		number == 1 && n > 0 && n%step == 0
}

// at is a page's place in a listing.
type at struct{ pass, page int }

// fetch reads one page, and checks where it says that the list goes on. A page that cannot say
// that counts, but breaks the list. query is that of the link to it, if there is one: what it adds
// is asked, too, but it takes nothing off our own question. before is the page as it was; nil to
// read it anew.
func (r *reader[T]) fetch(
	ctx context.Context, place at, query url.Values, before *page[T],
) (page[T], error) {
	question := r.list.question()
	for key, values := range query {
		if !question.Has(key) {
			question[key] = values
		}
	}
	if place.page > 1 {
		question.Set("page", strconv.Itoa(place.page))
	}
	etag := ""
	if before != nil {
		etag = before.etag
	}
	answer, err := r.list.session.GetIf(ctx, r.list.path(), question, etag)
	if err != nil {
		return page[T]{}, err
	}
	answer.Exchange.Pass, answer.Exchange.Page = place.pass, place.page
	if !r.list.has(answer.URL) {
		return page[T]{}, &api.Error{Kind: api.Refused, Message: "GitHub redirects to another list"}
	}
	if answer.Unchanged {
		same := *before
		same.date, same.ahead, same.exchange = answer.Date, answer.Ahead, answer.Exchange
		answer.Exchange.Rows, answer.Exchange.Cached = len(same.items), true
		answer.Exchange.Hash = same.hash
		return same, nil
	}
	items, err := r.decode(answer.Body, answer.Date)
	if err != nil {
		return page[T]{}, &api.Error{
			Kind: api.Malformed, Message: fmt.Sprintf("page %d: %v", place.page, err),
		}
	}
	answer.Exchange.Rows = len(items)
	r.list.session.Saw(len(items))
	p := page[T]{
		items: items, date: answer.Date, ahead: answer.Ahead,
		etag: answer.Etag, hash: answer.Exchange.Hash, exchange: answer.Exchange,
	}
	p.links, err = parseLinks(answer.Link, r.list, answer.URL)
	switch {
	case err != nil:
		p.broken = &api.Error{Kind: api.Malformed, Message: err.Error()}
	case p.links.next != 0 && len(items) == 0:
		p.broken = &api.Error{Kind: api.Malformed, Message: fmt.Sprintf(
			"page %d is empty, but claims to be followed by another", place.page)}
	case p.links.next == 0 && p.links.last > place.page:
		p.broken = &api.Error{Kind: api.Malformed, Message: fmt.Sprintf(
			"page %d leads to no next one, but says that the last is page %d",
			place.page, p.links.last)}
	case p.links.next != 0 && p.links.next != place.page+1:
		p.broken = &api.Error{Kind: api.Malformed, Message: fmt.Sprintf(
			"page %d is followed by page %d", place.page, p.links.next)}
	}
	return p, nil
}
