// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// PruneAhead deletes a run of evidence from a time to come, with its effects: what it opened goes,
// and what it closed is open again. A clock that was wrong can leave such a run, and then no other
// run is the newest, so that nothing ends. Other runs are refused: [Store.Prune] deletes those.
func (s *Store) PruneAhead(ctx context.Context, now time.Time, number int64) error {
	err := s.change(ctx, func(ctx context.Context, tx *sql.Tx) error {
		organization, err := prunableAhead(ctx, tx, micros(now), number)
		if err != nil {
			return err
		}
		if err := deleteRun(ctx, tx, number); err != nil {
			return err
		}
		if err := takeBack(ctx, tx, organization, number, micros(now)); err != nil {
			return err
		}
		return undoAfter(ctx, tx, s.engine.parameters, organization, micros(now))
	})
	if err == nil {
		err = s.wipe(ctx)
	}
	return s.failed(fmt.Sprintf("pruning run %d", number), err)
}

// prunableAhead returns the organization of a run from a time to come that can go. What it told is
// taken back by what the organization's other runs say: none of them may have been changed.
func prunableAhead(
	ctx context.Context, tx *sql.Tx, now, number int64,
) (organization int64, err error) {
	runs, err := readRuns(ctx, tx, `WHERE r.organization =
		(SELECT organization FROM pataudit_runs WHERE number = $1) ORDER BY r.number`, number)
	if err := errors.Join(err, Intact(runs)); err != nil {
		return 0, err
	}
	var at, compares int64
	err = tx.QueryRowContext(ctx, `
		SELECT organization, CASE WHEN collected_at > as_of THEN collected_at ELSE as_of END,
			(SELECT COALESCE(MIN(number), 0) FROM pataudit_runs WHERE compares = $1)
		FROM pataudit_runs WHERE number = $1`, number).Scan(&organization, &at, &compares)
	switch {
	case err != nil:
		return 0, found(err)
	case at <= now:
		return 0, fmt.Errorf("it is of %s, no day to come: old runs go by their age",
			instant(at).Format(time.RFC3339))
	case compares != 0:
		return 0, fmt.Errorf("run %d compares with it: that one goes first", compares)
	}
	return organization, nil
}

// takeBack deletes what a run that is gone opened by questions that no other run asked by now:
// they are new again, and inherit again. If a run was pruned since, it may have asked them, and
// found the same.
func takeBack(ctx context.Context, tx *sql.Tx, organization, run, now int64) error {
	var pruned bool
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM pataudit_pruned
		WHERE (organization = $1 OR organization = 0) AND number > $2 AND collected_at <= $3)`,
		organization, run, now).Scan(&pruned); err != nil || pruned {
		return err
	}
	asked := map[question]bool{}
	if err := each(ctx, tx, func(rows *sql.Rows) error {
		var rules map[string]string
		err := rows.Scan(asJSON[map[string]string]{&rules})
		for rule, digest := range rules {
			asked[question{rule, digest}] = true
		}
		return err
	}, `SELECT DISTINCT asked FROM pataudit_runs WHERE organization = $1 AND collected_at <= $2`,
		organization, now); err != nil {
		return err
	}
	var alone []question
	if err := each(ctx, tx, func(rows *sql.Rows) error {
		var q question
		err := rows.Scan((*text)(&q.rule), (*text)(&q.asked))
		if !asked[q] {
			alone = append(alone, q)
		}
		return err
	}, `SELECT DISTINCT rule, asked FROM pataudit_findings
		WHERE organization = $1 AND first_run = $2`, organization, run); err != nil {
		return err
	}
	for _, q := range alone {
		if _, err := tx.ExecContext(ctx, `DELETE FROM pataudit_findings
			WHERE organization = $1 AND first_run = $2 AND rule = $3 AND asked = $4`,
			organization, run, text(q.rule), text(q.asked)); err != nil {
			return err
		}
	}
	return nil
}

// undoAfter takes back what runs told that are of no time which is left: later than now, and than
// the newest run.
func undoAfter(
	ctx context.Context, tx *sql.Tx, parameters int, organization, now int64,
) error {
	newest, _, _, err := newestOf(ctx, tx, organization, now)
	if err != nil {
		return err
	}
	newest = max(newest, now)
	for _, statement := range []string{
		`DELETE FROM pataudit_findings WHERE organization = $1 AND first_seen > $2`,
		// What was closed then never was: what was found since is the same, and may be older.
		`UPDATE pataudit_findings SET first_seen = (SELECT MIN(f.first_seen)
				FROM pataudit_findings f WHERE f.organization = pataudit_findings.organization
				AND f.token = pataudit_findings.token AND f.rule = pataudit_findings.rule
				AND f.asked = pataudit_findings.asked
				AND f.first_run >= pataudit_findings.first_run)
			WHERE organization = $1 AND closed_run <> 0 AND closed_at > $2`,
		`DELETE FROM pataudit_findings WHERE organization = $1 AND EXISTS (
			SELECT 1 FROM pataudit_findings f WHERE f.organization = pataudit_findings.organization
				AND f.token = pataudit_findings.token AND f.rule = pataudit_findings.rule
				AND f.asked = pataudit_findings.asked
				AND f.first_run < pataudit_findings.first_run
				AND f.closed_run <> 0 AND f.closed_at > $2)`,
		`UPDATE pataudit_findings SET closed_run = 0, closed_at = 0
			WHERE organization = $1 AND closed_run <> 0 AND closed_at > $2`,
		`DELETE FROM pataudit_tokens WHERE organization = $1 AND first_seen > $2`,
		`UPDATE pataudit_tokens SET gone_run = 0, gone_at = 0
			WHERE organization = $1 AND gone_run <> 0 AND gone_at > $2`,
		`DELETE FROM pataudit_states WHERE organization = $1 AND as_of > $2`,
		`DELETE FROM pataudit_expiries WHERE organization = $1 AND first_seen > $2`,
		`DELETE FROM pataudit_approvals WHERE organization = $1 AND first_seen > $2`,
		`DELETE FROM pataudit_roles WHERE organization = $1 AND first_seen > $2`,
	} {
		if _, err := tx.ExecContext(ctx, statement, organization, newest); err != nil {
			return err
		}
	}
	return errors.Join(
		lastStates(ctx, tx, parameters, organization), lastLogin(ctx, tx, organization),
		deleteUnused(ctx, tx))
}

// lastStates makes what is known of the tokens now what their last states say.
func lastStates(ctx context.Context, tx *sql.Tx, parameters int, organization int64) error {
	last, err := statesUntil(ctx, tx, organization, lasting, allTokens())
	if err != nil {
		return err
	}
	l := &lifecycle{tx: tx, parameters: parameters, organization: organization}
	known, err := l.knownTokens(ctx, allTokens())
	if err != nil {
		return err
	}
	for id, row := range known {
		state, told := last[id]
		if told && (row.rights != state.rights || row.reach != state.reach) {
			row.rights, row.reach = state.rights, state.reach
			l.tokens = append(l.tokens, *row)
		}
	}
	return l.writeTokens(ctx)
}

// lastLogin calls an organization as its newest complete run does, or its newest one.
func lastLogin(ctx context.Context, tx *sql.Tx, organization int64) error {
	var login, folded text
	err := tx.QueryRowContext(ctx, `SELECT login, folded FROM pataudit_runs
		WHERE organization = $1 ORDER BY complete DESC, collected_at DESC, number DESC LIMIT 1`,
		organization).Scan(&login, &folded)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // it has no other name
	}
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE pataudit_organizations SET login = $2, folded = $3
		WHERE number = $1`, organization, login, folded)
	return err
}
