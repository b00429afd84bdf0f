// SPDX-License-Identifier: Apache-2.0

package history

import (
	"cmp"
	"context"
	"database/sql"
	"time"

	"github.com/complytime/pataudit/audit"
)

// expirySeen is when a grant expires.
type expirySeen struct {
	at      int64 // never: it does not expire, or has expired
	expired bool
}

var expiryTable = &stretchTable[expirySeen]{
	name: "pataudit_expiries", of: "token", columns: []string{"expires_at", "expired"},
	fields: func(e *expirySeen) []any { return []any{&e.at, &e.expired} },
}

// expiryOf returns when a listed token expires; false if that is not known.
func expiryOf(t *audit.Token) (seen expirySeen, known bool) {
	seen = expirySeen{at: never, expired: t.Expired}
	if !t.Expired {
		seen.at = micros(t.ExpiresAt)
	}
	return seen, t.Known.Has(audit.FactExpiry)
}

// recallExpiries recalls what was seen then.
func recallExpiries(
	ctx context.Context, tx *sql.Tx, grants map[int64]*audit.Past, identity text, before int64,
) error {
	return expiryTable.recall(ctx, tx, identity, before, func(row stretch[expirySeen]) {
		if past := grants[row.of]; past != nil {
			past.Expiries = append(past.Expiries, expiryFrom(&row))
		}
	})
}

// expiryFrom returns a stretch as the audit knows it.
func expiryFrom(r *stretch[expirySeen]) audit.Expiry {
	return audit.Expiry{
		At: instant(r.seen.at), Expired: r.seen.expired, First: instant(r.first), Last: instant(r.last),
	}
}

// lastExpiry returns the last expiry that GitHub showed, and since when; the zero time
// if it showed none. It hides that of an expired token.
func lastExpiry(expiries []audit.Expiry) (at, since time.Time) {
	for _, e := range expiries {
		if !e.Expired && (since.IsZero() || !e.At.Equal(at)) {
			at, since = e.At, e.First
		}
	}
	return at, since
}

// byFirst orders stretches as they were seen.
func byFirst(a, b audit.Expiry) int {
	return cmp.Or(a.First.Compare(b.First), a.Last.Compare(b.Last))
}
