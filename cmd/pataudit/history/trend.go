// SPDX-License-Identifier: Apache-2.0

package history

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

func historyTrend(u *ui.UI) *cobra.Command {
	var f records.ReadFlags
	var period records.PeriodFlags
	var format string
	command := &cobra.Command{
		Use:   "trend ORG",
		Short: "Tokens that need action, by severity, over time",
		Long: `Trend shows each run of an organization on a line: how many tokens there are, how many of
them have a worst finding of each severity, how many are expired grants that are listed still, how
many findings are overdue, and, with a bar, how many tokens violate the policy. Marks say where a
run is not like the one before it. Expired grants are counted by severity, too: as low, unless the
policy says otherwise. The table is for 80 columns; json and csv have all figures.`,
		Example: `  pataudit history trend complytime
  pataudit history trend complytime --from 2026-01-01 --to 2027-01-01 --format csv`,
		Args: ui.Exactly("ORG"),
		RunE: func(command *cobra.Command, args []string) error {
			from, to, err := period.Period()
			if err != nil {
				return ui.Usage(err)
			}
			return f.With(command.Context(), u, func(store *history.Store) error {
				runs, err := f.Runs(command.Context(), store, history.Query{
					Organization: args[0], From: from, To: to,
				})
				if err != nil {
					return err
				}
				return u.Print(func(w io.Writer) error {
					return writeTrend(w, runs, format)
				})
			})
		},
	}
	set := command.Flags()
	f.Register(set)
	f.RegisterHost(set)
	period.Register(set)
	records.RegisterFormat(set, &format)
	return command
}
