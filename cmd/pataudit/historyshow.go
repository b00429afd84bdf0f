// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report"
)

func historyShow(u *ui.UI) *cobra.Command {
	var f storeFlags
	var organization string
	r := rendering{}
	command := &cobra.Command{
		Use:   "show RUN",
		Short: "Write the report of a stored run, in any format",
		Long: `Show writes the report of a run as pataudit report does, in every format and with the same
flags: nothing is asked or judged again. RUN is a number, as list tells, latest, or previous, the
one before the latest. pataudit show token NAME --run RUN tells all of one token.`,
		Example: `  pataudit history show 12
  pataudit history show previous --only failing
  pataudit history show latest --organization complytime -o audit.xlsx -o audit.html
  pataudit history show 12 --format json --quiet > audit.json`,
		Args: ui.Exactly("RUN"),
		RunE: func(command *cobra.Command, args []string) error {
			if organization != "" && !isRelative(args[0]) {
				return ui.Usagef("--organization is for latest and previous: run %s is of one "+
					"organization", args[0])
			}
			if _, err := parseRun(args[0]); err != nil {
				return err // before there is a history
			}
			ctx := command.Context()
			return f.with(ctx, u, func(store *history.Store) error {
				number, err := f.number(ctx, u, store, args[0], organization)
				if err != nil {
					return err
				}
				saved, err := savedReport(ctx, store, number)
				if err != nil {
					return ui.Failed(err)
				}
				r.path = fmt.Sprintf("run %d", number)
				r.saved, r.number = saved, number
				r.again = &again{
					program: u.Program, root: command.Root(), flags: repeated(command),
					command: []string{"history", "show", strconv.FormatInt(number, 10)}, readBack: true,
				}
				r.again.without("organization", "host") // which run it is, is known now
				return r.run(ctx, u, command.Flags().Changed("format"))
			})
		},
	}
	flags := command.Flags()
	flags.SortFlags = false
	f.register(flags)
	flags.StringVar(&organization, "organization", "", "`login` whose latest or previous run is "+
		"meant")
	f.registerHost(flags)
	r.registerOutput(flags)
	r.registerView(flags)
	return command
}

// savedReport reads the report of a run.
func savedReport(
	ctx context.Context, store *history.Store, number int64,
) (*report.Saved, error) {
	text, err := store.Report(ctx, number)
	if errors.Is(err, history.ErrNotFound) {
		return nil, fmt.Errorf("%w; `pataudit history list` shows the runs", err)
	}
	if err != nil {
		return nil, err
	}
	return report.ReadJSON(bytes.NewReader(text), fmt.Sprintf("run %d", number))
}
