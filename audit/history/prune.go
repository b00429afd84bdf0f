// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"
)

// Prune deletes the runs that are as of a time before an instant, in one transaction, and returns
// how many. It keeps of each organization the last complete run, and the last that did without
// less by choice, for a later audit compares with them; and the runs with which those compare that
// stay, for they are judged again with them. What is open stays known since when, whatever run
// first saw it; what closed before the instant, and tokens that had gone, are deleted as well,
// unless they are listed under a new grant. What any run saw that the tokens which are there can
// do is kept: what they gain is told by that.
func (s *Store) Prune(ctx context.Context, before time.Time) (n int, err error) {
	limit := micros(before)
	err = s.change(ctx, func(ctx context.Context, tx *sql.Tx) error {
		numbers, err := prunable(ctx, tx, limit)
		if err != nil {
			return err
		}
		for _, number := range numbers {
			if err := deleteRun(ctx, tx, number); err != nil {
				return err
			}
		}
		n = len(numbers)
		return pruneRest(ctx, tx, limit)
	})
	if err == nil {
		err = s.wipe(ctx)
	}
	return n, s.failed("pruning", err)
}

// deleteRun deletes a run and its documents, and notes that it was there.
func deleteRun(ctx context.Context, tx *sql.Tx, number int64) error {
	for _, statement := range []string{
		`INSERT INTO pataudit_pruned (number, organization, as_of, collected_at, evidence_digest)
			SELECT number, organization, as_of, collected_at, evidence_digest FROM pataudit_runs
			WHERE number = $1`,
		`DELETE FROM pataudit_runs WHERE number = $1`,
	} {
		if _, err := tx.ExecContext(ctx, statement, number); err != nil {
			return err
		}
	}
	return nil
}

// Prunable returns the numbers of the runs that [Store.Prune] would delete.
func (s *Store) Prunable(ctx context.Context, before time.Time) (numbers []int64, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		numbers, err = prunable(ctx, tx, micros(before))
		return err
	})
	return numbers, s.failed("looking for what to prune", err)
}

// prunable lists the old runs with which neither a later audit nor a run that stays compares. Of
// runs that were changed no day is believed: [Store.PruneDamaged] deletes those.
func prunable(ctx context.Context, tx *sql.Tx, limit int64) (numbers []int64, err error) {
	all, err := readRuns(ctx, tx, "ORDER BY r.number")
	if err == nil {
		err = Intact(all)
	}
	if err != nil {
		return nil, err
	}
	type kind struct {
		organization int64
		skipped      string
	}
	last := map[kind]int64{}      // the last complete run of each kind
	compares := map[int64]int64{} // with which run, each of them
	stays := map[int64]bool{}
	if err := each(ctx, tx, func(rows *sql.Rows) error {
		var number, asOf, with int64
		var k kind
		var complete bool
		var names []string
		if err := rows.Scan(&number, &k.organization, &asOf, &complete,
			asJSON[[]string]{&names}, &with); err != nil {
			return err
		}
		if complete {
			k.skipped = strings.Join(names, " ")
			last[k] = number
		}
		compares[number], stays[number] = with, asOf >= limit
		numbers = append(numbers, number)
		return nil
	}, `SELECT number, organization, as_of, complete, skipped, compares FROM pataudit_runs
		ORDER BY collected_at, number`); err != nil {
		return nil, err
	}
	for _, number := range last {
		stays[number] = true
	}
	compared := map[int64]bool{} // by a run that stays, which is judged again with it
	for number, with := range compares {
		compared[with] = compared[with] || stays[number]
	}
	return slices.DeleteFunc(numbers, func(number int64) bool {
		return stays[number] || compared[number]
	}), nil
}

// pruneRest deletes what ended before the limit, and what nothing speaks of any more.
func pruneRest(ctx context.Context, tx *sql.Tx, limit int64) error {
	for _, statement := range []string{
		`DELETE FROM pataudit_findings WHERE closed_run <> 0 AND closed_at < $1`,
		`DELETE FROM pataudit_tokens WHERE gone_run <> 0 AND gone_at < $1
			AND (organization, token_id) NOT IN (
				SELECT organization, token_id FROM pataudit_tokens
				WHERE token_id <> 0 AND (gone_run = 0 OR gone_at >= $1))`,
	} {
		if _, err := tx.ExecContext(ctx, statement, limit); err != nil {
			return err
		}
	}
	return deleteUnused(ctx, tx)
}

// deleteUnused deletes what nothing speaks of any more.
func deleteUnused(ctx context.Context, tx *sql.Tx) error {
	for _, table := range []string{"findings", "expiries", "approvals", "states"} {
		if _, err := tx.ExecContext(ctx, strings.ReplaceAll(`DELETE FROM pataudit_TABLE
			WHERE NOT EXISTS (SELECT 1 FROM pataudit_tokens t
				WHERE t.organization = pataudit_TABLE.organization AND t.id = pataudit_TABLE.token)`,
			"TABLE", table)); err != nil {
			return err
		}
	}
	for _, statement := range []string{
		`DELETE FROM pataudit_contents WHERE (organization, digest) IN (
			SELECT c.organization, c.digest FROM pataudit_contents c LEFT JOIN (
				SELECT organization, rights AS digest FROM pataudit_states
				UNION SELECT organization, reach FROM pataudit_states
			) used ON used.organization = c.organization AND used.digest = c.digest
			WHERE used.digest IS NULL)`,
		`DELETE FROM pataudit_roles WHERE NOT EXISTS (SELECT 1 FROM pataudit_tokens t
			WHERE t.organization = pataudit_roles.organization
				AND t.owner_id = pataudit_roles.person)`,
		deleteUnusedTexts,
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
