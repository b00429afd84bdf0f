// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
)

var errWhichRuns = errors.New("which runs? --before DAY, --keep AGE, or --run N")

// pruneLimit returns the instant before which runs go.
func pruneLimit(before, keep string, now time.Time) (time.Time, error) {
	if (before == "") == (keep == "") {
		return time.Time{}, errWhichRuns
	}
	if keep != "" {
		age, err := ui.ParseAge(keep)
		if err != nil {
			return time.Time{}, fmt.Errorf("--keep: %w", err)
		}
		return now.Add(-age), nil
	}
	limit, err := ui.ParseTime(before)
	if err != nil {
		return limit, fmt.Errorf("--before: %w", err)
	}
	return limit, nil
}

// pruneOne deletes a run that was changed, is missing, or is of a time to come; or lists it.
func pruneOne(
	ctx context.Context, u *ui.UI, store *history.Store, now time.Time, number int64, yes bool,
) error {
	damage, err := store.Damage(ctx, number)
	switch {
	case err != nil:
		return err
	case len(damage) > 0 && !yes:
		u.Notef("%s; it would go, and nothing was deleted: --yes deletes it",
			records.ProblemWords(damage[0]))
		return nil
	case len(damage) > 0:
		if err := store.PruneDamaged(ctx, now, number); err != nil {
			return err
		}
		u.Notef("run %d is gone; what it told of tokens and findings stays", number)
		return nil
	}
	run, err := store.Run(ctx, number)
	if err != nil {
		return err
	}
	if !run.AsOf.After(now) && !run.CollectedAt.After(now) {
		return fmt.Errorf("run %d is of %s, no day to come: old runs go by their age", number,
			run.AsOf.Format(time.RFC3339))
	}
	if yes {
		if err := store.PruneAhead(ctx, now, number); err != nil {
			return err
		}
		u.Notef("run %d deleted, and what it told of days to come taken back", number)
		return nil
	}
	if err := u.Print(func(w io.Writer) error {
		return writeRuns(w, []history.Run{*run}, records.AsTable)
	}); err != nil {
		return err
	}
	u.Notef("run %d would go, and nothing was deleted: --yes deletes it", number)
	return nil
}

// prunePreview lists the runs that would go.
func prunePreview(
	ctx context.Context, u *ui.UI, store *history.Store, limit time.Time,
) error {
	numbers, err := store.Prunable(ctx, limit)
	if err != nil {
		return err
	}
	runs, err := store.Runs(ctx, history.Query{To: limit})
	if err != nil {
		return err
	}
	old := len(runs)
	runs = slices.DeleteFunc(runs, func(r history.Run) bool {
		return !slices.Contains(numbers, r.Number)
	})
	if err := u.Print(func(w io.Writer) error {
		return writeRuns(w, runs, records.AsTable)
	}); err != nil {
		return err
	}
	u.Notef("%d of %s before %s would go, and nothing was deleted: --yes deletes them", len(runs),
		safe.Plural(old, "run"), limit.Format(time.RFC3339))
	return nil
}
