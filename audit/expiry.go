// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"
	"time"
)

// Expiry is what runs of a while saw of when a token expires.
type Expiry struct {
	At      time.Time // zero: it did not expire, or had Expired
	Expired bool

	First, Last time.Time // of these runs, by when their evidence was collected
}

// ExpirySet returns between which instants the token got its present date of expiry, with its
// present life: after the last run that saw it with another one, and not after the first that saw
// it with this one, which may be the run that asks. After is zero if no run saw another one.
func (s *Subject) ExpirySet() (after, by time.Time) {
	by = s.seen
	if s.Past == nil || s.Token.Expired {
		return after, by
	}
	for _, e := range slices.Backward(s.Past.Expiries) {
		if e.Expired || !e.At.Equal(s.Token.ExpiresAt) {
			return e.Last, by
		}
		if e.First.Before(by) {
			by = e.First
		}
	}
	return after, by
}
