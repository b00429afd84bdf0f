// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"errors"
)

// insertStates inserts what known tokens could do in a run of older evidence between the states
// before and after it. A state that it interrupts begins again at the next run. This run writes
// both rows, since the runs that were judged before it knew neither.
func (l *lifecycle) insertStates(
	ctx context.Context, known map[int64]*tokenRow, part *part,
) error {
	before, err := statesUntil(ctx, l.tx, l.organization, l.seen.asOf, part)
	if err != nil {
		return err
	}
	next, asOf, changes, err := l.nextRun(ctx, part)
	if err != nil {
		return err
	}
	for i := range part.tokens {
		seen := &part.tokens[i]
		id := seen.token.ID
		was, now := before[id], stateRow{id, l.run, l.seen.asOf, text(seen.rights), text(seen.reach)}
		then := was.then(now)
		if known[id] == nil || then.rights == was.rights && then.reach == was.reach {
			continue
		}
		l.states = append(l.states, now)
		if next != 0 && !changes[id] && (was.rights != "" || was.reach != "") {
			l.states = append(l.states, stateRow{id, l.run, asOf, was.rights, was.reach})
		}
	}
	return nil
}

// statesUntil loads what was known by an instant that each token of a part can do.
func statesUntil(
	ctx context.Context, tx *sql.Tx, organization, until int64, part *part,
) (map[int64]stateRow, error) {
	known, same := map[int64]stateRow{}, texts{}
	err := each(ctx, tx, func(rows *sql.Rows) error {
		var next stateRow
		err := rows.Scan(&next.token, same.column(&next.rights), same.column(&next.reach))
		known[next.token] = known[next.token].then(next)
		return err
	}, `SELECT token, rights, reach FROM pataudit_states WHERE organization = $1 AND as_of <= $2
		AND token > $3 AND token <= $4 ORDER BY as_of, run`,
		organization, until, part.after, part.upTo)
	return known, err
}

// then returns what is known after another state: what that did not learn is as it was.
func (s stateRow) then(next stateRow) stateRow {
	if next.rights == "" {
		next.rights = s.rights
	}
	if next.reach == "" {
		next.reach = s.reach
	}
	return next
}

// nextRun finds the run of the next later evidence, and which tokens of a part have a state of
// that time; 0 if there is none any more.
func (l *lifecycle) nextRun(
	ctx context.Context, part *part,
) (number, asOf int64, changes map[int64]bool, err error) {
	err = l.tx.QueryRowContext(ctx, `
		SELECT number, collected_at FROM pataudit_runs
		WHERE organization = $1 AND collected_at > $2 ORDER BY collected_at, number LIMIT 1`,
		l.organization, l.seen.asOf).Scan(&number, &asOf)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, nil, nil
	}
	if err != nil {
		return 0, 0, nil, err
	}
	changes = map[int64]bool{}
	err = each(ctx, l.tx, func(rows *sql.Rows) error {
		var token int64
		err := rows.Scan(&token)
		changes[token] = true
		return err
	}, `SELECT token FROM pataudit_states WHERE organization = $1 AND as_of = $2
		AND token > $3 AND token <= $4`, l.organization, asOf, part.after, part.upTo)
	return number, asOf, changes, err
}
