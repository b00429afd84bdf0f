// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Damage lists what of a run is not as it was saved, its documents and what it was judged by
// included, or that the run is missing. It is nil if all is well, or if there never was such a
// run.
func (s *Store) Damage(ctx context.Context, number int64) (all []Problem, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		all, err = damage(ctx, tx, number)
		return err
	})
	return all, s.failed(fmt.Sprintf("checking run %d", number), err)
}

func damage(ctx context.Context, q querier, number int64) ([]Problem, error) {
	all, err := checkRun(ctx, q, number)
	if err != nil || len(all) > 0 {
		return all, err
	}
	gaps, err := missing(ctx, q)
	for _, gap := range gaps {
		switch {
		case !gap.Missing() && gap.Run == number:
			all = append(all, gap)
		case gap.Missing() && gap.Run <= number && number <= max(gap.Run, gap.Last):
			all = append(all, Problem{Run: number})
		}
	}
	return all, err
}

// PruneDamaged deletes a run that is not as it was saved, or notes that one which is missing is
// gone: no audit uses a history as long as a run is changed, and [Store.Check] names each that is
// missing. What the run told of tokens and findings stays, and evidence from before now ends
// nothing any more. A run that is whole is refused.
func (s *Store) PruneDamaged(ctx context.Context, now time.Time, number int64) error {
	err := s.write(ctx, s.engine.alone, func(ctx context.Context, tx *sql.Tx) error {
		problems, err := damage(ctx, tx, number)
		if err != nil {
			return err
		}
		if len(problems) == 0 {
			return fmt.Errorf("run %d is as it was saved", number)
		}
		for _, statement := range []string{
			`DELETE FROM pataudit_runs WHERE number = $1`,
			`UPDATE pataudit_schema SET last_run = $1 WHERE last_run < $1`,
		} {
			if _, err := tx.ExecContext(ctx, statement, number); err != nil {
				return err
			}
		}
		// Of what it said nothing is to be believed: it may be of any organization, and until now.
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO pataudit_pruned (number, organization, as_of, collected_at, evidence_digest)
			VALUES ($1, 0, 0, $2, '') ON CONFLICT (number) DO UPDATE SET
				organization = excluded.organization, collected_at = excluded.collected_at`,
			number, micros(now)); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, deleteUnusedTexts)
		return err
	})
	if err == nil {
		err = s.wipe(ctx)
	}
	return s.failed(fmt.Sprintf("pruning run %d", number), err)
}
