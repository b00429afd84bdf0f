// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"math"
	"slices"

	"github.com/complytime/pataudit/audit"
)

// stretch is some runs on end that saw the same of a token or a person. If a later run saw
// something else, that began after the last of them.
type stretch[V comparable] struct {
	of, run int64 // whom it is about; the run that wrote it
	seen    V
	first   int64
	last    int64 // lasting, as long as every complete run sees it
}

// lasting is the end of a stretch that has none yet.
const lasting = math.MaxInt64

// stretchTable is where stretches of one kind are.
type stretchTable[V comparable] struct {
	name, of string
	columns  []string
	fields   func(*V) []any // that are scanned, and written
}

// each reads the stretches that a condition chooses, those of each token or person in order.
func (t *stretchTable[V]) each(
	ctx context.Context, q querier, do func(stretch[V]), condition string, args ...any,
) error {
	columns := ""
	for _, column := range t.columns {
		columns += ", e." + column
	}
	return each(ctx, q, func(rows *sql.Rows) error {
		var row stretch[V]
		fields := append([]any{&row.of, &row.run}, t.fields(&row.seen)...)
		err := rows.Scan(append(fields, &row.first, &row.last)...)
		do(row)
		return err
	}, "SELECT e."+t.of+", e.run"+columns+", e.first_seen, e.last_seen FROM "+t.name+" e "+
		condition+" ORDER BY e."+t.of+", e.first_seen, e.run", args...)
}

// into is where they are written.
func (t *stretchTable[V]) into() *target {
	return &target{
		table: t.name,
		columns: slices.Concat([]string{"organization", t.of, "run"}, t.columns,
			[]string{"first_seen", "last_seen"}),
		conflict: "ON CONFLICT (organization, " + t.of + ", run) DO UPDATE SET " +
			"first_seen = excluded.first_seen, last_seen = excluded.last_seen",
	}
}

// recall reads the stretches that began before an instant, as they were seen until then: one that
// a later run saw, too, ends with the last complete run before the instant.
func (t *stretchTable[V]) recall(
	ctx context.Context, q querier, identity text, before int64, do func(stretch[V]),
) error {
	var complete int64
	if err := q.QueryRowContext(ctx, `SELECT COALESCE(MAX(r.collected_at), $3) FROM pataudit_runs r
		JOIN pataudit_organizations o ON o.number = r.organization
		WHERE o.identity = $1 AND r.complete AND r.collected_at < $2`,
		identity, before, never).Scan(&complete); err != nil {
		return err
	}
	return t.each(ctx, q, func(row stretch[V]) {
		if row.last >= before {
			row.last = max(row.first, complete)
		}
		do(row)
	}, `JOIN pataudit_organizations o ON o.number = e.organization
		WHERE o.identity = $1 AND e.first_seen < $2`, identity, before)
}

// stretches are those of an organization, while a run is saved.
type stretches[V comparable] struct {
	table   *stretchTable[V]
	rows    map[int64][]stretch[V] // in the order of their runs
	before  int64                  // when the last complete run before this one was; or never
	changed []stretch[V]           // to be written
}

// load loads what is known, of a part of the tokens; nil: of all. The newest run can only go on
// from the last stretch.
func (t *stretchTable[V]) load(
	ctx context.Context, l *lifecycle, part *part,
) (*stretches[V], error) {
	s := &stretches[V]{table: t, rows: map[int64][]stretch[V]{}}
	if err := l.tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(collected_at), $3)
		FROM pataudit_runs WHERE organization = $1 AND complete AND collected_at < $2`,
		l.organization, l.seen.asOf, never).Scan(&s.before); err != nil {
		return nil, err
	}
	condition, args := `WHERE e.organization = $1`, []any{l.organization}
	if l.newest {
		condition += ` AND e.last_seen = 9223372036854775807`
	}
	if part != nil {
		condition += " AND e." + t.of + " > $2 AND e." + t.of + " <= $3"
		args = append(args, part.after, part.upTo)
	}
	return s, t.each(ctx, l.tx, func(row stretch[V]) {
		s.rows[row.of] = append(s.rows[row.of], row)
	}, condition, args...)
}

// sight notes what a run sees, once of each.
func (s *stretches[V]) sight(of int64, seen V, l *lifecycle) {
	asOf := l.seen.asOf
	now := stretch[V]{of: of, run: l.run, seen: seen, first: asOf, last: asOf}
	rows := s.rows[of]
	next := slices.IndexFunc(rows, func(r stretch[V]) bool { return r.first > asOf })
	if next < 0 {
		next = len(rows)
	}
	if next > 0 {
		if at := &rows[next-1]; at.seen == seen && asOf <= at.last {
			return
		}
		s.end(of, asOf)
	}
	switch {
	case l.newest:
		now.last = lasting
	case next < len(rows) && rows[next].seen == seen: // it was so earlier than we knew
		now = rows[next]
		now.first = asOf
	}
	s.changed = append(s.changed, now)
}

// end notes that at an instant something else was seen, or nothing: the last run that certainly
// saw what was seen until then is the last complete one before.
func (s *stretches[V]) end(of, asOf int64) {
	rows := s.rows[of]
	for i := range rows {
		if row := &rows[i]; row.first < asOf && asOf <= row.last {
			row.last = max(row.first, s.before)
			s.changed = append(s.changed, *row)
		}
	}
}

// write writes what changed.
func (s *stretches[V]) write(ctx context.Context, l *lifecycle) error {
	return putDigested(ctx, l, s.table.into(), s.changed, func(r *stretch[V]) []any {
		fields := append([]any{l.organization, r.of, r.run}, s.table.fields(&r.seen)...)
		return append(fields, r.first, r.last)
	})
}

// load loads what is known of a part of the tokens in stretches.
func (l *lifecycle) load(ctx context.Context, part *part) (err error) {
	if l.expiries, err = expiryTable.load(ctx, l, part); err != nil {
		return err
	}
	l.approvals, err = approvalTable.load(ctx, l, part)
	return err
}

// sight notes when a listed token expires, who approved it, and what its owner is, each person
// once.
func (l *lifecycle) sight(t *audit.Token, people map[int64]bool) {
	if seen, known := expiryOf(t); known {
		l.expiries.sight(t.ID, seen, l)
	}
	if seen, known := approvalOf(t); known {
		l.approvals.sight(t.ID, seen, l)
	}
	if person, role, known := roleOf(t); known && !people[person] {
		people[person] = true
		l.roles.sight(person, role, l)
	}
}
