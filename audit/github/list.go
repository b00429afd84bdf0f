// SPDX-License-Identifier: Apache-2.0

package github

import (
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
