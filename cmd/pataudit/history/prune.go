// SPDX-License-Identifier: Apache-2.0

package history

import (
	"cmp"
	"time"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
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
					return err
				}
				u.Notef("%s before %s deleted", safe.Plural(n, "run"), limit.Format(time.RFC3339))
				return nil
			})
		},
	}
	set := command.Flags()
	f.Register(set)
	set.StringVar(&before, "before", "", "delete runs as of before this `day`: 2026-01-01, or "+
		"RFC 3339")
	set.StringVar(&keep, "keep", "", "delete runs that are older than this `age`: 400d, 60w")
	set.Int64Var(&run, "run", 0, "delete the run of this `number`: of a time to come, changed, or "+
		"missing")
	set.BoolVar(&yes, "yes", false, "delete them")
	return command
}
