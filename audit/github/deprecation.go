// SPDX-License-Identifier: Apache-2.0

package github

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// ending is what answers say of an end to come of what was asked: in the Deprecation header
// (RFC 9745) that it is meant to go, in Sunset (RFC 8594) when it will.
type ending struct {
	mu    sync.Mutex
	words string // "" if none says anything
}

// note takes an answer's word. Of several that differ the first in the alphabet counts, whatever
// came first.
func (e *ending) note(header http.Header) {
	words := endingOf(header)
	e.mu.Lock()
	defer e.mu.Unlock()
	if words != "" && (e.words == "" || words < e.words) {
		e.words = words
	}
}

// remark tells it; "" if there is nothing to tell.
func (e *ending) remark() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.words
}

// endingOf words an answer's Deprecation and Sunset, of which nothing but the dates is told.
func endingOf(header http.Header) string {
	deprecated, sunset := header.Get("Deprecation"), header.Get("Sunset")
	if deprecated == "" && sunset == "" {
		return ""
	}
	text := "GitHub says that what is asked here is deprecated"
	if at := dayOf(deprecated); at != "" {
		text += " since " + at
	}
	if at := dayOf(sunset); at != "" {
		text += " and ends on " + at
	}
	return text
}

// dayOf gives the day of an HTTP date, or of seconds after an @; "" if it is neither.
func dayOf(text string) string {
	at, err := http.ParseTime(text)
	if seconds, ok := strings.CutPrefix(text, "@"); ok {
		var n int64
		n, err = strconv.ParseInt(seconds, 10, 64)
		at = time.Unix(n, 0)
	}
	if year := at.UTC().Year(); err != nil || year < 1000 || year > 9999 {
		return ""
	}
	return at.UTC().Format(time.DateOnly)
}
