// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// Fault is one thing that goes wrong. Its first fields choose the requests; those left empty
// choose any. The others say what happens. Without Status, Body and Redirect the true answer is
// given, and spoiled by what else is set.
type Fault struct {
	Method   string `json:"method"`
	Path     string `json:"path"`     // path.Match pattern, without an Enterprise Server's prefix
	Query    string `json:"query"`    // a part of the raw query: "page=2"
	Contains string `json:"contains"` // a part of the request's body: "membersWithRole"
	Token    string `json:"token"`    // the credential, whole
	After    int    `json:"after"`    // this many that match are spared first
	Times    int    `json:"times"`    // it strikes so often; 0: always

	Delay    Duration          `json:"delay"` // before the first byte
	Status   int               `json:"status"`
	Header   map[string]string `json:"header"`   // added; an empty value removes
	Body     *string           `json:"body"`     // replaces the true one
	Redirect string            `json:"redirect"` // a Location, with Status 302 unless it is set
	Errors   json.RawMessage   `json:"errors"`   // GraphQL's, beside the true data
	Mode     string            `json:"mode"`     // one of the modes, or ""

	matched int
}

// The modes of a fault: what happens to the bytes of the answer.
const (
	ModeEmpty    = "empty"    // no body at all
	ModeTruncate = "truncate" // half of what Content-Length promises, then the connection closes
	ModeCut      = "cut"      // half of the body, with a Content-Length that agrees
	ModeReset    = "reset"    // the connection closes before any answer
	ModeGzip     = "gzip"     // said to be compressed, but is not
	ModeSlow     = "slow"     // a byte at a time, Delay apart
)

// strike finds the fault that this request suffers; nil for none.
func (s *Server) strike(r *http.Request, rest string, body []byte) *Fault {
	for _, f := range s.world.Faults {
		if !f.matches(r, rest, body) {
			continue
		}
		f.matched++
		if n := f.matched - f.After; n > 0 && (f.Times == 0 || n <= f.Times) {
			struck := *f // the world's own may change while this one is suffered
			return &struck
		}
	}
	return nil
}

func (f *Fault) matches(r *http.Request, rest string, body []byte) bool {
	ok, err := path.Match(cmp.Or(f.Path, rest), rest)
	return (ok || f.Path == "") && err == nil &&
		(f.Method == "" || f.Method == r.Method) &&
		strings.Contains(r.URL.RawQuery, f.Query) &&
		bytes.Contains(body, []byte(f.Contains)) &&
		(f.Token == "" || f.Token == credential(r))
}

// replaces reports whether the true answer is not even computed.
func (f *Fault) replaces() bool {
	return f.Status != 0 || f.Body != nil || f.Redirect != "" || f.Mode == ModeReset
}

// answer is the one that the fault puts in the place of the true one.
func (f *Fault) answer(c *call) answer {
	status := http.StatusOK
	if f.Redirect != "" {
		c.header.Set("Location", f.Redirect)
		status = http.StatusFound
	}
	status = cmp.Or(f.Status, status)
	a := c.failure(status, cmp.Or(http.StatusText(status), "Fault"))
	if f.Body != nil {
		a.body = []byte(*f.Body)
	}
	return f.spoil(a)
}

// spoil does to an answer what can be done before it is sent.
func (f *Fault) spoil(a answer) answer {
	for key, value := range f.Header {
		if value == "" {
			a.header[http.CanonicalHeaderKey(key)] = nil // keeps net/http from adding it
		} else {
			a.header.Set(key, value)
		}
	}
	if f.Errors != nil {
		a.body = append(bytes.TrimSuffix(a.body, []byte("}")), `,"errors":`...)
		a.body = append(append(a.body, f.Errors...), '}')
	}
	switch f.Mode {
	case ModeEmpty:
		a.body = nil
	case ModeCut:
		a.body = a.body[:len(a.body)/2]
	case ModeGzip:
		a.header.Set("Content-Encoding", "gzip")
	}
	return a
}

// send writes the answer to the wire. A nil fault does no harm.
func (f *Fault) send(w http.ResponseWriter, r *http.Request, a answer) {
	if f == nil {
		f = &Fault{}
	}
	if !sleep(r.Context(), time.Duration(f.Delay)) || f.Mode == ModeReset {
		panic(http.ErrAbortHandler)
	}
	header := w.Header()
	for key, values := range a.header {
		header[key] = values
	}
	if a.status != http.StatusNotModified && a.status != http.StatusNoContent {
		header.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	switch f.Mode {
	case ModeTruncate:
		_, _ = w.Write(a.body[:len(a.body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case ModeSlow:
		f.trickle(w, r, a.body)
	default:
		_, _ = w.Write(a.body) // the client may be gone
	}
}

func (f *Fault) trickle(w http.ResponseWriter, r *http.Request, body []byte) {
	for i := range body {
		_, err := w.Write(body[i : i+1])
		if err != nil || http.NewResponseController(w).Flush() != nil ||
			!sleep(r.Context(), time.Duration(f.Delay)) {
			panic(http.ErrAbortHandler)
		}
	}
}
