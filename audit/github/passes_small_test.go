// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"net/http"
	"testing"

	"github.com/complytime/pataudit/audit/github/githubtest"
)

// smallPages makes of a GitHub one whose pages hold 50 items at most, and which sends no Link
// header with a 304.
type smallPages struct{ base http.RoundTripper }

func (s smallPages) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	query := r.URL.Query()
	if query.Has("per_page") {
		query.Set("per_page", "50")
		r.URL.RawQuery = query.Encode()
	}
	response, err := s.base.RoundTrip(r)
	if err == nil && response.StatusCode == http.StatusNotModified {
		response.Header.Del("Link")
	}
	return response, err
}

// TestSmallPages: a page that was full and the last one may have got a successor since, of which
// its ETag does not tell: between two runs with a cache, and between two passes.
func TestSmallPages(t *testing.T) {
	t.Run("cache", func(t *testing.T) {
		inBubble(t, func(w *githubtest.World) { grants(w, 50) }, func(b *bench) {
			b.config.Base = smallPages{b.config.Base}
			b.config.Cache = b.t.TempDir()
			b.mustCollect()
			b.server.Change(func(w *githubtest.World) { grants(w, 1) })
			if n := len(b.mustCollect().Tokens); n != 51 {
				b.t.Errorf("%d tokens of 51", n)
			}
		})
	})
	t.Run("passes", func(t *testing.T) {
		inBubble(t, func(w *githubtest.World) { grants(w, 50) }, func(b *bench) {
			b.config.Base = smallPages{b.config.Base}
			lists := 0
			b.world.OnRequest = func(_ int, r *http.Request) {
				if r.URL.Path == "/api/v3"+tokensPath {
					if lists++; lists == 2 {
						b.server.Change(func(w *githubtest.World) { grants(w, 1) })
					}
				}
			}
			if n := len(b.mustCollect().Tokens); n != 51 {
				b.t.Errorf("%d tokens of 51", n)
			}
		})
	})
}
