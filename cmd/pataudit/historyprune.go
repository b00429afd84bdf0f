// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

func historyPrune(u *ui.UI) *cobra.Command {
	var f records.ReadFlags
	var before, keep string
	var run int64
	var yes bool
	command := &cobra.Command{
		Use:   "prune --before DAY | --keep AGE | --run N",
		Short: "Delete old runs; lists them, unless --yes deletes them",
		Long: `Prune deletes the runs that are as of a day before --before, or older than --keep: their
figures, reports and evidence. The last complete run of each organization stays, for the next audit
compares with it; so does since when an open finding stands. Without --yes it lists what would go,
and deletes nothing. Save the evidence of the period first: pataudit history evidence.

With --run it deletes one run. That of evidence from a time to come, which a clock that was wrong
left there: while that is the newest one, no other run can tell that something is over, and what it
told of days to come is taken back. And one that was changed after it was saved, which stops every
audit with the history, or is missing, of which every audit warns. Keep a copy first, for whoever
looks why. Other runs go by their age alone.`,
		Example: `  pataudit history prune --keep 400d
  pataudit history prune --before 2026-01-01 --yes
  pataudit history prune --run 12 --yes`,
		Args: ui.NoMoreThan(0),
		RunE: func(command *cobra.Command, _ []string) error {
			ctx, now := command.Context(), u.Now().UTC()
			single := command.Flags().Changed("run")
			if single && before == "" && keep == "" {
				return f.With(ctx, u, func(store *history.Store) error {
					return pruneOne(ctx, u, store, now, run, yes)
				})
			}
			limit, err := pruneLimit(before, keep, now)
			if err != nil || single {
				return ui.Usage(cmp.Or(err, errWhichRuns))
			}
			return f.With(ctx, u, func(store *history.Store) error {
				if !yes {
					return prunePreview(ctx, u, store, limit)
				}
				n, err := store.Prune(ctx, limit)
				if err != nil {
					return ui.Failed(err)
				}
				u.Notef("%s before %s deleted", ui.Plural(n, "run"), limit.Format(time.RFC3339))
				return nil
			})
		},
	}
	set := command.Flags()
	set.SortFlags = false
	f.Register(set)
	set.StringVar(&before, "before", "", "delete runs as of before this `day`: 2026-01-01, or "+
		"RFC 3339")
	set.StringVar(&keep, "keep", "", "delete runs that are older than this `age`: 400d, 60w")
	set.Int64Var(&run, "run", 0, "delete the run of this `number`: of a time to come, changed, or "+
		"missing")
	set.BoolVar(&yes, "yes", false, "delete them")
	return command
}

var errWhichRuns = errors.New("which runs? --before DAY, --keep AGE, or --run N")

// pruneLimit gives the instant before which runs go.
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
		return ui.Failed(err)
	case len(damage) > 0 && !yes:
		u.Notef("%s; it would go, and nothing was deleted: --yes deletes it",
			records.ProblemWords(damage[0]))
		return nil
	case len(damage) > 0:
		if err := store.PruneDamaged(ctx, number); err != nil {
			return ui.Failed(err)
		}
		u.Notef("run %d is gone; what it told of tokens and findings stays", number)
		return nil
	}
	run, err := store.Run(ctx, number)
	if err != nil {
		return ui.Failed(err)
	}
	if !run.AsOf.After(now) && !run.CollectedAt.After(now) {
		return ui.Failed(fmt.Errorf("run %d is of %s, no day to come: old runs go by their age",
			number, run.AsOf.Format(time.RFC3339)))
	}
	if yes {
		if err := store.PruneAhead(ctx, now, number); err != nil {
			return ui.Failed(err)
		}
		u.Notef("run %d deleted, and what it told of days to come taken back", number)
		return nil
	}
	if err := ui.WriteStdout(u.Out, func(w io.Writer) error {
		return writeRuns(w, []history.Run{*run}, asTable)
	}); err != nil {
		return ui.Printed(err)
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
		return ui.Failed(err)
	}
	runs, err := store.Runs(ctx, history.Query{To: limit})
	if err != nil {
		return ui.Failed(err)
	}
	old := len(runs)
	runs = slices.DeleteFunc(runs, func(r history.Run) bool {
		return !slices.Contains(numbers, r.Number)
	})
	if err := ui.WriteStdout(u.Out, func(w io.Writer) error {
		return writeRuns(w, runs, asTable)
	}); err != nil {
		return ui.Printed(err)
	}
	u.Notef("%d of %s before %s would go, and nothing was deleted: --yes deletes them", len(runs),
		ui.Plural(old, "run"), limit.Format(time.RFC3339))
	return nil
}
