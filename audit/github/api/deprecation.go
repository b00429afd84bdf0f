// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Deprecation is what answers say of an end to come of what was asked: in the Deprecation header
// (RFC 9745) that it is meant to go, in Sunset (RFC 8594) when it will. The zero value says
// nothing.
type Deprecation struct {
	mu    sync.Mutex
	words string // "" if none says anything
}

// Note notes what an answer's headers say. Of several that differ the first in the alphabet
// counts, whichever came first.
func (d *Deprecation) Note(header http.Header) {
	words := deprecationOf(header)
	d.mu.Lock()
	defer d.mu.Unlock()
	if words != "" && (d.words == "" || words < d.words) {
		d.words = words
	}
}

// Remark returns what was noted; "" if nothing was.
func (d *Deprecation) Remark() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.words
}

// deprecationOf returns a sentence about an answer's Deprecation and Sunset, of which it shows
// nothing but the dates; "" if there is neither.
func deprecationOf(header http.Header) string {
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

// dayOf returns the day of an HTTP date, or of seconds after an @; "" if it is neither.
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
