// SPDX-License-Identifier: Apache-2.0

package history

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
)

// expiryRow is a stretch of runs that saw a grant with the same expiry. If a later run saw another
// one, the token got that after the last of them.
type expiryRow struct {
	token, run int64 // the run that wrote it
	at         int64 // never: it does not expire, or has expired
	expired    bool
	first      int64
	last       int64 // lasting, as long as every complete run sees it
}

// lasting is the end of a stretch that has none yet.
const lasting = math.MaxInt64

// shows reports whether a stretch has the expiry of another one.
func (r *expiryRow) shows(other *expiryRow) bool {
	return r.at == other.at && r.expired == other.expired
}

// expiries keeps when the organization's grants expire.
type expiries struct {
	rows    map[int64][]expiryRow // by grant, in the order of their runs
	before  int64                 // when the last complete run before this one was; never without one
	changed []expiryRow           // to be written
}

// knownExpiries loads what is known. The newest run can only go on from the last stretch.
func (l *lifecycle) knownExpiries(ctx context.Context) (*expiries, error) {
	e := &expiries{rows: map[int64][]expiryRow{}}
	var err error
	if e.before, err = lastComplete(ctx, l.tx, l.organization, l.seen.asOf); err != nil {
		return nil, err
	}
	condition := `WHERE e.organization = $1`
	if l.newest {
		condition += ` AND e.last_seen = 9223372036854775807`
	}
	return e, eachExpiry(ctx, l.tx, func(row expiryRow) {
		e.rows[row.token] = append(e.rows[row.token], row)
	}, condition, l.organization)
}

// lastComplete returns when the last complete run before an instant was.
func lastComplete(
	ctx context.Context, q querier, organization, before int64,
) (at int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT COALESCE(MAX(collected_at), $3) FROM pataudit_runs
		WHERE organization = $1 AND complete AND collected_at < $2`,
		organization, before, never).Scan(&at)
	return at, err
}

// eachExpiry reads the stretches that a condition chooses, those of each grant in order.
func eachExpiry(
	ctx context.Context, q querier, do func(expiryRow), condition string, args ...any,
) error {
	return each(ctx, q, func(rows *sql.Rows) error {
		var row expiryRow
		err := rows.Scan(&row.token, &row.run, &row.at, &row.expired, &row.first, &row.last)
		do(row)
		return err
	}, `SELECT e.token, e.run, e.expires_at, e.expired, e.first_seen, e.last_seen
		FROM pataudit_expiries e `+condition+` ORDER BY e.token, e.first_seen, e.run`, args...)
}

// sight notes when a listed token expires.
func (e *expiries) sight(t *audit.Token, run, asOf int64, newest bool) {
	if !t.Known.Has(audit.FactExpiry) {
		return
	}
	now := expiryRow{
		token: t.ID, run: run, at: never, expired: t.Expired, first: asOf, last: asOf,
	}
	if !t.Expired {
		now.at = micros(t.ExpiresAt)
	}
	rows := e.rows[t.ID]
	next := slices.IndexFunc(rows, func(r expiryRow) bool { return r.first > asOf })
	if next < 0 {
		next = len(rows)
	}
	if next > 0 {
		if at := &rows[next-1]; at.shows(&now) && asOf <= at.last {
			return
		}
		e.end(t.ID, asOf)
	}
	switch {
	case newest:
		now.last = lasting
	case next < len(rows) && rows[next].shows(&now): // it had this one earlier than we knew
		now = rows[next]
		now.first = asOf
	}
	e.changed = append(e.changed, now)
}

// end notes that at an instant a grant was not seen with the expiry that it had until then: the
// last run that certainly saw it is the last complete one before.
func (e *expiries) end(grant, asOf int64) {
	rows := e.rows[grant]
	for i := range rows {
		if row := &rows[i]; row.first < asOf && asOf <= row.last {
			row.last = max(row.first, e.before)
			e.changed = append(e.changed, *row)
		}
	}
}

// recallExpiries recalls what was seen then.
func recallExpiries(
	ctx context.Context, tx *sql.Tx, grants map[int64]*audit.Past, identity text, before int64,
) error {
	var complete int64
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(r.collected_at), $3) FROM pataudit_runs r
		JOIN pataudit_organizations o ON o.number = r.organization
		WHERE o.identity = $1 AND r.complete AND r.collected_at < $2`,
		identity, before, never).Scan(&complete); err != nil {
		return err
	}
	return eachExpiry(ctx, tx, func(row expiryRow) {
		if past := grants[row.token]; past != nil {
			last := row.last
			if last >= before { // of which a later run tells
				last = max(row.first, complete)
			}
			past.Expiries = append(past.Expiries, row.expiry(last))
		}
	}, `JOIN pataudit_organizations o ON o.number = e.organization
		WHERE o.identity = $1 AND e.first_seen < $2`, identity, before)
}

// expiry returns the stretch as it was seen until an instant.
func (r *expiryRow) expiry(last int64) audit.Expiry {
	return audit.Expiry{
		At: instant(r.at), Expired: r.expired, First: instant(r.first), Last: instant(last),
	}
}

// toldExpiry returns the last expiry that GitHub told, and since when it tells that; the zero time
// if it told none. It forgets that of an expired token.
func toldExpiry(expiries []audit.Expiry) (at, since time.Time) {
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
