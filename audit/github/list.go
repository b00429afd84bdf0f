// SPDX-License-Identifier: Apache-2.0

package github

import (
	"maps"
	"net/url"
	"strconv"
	"strings"
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

// question gives what is asked of each page.
func (l *list) question() url.Values {
	query := url.Values{"per_page": {strconv.Itoa(perPage)}}
	maps.Copy(query, l.query)
	return query
}

// has reports whether a URL is one of the list's. GitHub's links say /organizations/{id}/… where
// the request said /orgs/{login}/…. Where another origin is named, the API's base path may be
// another: a proxy can add one or take it off.
func (l *list) has(u *url.URL) bool {
	path, ok := strings.CutPrefix(u.EscapedPath(), l.session.rest.BaseURL.Path)
	if !l.session.transport.endpoint.holds(u) {
		path, ok = strings.CutPrefix(u.EscapedPath(), "/")
		path = strings.TrimPrefix(path, "api/v3/")
	}
	if !ok {
		return false
	}
	if id, ok := strings.CutPrefix(path, "organizations/"); ok {
		id, tail, _ := strings.Cut(id, "/")
		return tail == l.tail && (l.id == 0 || id == strconv.FormatInt(l.id, 10))
	}
	return strings.EqualFold(path, l.path())
}
