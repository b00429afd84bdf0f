// SPDX-License-Identifier: Apache-2.0

package github

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/google/go-github/v66/github"
	"github.com/shurcooL/githubv4"
)

// apiVersion is the one that our structs were written for.
const apiVersion = "2022-11-28"

// session asks with one authorization.
type session struct {
	rest      *github.Client
	graph     *githubv4.Client
	transport *transport
}

// Governor returns what paces the session's requests.
func (s *session) Governor() *governor { return s.transport.governor }

// SignIn has an installation's token minted, unless there is one.
func (s *session) SignIn(ctx context.Context) error {
	_, err := s.transport.auth.authorize(ctx)
	return err
}

// Hide returns a text without our credentials, which a server may have sent back.
func (s *session) Hide(text string) string { return hideSecrets(text, s.transport.auth.known()) }

// Below returns the path of a URL below the REST root, escaped. Where another origin is named, the
// API's base path may be another: a proxy can add one or take it off.
func (s *session) Below(u *url.URL) (path string, ok bool) {
	if s.transport.endpoint.holds(u) {
		return strings.CutPrefix(u.EscapedPath(), s.rest.BaseURL.Path)
	}
	path, ok = strings.CutPrefix(u.EscapedPath(), "/")
	return strings.TrimPrefix(path, "api/v3/"), ok
}

// OpenCache has answers kept in the part of a folder that belongs to one organization as one
// installation of one App sees it.
func (s *session) OpenCache(dir string, part ...string) (err error) {
	s.transport.cache, err = openCache(dir, s.transport.now, s.transport.log,
		append([]string{s.transport.endpoint.REST.String()}, part...)...)
	return err
}

// Caches reports whether answers are kept.
func (s *session) Caches() bool { return s.transport.cache != nil }

// Cached reports whether the answer to a question is kept, so that GitHub probably confirms it
// rather than send it, at no cost.
func (s *session) Cached(path string, query url.Values) bool {
	return s.transport.cache.has(s.rest.BaseURL.Path + path + "?" + query.Encode())
}

// Saw notes how many items a page of a list held: a kept one that may fill its page is not asked
// about.
func (s *session) Saw(items int) { s.transport.cache.saw(items) }

// reply is a whole successful answer.
type reply struct {
	body []byte    // nil if it is unchanged
	date time.Time // the server's clock; zero if it does not tell

	ahead time.Duration // how far that is ahead of our clock

	link []string
	etag string
	url  *url.URL // that answered, after redirects

	unchanged bool            // GitHub says: what has the ETag that was sent along
	exchange  *audit.Exchange // to be completed by who knows what the answer is
}

// get asks for path below the REST root. Segments of path are already escaped.
func (s *session) get(ctx context.Context, path string, query url.Values) (*reply, error) {
	return s.getIf(ctx, path, query, "")
}

// getIf is get, unless GitHub still has what was sent with that ETag; "" asks for it in any case.
func (s *session) getIf(
	ctx context.Context, path string, query url.Values, etag string,
) (*reply, error) {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return s.do(ctx, http.MethodGet, path, nil, etag)
}

// do sends a question through go-github, which makes the request and follows redirects. Its typed
// calls are not used: those of v66 list approved tokens, but neither requests for them nor the
// repositories of either. And its structs take null and an absent key for the same, where null
// means "no expiry" and an absent key that nobody knows; a key in another case for the key; and of
// two equal keys the last. Nor do they leave the body, whose hash the manifest holds.
func (s *session) do(
	ctx context.Context, method, path string, body any, etag string,
) (*reply, error) {
	request, err := s.rest.NewRequest(method, path, body, github.WithVersion(apiVersion))
	if err != nil {
		return nil, err
	}
	if etag != "" {
		request.Header.Set("If-None-Match", etag)
	}
	ctx, exchange := accountOf(ctx).enter(ctx, method+" /"+path)
	var buf bytes.Buffer
	response, err := s.rest.Do(ctx, request, &buf)
	unchanged := response != nil && response.StatusCode == http.StatusNotModified
	if err != nil && !unchanged { // go-github takes that for an error
		return nil, plain(err)
	}
	a := &answer{header: response.Header}
	return &reply{
		body:      buf.Bytes(),
		date:      a.date(),
		ahead:     a.ahead(s.transport.now()),
		link:      response.Header.Values("Link"),
		etag:      response.Header.Get("Etag"),
		url:       response.Request.URL,
		unchanged: unchanged,
		exchange:  exchange,
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

// orgPath returns the path of something below an organization, escaped.
func orgPath(login, tail string) string {
	return strings.TrimSuffix("orgs/"+url.PathEscape(login)+"/"+tail, "/")
}
