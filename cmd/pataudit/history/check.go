// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"errors"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

func historyCheck(u *ui.UI) *cobra.Command {
	var f records.ReadFlags
	var maxAge string
	var again bool
	command := &cobra.Command{
		Use:   "check [ORG...]",
		Short: "A dead man's switch: exit 4 if the last complete run is too old, 1 if one was changed",
		Long: `Check reads everything that the history keeps of each run, and what it remembers of tokens
and findings beside the runs, and tells what is no longer as it was saved, and which runs are
missing: they were saved, and not pruned. A run that was changed can be taken out: history prune
--run. Where it is what is remembered beside the runs, the way out is a copy of the history from
before. With --judge-again it judges the evidence of each run again, too, and compares, as report
--verify does; it names those that cannot be, for a person or the run with which they compare was
taken out. Whoever can write the history can write all its digests as well: that it agrees with
itself does not say who wrote it; only a report that was signed or kept elsewhere does.

Then it looks for the last complete run of each organization that is named, or of each in
the history, and tells which are older than --max-age. Nothing else tells when a scheduled audit no
longer runs. Violations do not matter to it; a run that was incomplete does not count, and what
counts is when the evidence was collected, not when it was judged. A run from the future says
nothing of today: a clock is wrong, here or where it was made.

Name the organizations that must be audited: of one that was never audited, the history does not
know. Exit codes: 0 all are young enough, 4 one is older, was never seen whole, or is from the
future, or there is no history at all, 1 the history could not be read, or a run was changed or is
missing, 2 usage.`,
		Example: `  pataudit history check --max-age 8d
  pataudit history check --max-age 36h complytime acme
  pataudit history check --judge-again --max-age 8d`,
		RunE: func(command *cobra.Command, args []string) error {
			age, err := ui.ParseAge(maxAge)
			if err != nil {
				return ui.Usagef("--max-age: %w", err)
			}
			s := &soundCheck{
				age: age, now: u.Now().UTC(), quietly: maxAge, version: u.Tool.Version,
				public: u.Public,
			}
			return s.run(command.Context(), u, &f, args, again)
		},
	}
	set := command.Flags()
	f.Register(set)
	f.RegisterHost(set)
	set.StringVar(&maxAge, "max-age", "8d",
		"`age` that the last complete run may have: 8d, 36h, 2w")
	set.BoolVar(&again, "judge-again", false, "judge the evidence of each run again, too, and "+
		"compare it with its report")
	return command
}

// run checks the history, looks for the last complete run of each organization, and prints what it
// found.
func (s *soundCheck) run(
	ctx context.Context, u *ui.UI, f *records.ReadFlags, organizations []string, again bool,
) error {
	err := f.With(ctx, u, func(store *history.Store) error {
		runs, err := store.Runs(ctx, history.Query{Host: f.Host})
		if err != nil {
			return err
		}
		if err := s.checkSound(ctx, store, runs, again); err != nil {
			return err
		}
		s.findLast(runs, organizations)
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		u.Errorf("%v", err)
		return ui.Exit(ui.ExitIncomplete)
	}
	if err != nil {
		return err
	}
	return s.write(u)
}
