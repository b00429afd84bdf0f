// SPDX-License-Identifier: Apache-2.0

package view

import (
	"time"

	"github.com/complytime/pataudit/audit"
)

// Expiries counts tokens by the month in which they expire.
type Expiries struct {
	First                  time.Time // the first month's first day; zero if it is not known
	Month                  [Months]int
	Later, Never           int
	Past, Expired, Unknown int
}

// NewExpiries returns the months from the one of an instant on, without tokens. Without an instant
// the first month is not known.
func NewExpiries(asOf time.Time) Expiries {
	if asOf.IsZero() {
		return Expiries{}
	}
	year, month, _ := asOf.UTC().Date()
	return Expiries{First: time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)}
}

// Add counts a token.
func (e *Expiries) Add(t *audit.Token) {
	at := t.ExpiresAt.UTC()
	n := 12*(at.Year()-e.First.Year()) + int(at.Month()) - int(e.First.Month())
	switch {
	case !t.Known.Has(audit.FactExpiry):
		e.Unknown++
	case t.Expired:
		e.Expired++
	case t.ExpiresAt.IsZero():
		e.Never++
	case n < 0:
		e.Past++
	case n < Months:
		e.Month[n]++
	default:
		e.Later++
	}
}

// Months is how many of them a chart of expiries shows, this one included.
const Months = 12

// ExpiresSoon reports whether a token is in use and expires within 14 days.
func ExpiresSoon(t *audit.Token, asOf time.Time) bool {
	return t.Known.Has(audit.FactExpiry|audit.FactLastUsed) && !t.Expired &&
		!t.ExpiresAt.Before(asOf) && audit.CalendarDays(asOf, t.ExpiresAt) <= expiringWithin &&
		!t.LastUsedAt.Before(asOf.Add(-InUseWithin))
}

// Day is 24 hours.
const Day = 24 * time.Hour

// InUseWithin is how long ago a token was used at most that is in use.
const InUseWithin = 90 * Day

// expiringWithin is in how many days at most a token expires that is announced.
const expiringWithin = 14

// LastExpiry returns when an expired token expired, which GitHub shows no more; zero if it is not
// remembered.
func LastExpiry(r *audit.Result) time.Time {
	if r.Past == nil || !r.Token.Expired {
		return time.Time{}
	}
	return r.Past.ExpiresAt
}
