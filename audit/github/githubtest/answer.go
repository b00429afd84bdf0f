// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// answer is one answer, before any fault.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// call is one request while it is answered, under the server's lock.
type call struct {
	server  *Server
	world   *World
	request *http.Request
	body    []byte
	now     time.Time
	base    string // "http://host", and an Enterprise Server's prefix
	header  http.Header
	values  map[string]string // what the route's {names} stand for
	token   *Token            // nil before the credential is checked, and for a JWT
	route   *route
	who     string // whose quota it draws on
}

const (
	docs           = "https://docs.github.com/rest"
	defaultVersion = "2022-11-28"
	noUserAgent    = "Request forbidden by administrative rules. Please make sure your request " +
		"has a User-Agent header (https://docs.github.com/en/rest/overview/resources-in-the-" +
		"rest-api#user-agent-required). Check https://developer.github.com for other possible " +
		"causes.\n"
	versionHeader    = "X-Github-Api-Version"
	headerRequestID  = "X-Github-Request-Id"
	headerAccepted   = "X-Accepted-Github-Permissions"
	headerVersion    = "X-Github-Api-Version-Selected"
	contentTypeJSON  = "application/json; charset=utf-8"
	notAccessible    = "Resource not accessible by integration"
	badCredentials   = "Bad credentials"
	needsCredentials = "Requires authentication"
)

// common sets the headers of every answer.
func (c *call) common() {
	c.header.Set("Date", c.now.Format(http.TimeFormat))
	c.header.Set("Server", "github.com")
	c.header.Set("Content-Type", contentTypeJSON)
	c.header.Set("X-Github-Media-Type", "github.v3; format=json")
	c.header.Set(headerRequestID, c.server.requestID(c.request, c.body))
}

// requestID is the same in each run, whatever the order of requests.
func (s *Server) requestID(r *http.Request, body []byte) string {
	key := r.Method + " " + r.URL.RequestURI() + string(body)
	s.seen[key]++
	sum := sha256.Sum256(fmt.Append(nil, key, " ", s.seen[key]))
	return fmt.Sprintf("%X:%X:%X:%X", sum[:2], sum[2:5], sum[5:8], sum[8:12])
}

// answer checks what GitHub checks of every request, and then asks the route.
func (c *call) answer(rest string) answer {
	if c.request.UserAgent() == "" {
		c.header.Set("Content-Type", "text/html; charset=utf-8")
		return answer{http.StatusForbidden, c.header, []byte(noUserAgent)}
	}
	if a, refused := c.version(); refused {
		return a
	}
	if c.route, c.values = match(c.server.routes, c.request.Method, rest); c.route == nil {
		return c.notFound()
	}
	if a, refused := c.authenticate(); refused {
		return a
	}
	if a, refused := c.limited(); refused {
		return a
	}
	a := c.permitted()
	if a.status == http.StatusOK && c.request.Method == http.MethodGet {
		a = c.conditional(a)
	}
	if a.status != http.StatusNotModified && c.route.resource == resourceCore && !c.route.free {
		c.quota().spend(1)
	}
	c.quota().show(c.header, c.route.resource)
	return a
}

// permitted asks the route, if the token may.
func (c *call) permitted() answer {
	if c.route.permission != "" {
		c.header.Set(headerAccepted, c.route.permission+"=read")
	}
	if c.route.about != nil {
		return c.inOrganization()
	}
	if !c.may(c.route.permission) {
		return c.failure(http.StatusForbidden, notAccessible)
	}
	return c.route.serve(c)
}

// version checks the API version asked for.
func (c *call) version() (a answer, refused bool) {
	asked := c.request.Header.Get(versionHeader)
	if asked == "" {
		asked = defaultVersion
	}
	if !slices.Contains([]string{defaultVersion, "2026-03-10"}, asked) {
		return c.failure(http.StatusBadRequest,
			fmt.Sprintf("The API version %q is not supported.", asked)), true
	}
	c.header.Set(headerVersion, asked)
	return answer{}, false
}

// conditional computes the ETag, and answers 304 if the client has the same. The tag covers the
// values of three headers, each followed by a colon, and the body.
func (c *call) conditional(a answer) answer {
	h := sha256.New()
	for _, name := range []string{"Accept", "Authorization", "Cookie"} {
		for _, value := range c.request.Header.Values(name) {
			h.Write([]byte(value + ":"))
		}
	}
	h.Write(a.body)
	tag := `"` + hex.EncodeToString(h.Sum(nil)) + `"`
	a.header.Set("Etag", "W/"+tag)
	a.header.Set("Cache-Control", "private, max-age=60, s-maxage=60")
	a.header.Set("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP")
	if strings.Contains(c.request.Header.Get("If-None-Match"), tag) {
		a.status, a.body = http.StatusNotModified, nil
		a.header.Del("Content-Type")
		a.header.Del("Link") // which no 304 has to repeat
	}
	return a
}

// ok answers with a value.
func (c *call) ok(v any) answer { return c.with(http.StatusOK, v) }

func (c *call) with(status int, v any) answer { return answer{status, c.header, encode(v)} }

func (c *call) failure(status int, message string) answer {
	return c.with(status, object{
		{"message", message}, {"documentation_url", docs}, {"status", fmt.Sprint(status)},
	})
}

func (c *call) notFound() answer { return c.failure(http.StatusNotFound, "Not Found") }

// object is a JSON object whose keys keep their order.
type object []pair

type pair struct {
	key   string
	value any
}

// MarshalJSON writes the pairs in order.
func (o object) MarshalJSON() ([]byte, error) { return encode(o), nil }

// encode returns the JSON of a value that this package made, without the escapes for HTML.
func encode(v any) []byte { return appendJSON(make([]byte, 0, 1<<10), v) }

// appendJSON appends the JSON of a value to b. What answers are full of is written here: an
// encoder of its own for each of them would take most of the time of most tests.
func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case json.RawMessage:
		return append(b, v...) // byte for byte, whatever it is
	case object:
		b = append(b, '{')
		for i, p := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendJSON(b, p.key), ':')
			b = appendJSON(b, p.value)
		}
		return append(b, '}')
	case string:
		if isPlain(v) {
			return append(append(append(b, '"'), v...), '"')
		}
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case bool:
		return strconv.AppendBool(b, v)
	}
	var whole bytes.Buffer
	encoder := json.NewEncoder(&whole)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(fmt.Sprintf("githubtest: an answer cannot be encoded: %v", err))
	}
	return append(b, bytes.TrimSuffix(whole.Bytes(), []byte("\n"))...)
}

// isPlain reports whether a text is the same in JSON, between quotes.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
