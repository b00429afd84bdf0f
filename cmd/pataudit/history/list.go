// SPDX-License-Identifier: Apache-2.0

package history

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// mostListed is how many runs are listed unless --limit says otherwise.
const mostListed = 50

func historyList(u *ui.UI) *cobra.Command {
	var f records.ReadFlags
	var format string
	var limit int
	command := &cobra.Command{
		Use:   "list [ORG]",
		Short: "List the stored runs, newest last",
		Long: `List shows each run with its verdict and its figures. Nobody is named: it may be shown
anywhere. Violating counts tokens, overdue counts findings, as the run's report does. The table is
for 80 columns; json and csv have the policy, the batch and all figures as well. A run that is no
longer as it was saved has no verdict and no figures here: its verdict is "changed", and the exit
code 1.`,
		Example: `  pataudit history list
  pataudit history list complytime --limit 5
  pataudit history list --format json`,
		Args: ui.NoMoreThan(1),
		RunE: func(command *cobra.Command, args []string) error {
			if limit < 0 {
				return ui.Usagef("--limit %d is below zero; 0 is all", limit)
			}
			query := history.Query{Limit: limit}
			if len(args) > 0 {
				query.Organization = args[0]
			}
			return f.With(command.Context(), u, func(store *history.Store) error {
				runs, err := store.Runs(command.Context(), query)
				if err != nil {
					return err
				}
				if err := records.WarnMissing(command.Context(), u, store); err != nil {
					return err
				}
				if len(runs) == 0 && len(args) > 0 {
					u.Warnf("the history has no run of %s", query.Organization)
				}
				if len(runs) == limit && limit > 0 {
					u.Notef("the newest %d are shown; --limit 0 shows all", limit)
				}
				if err := u.Print(func(w io.Writer) error {
					return writeRuns(w, runs, format)
				}); err != nil {
					return err
				}
				return history.Intact(runs)
			})
		},
	}
	set := command.Flags()
	f.Register(set)
	set.IntVar(&limit, "limit", mostListed, "show the newest `n` only; 0 shows all")
	records.RegisterFormat(set, &format)
	return command
}
