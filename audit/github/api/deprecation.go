// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/complytime/pataudit/audit"
)

// Deprecation is what answers say of an end to come of what was asked: in the Deprecation header
// (RFC 9745) that it is meant to go, in Sunset (RFC 8594) when it will. The zero value says
// nothing.
type Deprecation struct {
	mu    sync.Mutex
	said  bool
	words string // the days
}

// Note notes what an answer's headers say. Of several that differ the first in the alphabet
// counts, whichever came first.
func (d *Deprecation) Note(header http.Header) {
	words, said := deprecationOf(header)
	d.mu.Lock()
	defer d.mu.Unlock()
	if said && (!d.said || words < d.words) {
		d.said, d.words = true, words
	}
}

// Remark returns what was noted, and whether anything was.
func (d *Deprecation) Remark() (remark audit.Remark, said bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return audit.Remark{Code: audit.ReasonDeprecated, Words: d.words}, d.said
}

// deprecationOf returns the days of an answer's Deprecation and Sunset, as a sentence goes on with
// them, and whether there is one of the two. It shows nothing else of them.
func deprecationOf(header http.Header) (text string, said bool) {
	deprecated, sunset := header.Get("Deprecation"), header.Get("Sunset")
	if deprecated == "" && sunset == "" {
		return "", false
	}
	if at := dayOf(deprecated); at != "" {
		text += " since " + at
	}
	if at := dayOf(sunset); at != "" {
		text += " and ends on " + at
	}
	return text, true
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
