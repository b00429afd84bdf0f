// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/http"
	"strconv"
	"testing"
	"time"
)

// TestSecondaryLimit: a secondary limit is told by GitHub's words or by the page of its
// documentation that an answer names, and it stops every resource.
func TestSecondaryLimit(t *testing.T) {
	const page = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"
	now := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name      string
		said      ErrorBody
		remaining string
		want      limit
		ok        bool
	}{
		{
			"by its words",
			ErrorBody{Message: "You have exceeded a Secondary rate limit."},
			"57",
			limit{everything, secondaryWait},
			true,
		},
		{
			"by its page",
			ErrorBody{Message: "Slow down.", Documentation: page + "#about-secondary-rate-limits"},
			"57",
			limit{everything, secondaryWait},
			true,
		},
		{
			"by its page, and no quota is left",
			ErrorBody{Message: "Slow down.", Documentation: page + "#about-secondary-rate-limits"},
			"0",
			limit{everything, secondaryWait},
			true,
		},
		{
			"another page",
			ErrorBody{Message: "Forbidden.", Documentation: page},
			"57",
			limit{},
			false,
		},
		{
			"a primary one",
			ErrorBody{Message: "API rate limit exceeded.", Documentation: page},
			"0",
			limit{"core", secondaryWait},
			true,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := &answer{
				status: http.StatusForbidden, resource: "core", errorBody: &test.said,
				header: http.Header{"X-Ratelimit-Remaining": {test.remaining}},
			}
			if got, ok := limitOf(a, 0, now); got != test.want || ok != test.ok {
				t.Errorf("%+v, %v, want %+v, %v", got, ok, test.want, test.ok)
			}
		})
	}
}

// TestToWait: the last request of a quota goes, the one after it waits for the reset, and one that
// those in flight may have used up waits for their answers.
func TestToWait(t *testing.T) {
	now := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	const reset = 10 * time.Minute
	for _, test := range []struct {
		name                    string
		left, reserve, inFlight int
		patience                time.Duration
		want                    time.Duration
		limited                 bool
	}{
		{"the last one", 1, 0, 0, time.Hour, 0, false},
		{"none is left", 0, 0, 0, time.Hour, reset + resetSlack, false},
		{"none is left, and no patience", 0, 0, 0, time.Minute, 0, true},
		{"the first one of the reserve", 1, 1, 0, time.Hour, reset + resetSlack, false},
		{"the last one before the reserve", 2, 1, 0, time.Hour, 0, false},
		{"less than the reserve", 0, 1, 0, time.Hour, reset + resetSlack, false},
		{"all are in flight", 3, 0, 3, time.Hour, span, false},
		{"one is not in flight", 3, 0, 2, time.Hour, 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := &Governor{
				limits: Limits{Reserve: test.reserve}, now: func() time.Time { return now },
				patience: &patience{left: test.patience}, changed: make(chan struct{}),
				quotas: map[string]*quota{"core": {inFlight: test.inFlight + 1}},
			}
			(&permit{governor: g, resource: "core"}).end(&answer{
				resource: "core", header: http.Header{
					"X-Ratelimit-Limit":     {"100"},
					"X-Ratelimit-Remaining": {strconv.Itoa(test.left)},
					"X-Ratelimit-Reset":     {strconv.FormatInt(now.Add(reset).Unix(), 10)},
				},
			})
			got, err := g.toWait("core", now)
			if got != test.want || (err != nil) != test.limited {
				t.Errorf("%v, %v, want %v", got, err, test.want)
			}
		})
	}
}
