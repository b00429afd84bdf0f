// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// Bounds of one request, and of a run's patience with a failing server.
const (
	requestTimeout = 30 * time.Second
	maxAttempts    = 4 // of one request that fails, limits not counted
	maxLimitHits   = 5 // of one request that is turned away
	firstBackoff   = time.Second
	maxRetryAfter  = time.Minute // of a 5xx
	maxRedirects   = 5
)

// authorizer returns the value of the Authorization header.
type authorizer interface {
	authorize(ctx context.Context) (value string, err error)

	// refused hears that GitHub answered 401, or hid something as it does for a credential that
	// is too fresh. It returns whether to try again, and after how long.
	refused(value string, a *answer, tries int) (wait time.Duration, again bool)

	// known returns the value that is in use, so that it can be hidden; "" if there is none.
	known() string
}

// transport is the one place through which every request passes. What it returns is a success
// with a whole JSON body, a redirect, or an [Error].
//
// It does not use go-retryablehttp, nor a library that waits for GitHub's rate limits: bodies are
// validated and the authorization renewed inside the loop, and all workers share one governor.
type transport struct {
	base     http.RoundTripper
	endpoint *Endpoint
	auth     authorizer
	now      func() time.Time
	log      *slog.Logger
	governor *Governor
	cache    *cache   // nil: none
	retries  *retries // of the whole run; nil: no bound
}

// RoundTrip sends the request as often as it takes, within the bounds.
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	if !t.endpoint.holds(request.URL) {
		return nil, &Error{Kind: Refused, Message: "a request would leave " +
			t.endpoint.REST.Host + " for another host: not sent"}
	}
	ctx := request.Context()
	trip := &trip{transport: t, request: request, resource: "core"}
	if request.URL.Path == t.endpoint.GraphQL.Path {
		trip.resource, trip.graphQL = "graphql", true
	}
	for {
		a, err := trip.attempt(ctx)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		wait, err := trip.judge(a, err)
		if err != nil {
			return nil, trip.clean(err)
		}
		if wait < 0 {
			if errs, ok := ctx.Value(graphQLErrorsKey{}).(*[]graphQLError); ok && a.errorBody != nil {
				*errs = a.errorBody.Errors
			}
			return a.response(request), nil
		}
		if err := sleep(ctx, wait, nil); err != nil {
			return nil, err
		}
	}
}

// clean returns an error without our own credential, should the server have sent it back. Other
// requests may share the error: theirs stays as it is. What is wrapped comes from minting a token,
// whose own trip has cleaned it.
func (t *trip) clean(err error) error {
	ours, ok := err.(*Error) //nolint:errorlint // see above
	if !ok {
		return err
	}
	cleaned := *ours
	cleaned.Message = HideSecrets(ours.Message, t.authorization)
	cleaned.Accepts = HideSecrets(ours.Accepts, t.authorization)
	return &cleaned
}

// trip is one request's way through its attempts.
type trip struct {
	*transport
	request  *http.Request
	resource string
	graphQL  bool

	authorization         string
	failures, hits, turns int // transient failures, limits, refused credentials
}

// attempt sends the request once.
func (t *trip) attempt(ctx context.Context) (a *answer, err error) {
	if err := t.governor.wait(ctx, t.resource); err != nil {
		return nil, err
	}
	// Before it counts as in flight: minting a token is a request of its own.
	if t.authorization, err = t.auth.authorize(ctx); err != nil {
		return nil, err
	}
	permit, err := t.governor.admit(ctx, t.resource)
	if err != nil {
		return nil, err
	}
	t.retries.request()
	sent, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	begun := t.now()
	a, err = t.send(sent)
	permit.end(a)
	if also := AccountOf(ctx).Also; also != nil {
		also.count(begun)
	}
	t.note(ctx, a)
	t.report(a, err, t.now().Sub(begun))
	if a != nil {
		t.resource = a.resource
	}
	return a, err
}

// send sends the request, and reads the answer whole. Where the cache has a body, GitHub is asked
// to confirm it instead of sending it again.
func (t *trip) send(ctx context.Context) (*answer, error) {
	clone := t.request.Clone(ctx)
	clone.Header.Set("Authorization", t.authorization)
	if t.request.GetBody != nil {
		body, err := t.request.GetBody()
		if err != nil {
			return nil, err
		}
		clone.Body = body
	}
	known := t.cache.recall(clone)
	response, err := t.base.RoundTrip(clone)
	if err != nil {
		return nil, err
	}
	a, err := readAnswer(response, t.resource, t.graphQL)
	if err == nil && known != nil && a.status == http.StatusNotModified {
		a.confirm(known)
	}
	return a, err
}

// MintSuffix ends the path of a request whose answer is a secret.
const MintSuffix = "/access_tokens"

// secret reports whether the answer's body holds a credential.
func (t *trip) secret() bool { return strings.HasSuffix(t.request.URL.Path, MintSuffix) }

// report logs an attempt, but nothing of its headers or body.
func (t *trip) report(a *answer, err error, took time.Duration) {
	attrs := []any{
		"method", t.request.Method, "path", t.hide(t.request.URL.Path),
		"query", t.hide(t.request.URL.RawQuery), "took", took.Round(time.Millisecond),
	}
	if err != nil {
		t.log.Info("request", append(attrs, "error", t.hide(wordsOf(err)))...)
		return
	}
	t.log.Info("request", append(attrs, "status", a.status,
		"remaining", a.header.Get("X-Ratelimit-Remaining"), "cached", a.confirmed)...)
}

// hide returns a text without credentials, which a server may have sent back.
func (t *trip) hide(text string) string { return HideSecrets(text, t.authorization) }

// judge returns what an attempt's outcome means: a negative wait if the answer is good, else how
// long to wait before another attempt, or the error that ends them.
func (t *trip) judge(a *answer, err error) (wait time.Duration, fatal error) {
	if err != nil {
		return t.failed(err)
	}
	if limit, ok := limitOf(a, t.hits, t.now()); ok {
		t.governor.hold(limit)
		t.log.Warn("rate limit", "resource", limit.resource, "wait", limit.wait)
		if t.hits++; t.hits > maxLimitHits {
			return 0, &Error{
				Kind: Limited, Status: a.status, Message: "rate limit of GitHub, again and again",
				Until: t.now().Add(limit.wait),
			}
		}
		return 0, nil // the next attempt waits with everybody else
	}
	switch {
	case a.status >= http.StatusBadRequest && a.status < http.StatusInternalServerError &&
		a.errorBody == nil:
		return 0, notGitHubs(a)
	case a.status == http.StatusUnauthorized,
		a.status == http.StatusForbidden, a.status == http.StatusNotFound:
		if wait, again := t.auth.refused(t.authorization, a, t.turns); again {
			t.turns++
			return wait, nil
		}
		return 0, refusal(a.status, a.header, a.message())
	case a.status >= http.StatusInternalServerError:
		return t.transient(retryAfter(a, t.now()), refusal(a.status, a.header, a.message()))
	case a.status >= http.StatusBadRequest:
		return 0, refusal(a.status, a.header, a.message())
	case a.status == http.StatusNotModified && t.request.Header.Get("If-None-Match") != "":
		return -1, nil // whoever asked so has what is meant
	case a.status >= http.StatusMultipleChoices && a.status != http.StatusNotModified:
		return -1, nil // the HTTP client follows it, to our own origin only
	case a.status != http.StatusOK && a.status != http.StatusCreated:
		return 0, &Error{
			Kind: Malformed, Status: a.status,
			Message: "is no answer to this question",
		}
	}
	if err := a.believable(!t.secret()); err != nil {
		fatal := &Error{Kind: Malformed, Status: a.status, Message: err.Error()}
		if len(a.body) > MaxBody {
			return 0, fatal
		}
		return t.transient(0, fatal)
	}
	if fatal := a.stumbled(); fatal != nil {
		return t.transient(0, fatal)
	}
	t.cache.store(t.request, a)
	return -1, nil
}

// failed sorts a request that brought no answer.
func (t *trip) failed(err error) (time.Duration, error) {
	var ours *Error
	if errors.As(err, &ours) {
		return 0, err
	}
	failure := &Error{Kind: Network, Message: wordsOf(err), Err: err}
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &untrusted):
		return 0, failure
	case errors.Is(err, context.DeadlineExceeded):
		failure.Message = fmt.Sprintf("no whole answer within %v", requestTimeout)
		t.failures++ // a second time-out is enough
	case errors.Is(err, io.ErrUnexpectedEOF):
		failure.Kind, failure.Message = Malformed, "the answer was cut short"
	}
	return t.transient(0, failure)
}

// transient returns the wait before the next attempt, or fatal if patience is at its end.
func (t *trip) transient(wait time.Duration, fatal *Error) (time.Duration, error) {
	if t.failures++; t.failures >= maxAttempts || !t.retries.take() {
		if t.failures > 1 {
			fatal.Message = strings.TrimPrefix(fmt.Sprintf("%s, after %d attempts",
				fatal.Message, t.failures), ", ")
		}
		return 0, fatal
	}
	backoff := firstBackoff << (t.failures - 1)
	backoff = backoff/2 + rand.N(backoff/2+1) // spread the workers
	return max(wait, backoff), nil
}

// retryAfter returns what a failing server asks for; nothing unusual is believed.
func retryAfter(a *answer, now time.Time) time.Duration {
	text := a.header.Get("Retry-After")
	if text == "" {
		return 0
	}
	return min(parseRetryAfter(text, 0, a.clock(now)), maxRetryAfter)
}
