// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/report"
)

func historyShow(ui *ui) *cobra.Command {
	var f storeFlags
	var organization string
	r := rendering{}
	command := &cobra.Command{
		Use:   "show RUN",
		Short: "Write the report of a stored run, in any format",
		Long: `Show writes the report of a run as pataudit report does, in every format and with the same
flags: nothing is asked or judged again. RUN is a number, as list tells, or latest.`,
		Example: `  pataudit history show 12
  pataudit history show latest --organization complytime -o audit.xlsx -o audit.html
  pataudit history show 12 --format json --quiet > audit.json`,
		Args: exactly("RUN"),
		RunE: func(command *cobra.Command, args []string) error {
			if organization != "" && args[0] != "latest" {
				return usagef("--organization is for latest: run %s is of one organization", args[0])
			}
			ctx := command.Context()
			return f.with(ctx, ui, func(store *history.Store) error {
				number, err := f.number(ctx, store, args[0], organization)
				if err != nil {
					return err
				}
				saved, err := savedReport(ctx, store, number)
				if err != nil {
					return failed(err)
				}
				r.path = fmt.Sprintf("run %d", number)
				r.command = fmt.Sprintf("pataudit history show %d", number)
				r.saved = saved
				return r.run(ctx, ui, command.Flags().Changed("format"))
			})
		},
	}
	flags := command.Flags()
	flags.SortFlags = false
	f.register(flags)
	flags.StringVar(&organization, "organization", "", "`login` whose latest run is meant")
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
