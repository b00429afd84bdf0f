// SPDX-License-Identifier: Apache-2.0

package api

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/go-github/v66/github"
	"github.com/shurcooL/githubv4"

	"github.com/complytime/pataudit/audit"
)

// Session asks with one authorization.
type Session struct {
	rest      *github.Client
	graph     *githubv4.Client
	transport *transport
}

// Governor returns what paces the session's requests.
func (s *Session) Governor() *Governor { return s.transport.governor }

// SignIn has an installation's token minted, unless there is one.
func (s *Session) SignIn(ctx context.Context) error {
	_, err := s.transport.auth.authorize(ctx)
	return err
}

// Hide returns a text without our credentials, which a server may have sent back.
func (s *Session) Hide(text string) string { return HideSecrets(text, s.transport.auth.known()) }

// Below returns the path of a URL below the REST root, escaped. Where another origin is named, the
// API's base path may be another: a proxy can add one or take it off.
func (s *Session) Below(u *url.URL) (path string, ok bool) {
	if s.transport.endpoint.holds(u) {
		return strings.CutPrefix(u.EscapedPath(), s.rest.BaseURL.Path)
	}
	path, ok = strings.CutPrefix(u.EscapedPath(), "/")
	return strings.TrimPrefix(path, "api/v3/"), ok
}

// OpenCache has answers kept in the part of a folder that belongs to one organization as one
// installation of one App sees it.
func (s *Session) OpenCache(dir string, part ...string) (err error) {
	s.transport.cache, err = openCache(dir, s.transport.now, s.transport.log,
		append([]string{s.transport.endpoint.REST.String()}, part...)...)
	return err
}

// Caches reports whether answers are kept.
func (s *Session) Caches() bool { return s.transport.cache != nil }

// Cached reports whether the answer to a question is kept, so that GitHub probably confirms it
// rather than send it, at no cost.
func (s *Session) Cached(path string, query url.Values) bool {
	return s.transport.cache.has(s.rest.BaseURL.Path + path + "?" + query.Encode())
}

// Saw notes how many items a page of a list held: a kept one that may fill its page is not asked
// about.
func (s *Session) Saw(items int) { s.transport.cache.saw(items) }

// Reply is a whole successful answer.
type Reply struct {
	Body []byte    // nil if it is unchanged
	Date time.Time // the server's clock; zero if the answer had none

	Ahead time.Duration // how far that is ahead of our clock

	Link []string
	Etag string
	URL  *url.URL // that answered, after redirects

	Unchanged bool            // GitHub says: what has the ETag that was sent along
	Exchange  *audit.Exchange // to be completed by who knows what the answer is
}

// Get asks for path below the REST root. Segments of path are already escaped.
func (s *Session) Get(ctx context.Context, path string, query url.Values) (*Reply, error) {
	return s.GetIf(ctx, path, query, "")
}

// GetIf is [Session.Get], unless GitHub still has what was sent with that ETag; "" asks for it in
// any case.
func (s *Session) GetIf(
	ctx context.Context, path string, query url.Values, etag string,
) (*Reply, error) {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return s.Do(ctx, http.MethodGet, path, nil, etag)
}

// Do sends a question through go-github, which makes the request and follows redirects. Its typed
// calls are not used: those of v66 list approved tokens, but neither requests for them nor the
// repositories of either. And its structs take null and an absent key for the same, where null
// means "no expiry" and an absent key that nobody knows; a key in another case for the key; and of
// two equal keys the last. Nor do they leave the body, whose hash the manifest holds.
func (s *Session) Do(
	ctx context.Context, method, path string, body any, etag string,
) (*Reply, error) {
	request, err := s.rest.NewRequest(method, path, body, github.WithVersion(audit.APIVersion))
	if err != nil {
		return nil, err
	}
	if etag != "" {
		request.Header.Set("If-None-Match", etag)
	}
	ctx, exchange := AccountOf(ctx).enter(ctx, method+" /"+path)
	var buf bytes.Buffer
	response, err := s.rest.Do(ctx, request, &buf)
	unchanged := response != nil && response.StatusCode == http.StatusNotModified
	if err != nil && !unchanged { // go-github takes that for an error
		return nil, plain(err)
	}
	a := &answer{header: response.Header}
	return &Reply{
		Body:      buf.Bytes(),
		Date:      a.date(),
		Ahead:     a.ahead(s.transport.now()),
		Link:      response.Header.Values("Link"),
		Etag:      response.Header.Get("Etag"),
		URL:       response.Request.URL,
		Unchanged: unchanged,
		Exchange:  exchange,
	}, nil
}

// plain drops what HTTP clients wrap around our errors: their texts repeat the URL.
func plain(err error) error {
	var ours *Error
	if errors.As(err, &ours) {
		return ours
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// OrgPath returns the path of something below an organization, escaped.
func OrgPath(login, tail string) string {
	return strings.TrimSuffix("orgs/"+url.PathEscape(login)+"/"+tail, "/")
}
