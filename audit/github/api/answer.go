// SPDX-License-Identifier: Apache-2.0

package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Strict is how JSON is read: keys must be unique and exact; texts may hold broken UTF-8,
// which becomes U+FFFD.
var Strict = json.JoinOptions(jsontext.AllowInvalidUTF8(true))

// MaxBody bounds one answer's body after decompression. A page of 100 grants is about 150 kB.
const MaxBody = 32 << 20

// answer is one HTTP response with its whole body.
type answer struct {
	status   int
	header   http.Header
	body     []byte
	resource string // the rate limit that it counts against

	errorBody *ErrorBody // of an error, or of a GraphQL answer
	graphQL   bool

	confirmed bool // the body is from our cache, and GitHub confirmed it
}

// ErrorBody is what an error's body, or a GraphQL body with errors, says.
type ErrorBody struct {
	Message       string         `json:"message"`
	Documentation string         `json:"documentation_url"`
	Raw           jsontext.Value `json:"errors"`
	Errors        []graphQLError `json:"-"` // of GraphQL: REST has errors of other forms, unread
}

// errorBodyOf reads what a body says; nil if it is not JSON, or not GitHub's.
func errorBodyOf(body []byte, graphQL bool) *ErrorBody {
	s := new(ErrorBody)
	if json.Unmarshal(body, s, Strict) != nil {
		return nil
	}
	if graphQL && len(s.Raw) > 0 && json.Unmarshal(s.Raw, &s.Errors, Strict) != nil {
		return nil
	}
	return s
}

// readAnswer reads the body whole and closes it. A body that is cut short is an error.
func readAnswer(response *http.Response, resource string, graphQL bool) (*answer, error) {
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, MaxBody+1))
	if err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	a := &answer{
		status: response.StatusCode, header: response.Header, body: body, graphQL: graphQL,
		resource: resource,
	}
	if named := response.Header.Get("X-Ratelimit-Resource"); named != "" {
		a.resource = named
	}
	if len(body) <= MaxBody && (a.status >= http.StatusBadRequest || graphQL) {
		a.errorBody = errorBodyOf(body, graphQL)
	}
	return a, nil
}

// believable reports what keeps a success from being believed: it must be one whole JSON value
// without a key that comes twice, and say that it is JSON. The body is quoted only if that is
// safe.
func (a *answer) believable(quote bool) error {
	quoted := ""
	if quote {
		quoted = ": " + excerpt(a.body)
	}
	media, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	switch {
	case len(a.body) > MaxBody:
		return fmt.Errorf("the answer is larger than %d MiB", MaxBody>>20)
	case len(bytes.TrimSpace(a.body)) == 0:
		return errors.New("the answer is empty")
	case err == nil && media != "application/json" && !strings.HasSuffix(media, "+json"),
		err != nil && a.header.Get("Content-Type") != "":
		return fmt.Errorf("the answer is %q, not JSON%s", media, quoted)
	}
	value := jsontext.Value(a.body)
	if !value.IsValid(Strict) {
		return fmt.Errorf("the answer is not one whole JSON value with unique keys%s", quoted)
	}
	// The GraphQL client takes HASTWOFACTORENABLED for hasTwoFactorEnabled, and the last one wins.
	if a.graphQL && keysDifferInCase(a.body) {
		return errors.New("the answer has keys that differ in their case alone")
	}
	return nil
}

// keysDifferInCase reports whether an object in a valid JSON value has two keys that differ in
// case alone.
func keysDifferInCase(body []byte) bool {
	decoder := jsontext.NewDecoder(bytes.NewReader(body))
	objects := []map[string]bool{}
	for {
		token, err := decoder.ReadToken()
		if err != nil {
			return false
		}
		kind, length := decoder.StackIndex(decoder.StackDepth())
		switch token.Kind() {
		case jsontext.KindBeginObject, jsontext.KindBeginArray:
			objects = append(objects, map[string]bool{})
		case jsontext.KindEndObject, jsontext.KindEndArray:
			objects = objects[:len(objects)-1]
		case jsontext.KindString:
			if kind == jsontext.KindBeginObject && length%2 == 1 { // a key
				key, seen := folded(token.String()), objects[len(objects)-1]
				if seen[key] {
					return true
				}
				seen[key] = true
			}
		default: // no key
		}
	}
}

// folded returns the same for keys that differ in case alone, as strings.EqualFold has it: ſ is a
// lower case of S that strings.ToLower leaves as it is.
func folded(key string) string { return strings.ToLower(strings.ToUpper(key)) }

// excerpt returns the beginning of a body that is no JSON. It is hostile text.
func excerpt(body []byte) string {
	const enough = 60
	text := strings.Join(strings.Fields(string(body[:min(len(body), 4*enough)])), " ")
	if len(text) > enough {
		text = text[:enough] + "…"
	}
	return fmt.Sprintf("%q", text)
}

// media returns what the answer says it is; "" if it does not say.
func (a *answer) media() string {
	media, _, _ := mime.ParseMediaType(a.header.Get("Content-Type"))
	return media
}

func (a *answer) message() string {
	switch {
	case a.errorBody == nil:
		return ""
	case a.errorBody.Message == "" && len(a.errorBody.Errors) > 0:
		return a.errorBody.Errors[0].Message
	}
	return a.errorBody.Message
}

func (a *answer) documentation() string {
	if a.errorBody == nil {
		return ""
	}
	return a.errorBody.Documentation
}

// graphQLLimited reports whether GraphQL turns the question away for a rate limit, in either of
// GitHub's words for it.
func (a *answer) graphQLLimited() bool {
	return a.graphQL && a.errorBody != nil &&
		slices.ContainsFunc(a.errorBody.Errors, func(e graphQLError) bool {
			return e.Type == "RATE_LIMITED" || e.Type == "RATE_LIMIT" ||
				e.Code == "graphql_rate_limit"
		})
}

// stumbled returns the error of a GraphQL answer that says, with status 200, what GitHub otherwise
// says with 502, and that is worth another attempt; nil if it does not.
func (a *answer) stumbled() *Error {
	if !a.graphQL || a.errorBody == nil {
		return nil
	}
	for _, e := range a.errorBody.Errors {
		if len(e.Path) == 0 &&
			strings.HasPrefix(e.Message, "Something went wrong while executing") {
			failed := e.asError()
			failed.Kind = Server
			return failed
		}
	}
	return nil
}

// date returns the server's clock; zero if the answer has none.
func (a *answer) date() time.Time {
	at, err := http.ParseTime(a.header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return at
}

// confirm turns the answer that a cached body is unchanged into the answer with that body.
func (a *answer) confirm(body []byte) {
	a.status, a.body, a.confirmed = http.StatusOK, body, true
	a.header.Set("Content-Type", "application/json")
}

// clock returns the server's clock; ours if the answer has none.
func (a *answer) clock(now time.Time) time.Time {
	if server := a.date(); !server.IsZero() {
		return server
	}
	return now
}

// ahead returns how far the server's clock is ahead of ours, in whole seconds, as it shows
// them; zero if the answer has none.
func (a *answer) ahead(now time.Time) time.Duration {
	date := a.date()
	if date.IsZero() {
		return 0
	}
	return date.Sub(now.Truncate(time.Second))
}

// response returns the answer to the clients above, without the rate limit headers: the
// governor heeds them for all workers at once, by GitHub's clock. go-github's own limiter would
// refuse requests instead of waiting, by this machine's clock, and for a quota that is renewed.
func (a *answer) response(request *http.Request) *http.Response {
	header := a.header.Clone()
	for _, name := range []string{"Remaining", "Reset", "Limit", "Used", "Resource"} {
		header.Del("X-Ratelimit-" + name)
	}
	return &http.Response{
		Status:        http.StatusText(a.status),
		StatusCode:    a.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        header,
		Body:          io.NopCloser(bytes.NewReader(a.body)),
		ContentLength: int64(len(a.body)),
		Request:       request,
	}
}
