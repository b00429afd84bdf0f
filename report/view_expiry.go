// SPDX-License-Identifier: Apache-2.0

package report

import (
	"time"

	"github.com/complytime/pataudit/audit"
)

// expiries counts tokens by the month in which they expire.
type expiries struct {
	first                  time.Time // the first month's first day; zero if it is not known
	month                  [months]int
	later, never           int
	past, expired, unknown int
}

func newExpiries(asOf time.Time) expiries {
	if asOf.IsZero() {
		return expiries{}
	}
	year, month, _ := asOf.UTC().Date()
	return expiries{first: time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)}
}

func (e *expiries) add(t *audit.Token) {
	at := t.ExpiresAt.UTC()
	n := 12*(at.Year()-e.first.Year()) + int(at.Month()) - int(e.first.Month())
	switch {
	case !t.Known.Has(audit.FactExpiry):
		e.unknown++
	case t.Expired:
		e.expired++
	case t.ExpiresAt.IsZero():
		e.never++
	case n < 0:
		e.past++
	case n < months:
		e.month[n]++
	default:
		e.later++
	}
}

// months is how many of them a chart of expiries shows, this one included.
const months = 12

func expiresSoon(t *audit.Token, asOf time.Time) bool {
	return t.Known.Has(audit.FactExpiry|audit.FactLastUsed) && !t.Expired &&
		!t.ExpiresAt.Before(asOf) && audit.CalendarDays(asOf, t.ExpiresAt) <= expiringWithin &&
		!t.LastUsedAt.Before(asOf.Add(-inUseWithin))
}

const (
	day = 24 * time.Hour

	expiringWithin = 14       // days; a token in use that expires within them is announced
	inUseWithin    = 90 * day // a token that was used within it is in use
)
