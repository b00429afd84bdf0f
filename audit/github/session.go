// SPDX-License-Identifier: Apache-2.0

package github

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/go-github/v66/github"
	"github.com/shurcooL/githubv4"
)

// apiVersion is the one that our structs were written for.
const apiVersion = "2022-11-28"

// session asks with one authorization.
type session struct {
	rest  *github.Client
	graph *githubv4.Client
}

func (c *Client) session(auth authorizer) *session {
	client := &http.Client{
		CheckRedirect: c.config.Endpoint.sameOrigin,
		Transport: &transport{
			base:     c.config.Base,
			endpoint: c.config.Endpoint,
			auth:     auth,
			now:      c.config.Now,
			log:      c.config.Log,
			pauses:   newPauses(&c.patience),
			slots:    c.slots,
			retries:  &c.retries,
		},
	}
	rest := github.NewClient(client)
	rest.BaseURL = c.config.Endpoint.REST
	rest.UserAgent = c.config.UserAgent
	return &session{
		rest:  rest,
		graph: githubv4.NewEnterpriseClient(c.config.Endpoint.GraphQL.String(), client),
	}
}

// counted gives a copy of ctx whose requests n counts, retries included.
func counted(ctx context.Context, n *atomic.Int64) context.Context {
	return context.WithValue(ctx, counterKey{}, n)
}

type counterKey struct{}

// reply is a whole successful answer.
type reply struct {
	body []byte
	date time.Time // the server's clock; zero if it does not tell
	link []string
	url  *url.URL // that answered, after redirects
}

// get asks for path below the REST root. Segments of path are already escaped.
func (s *session) get(ctx context.Context, path string, query url.Values) (*reply, error) {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return s.do(ctx, http.MethodGet, path, nil)
}

func (s *session) do(
	ctx context.Context, method, path string, body any,
) (*reply, error) {
	request, err := s.rest.NewRequest(method, path, body, github.WithVersion(apiVersion))
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	response, err := s.rest.Do(ctx, request, &buf)
	if err != nil {
		return nil, plain(err)
	}
	a := &answer{header: response.Header}
	return &reply{
		body: buf.Bytes(),
		date: a.date(),
		link: response.Header.Values("Link"),
		url:  response.Request.URL,
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

// orgPath gives the path of something below an organization, escaped.
func orgPath(login, tail string) string {
	return strings.TrimSuffix("orgs/"+url.PathEscape(login)+"/"+tail, "/")
}
