// SPDX-License-Identifier: Apache-2.0

package github

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/complytime/pataudit/audit/github/api"
)

// probeTransport lets through so many requests as a probe may make, tries again included, and
// looks at the ETags of the answers.
type probeTransport struct {
	base             http.RoundTripper
	sent             atomic.Int64
	tagged, expected atomic.Int64 // answers with an ETag, and those with the one that we compute
}

// RoundTrip sends a request, if it is not one too many.
func (t *probeTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	if t.sent.Add(1) > MostProbes {
		return nil, &api.Error{Kind: api.Refused, Message: "a probe makes no more requests"}
	}
	response, err := t.base.RoundTrip(request)
	tag := ""
	if err == nil && request.Method == http.MethodGet && response.StatusCode == http.StatusOK {
		tag = strings.TrimPrefix(response.Header.Get("Etag"), "W/")
	}
	if tag == "" {
		return response, err
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, api.MaxBody+1))
	if err == nil {
		t.tagged.Add(1)
		if tag == api.ExpectedETag(request.Header, body) {
			t.expected.Add(1)
		}
	}
	rest := io.MultiReader(bytes.NewReader(body), response.Body) // with the error, if there is one
	response.Body = struct {
		io.Reader
		io.Closer
	}{rest, response.Body}
	return response, nil
}

// tagComputed compares the ETags of the lists with those that the cache would ask by.
func tagComputed(p *probing, _ context.Context) (finding, error) {
	tagged, expected := int(p.transport.tagged.Load()), int(p.transport.expected.Load())
	found := finding{counts: []Tally{{tagged, "answers with an ETag"}, {expected, "as computed"}}}
	if tagged == 0 {
		found.reason = "no answer has an ETag"
		return found, nil
	}
	found.answer = answerOf(expected == tagged)
	return found, nil
}
