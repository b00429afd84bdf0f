// SPDX-License-Identifier: Apache-2.0

package history

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/render"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

func historyShow(u *ui.UI) *cobra.Command {
	var f records.ReadFlags
	var organization, file string
	r, rendering := render.Rendering{}, flags.Group()
	command := &cobra.Command{
		Use:   "show RUN",
		Short: "Write the report of a stored run, in any format",
		Long: `Show writes the report of a run as pataudit report does, in every format and with the same
flags: nothing is asked or judged again. RUN is a number, as list tells, latest, or previous, the
one before the latest. pataudit show token ID --run RUN tells all of one token.

--file prints, in place of the report, the policy, the decisions, the baseline or the registry that
the run was judged by, as the history keeps them: what was read of the file, without its comments.
They can be used as files.`,
		Example: `  pataudit history show 12
  pataudit history show previous --only failing
  pataudit history show latest --organization complytime -o audit.xlsx -o audit.html
  pataudit history show 12 --format json --quiet > audit.json
  pataudit history show previous --file baseline > baseline.yaml`,
		Args: ui.Exactly("RUN"),
		RunE: func(command *cobra.Command, args []string) error {
			if err := checkFile(file, r.AllowPublic, rendering); err != nil {
				return ui.Usage(err)
			}
			ctx := command.Context()
			return f.WithRun(ctx, u, args[0], organization,
				func(store *history.Store, number int64) error {
					if file != "" {
						return printFile(ctx, u, store, number, file)
					}
					return showReport(u, command, &r, store, number)
				})
		},
	}
	set := command.Flags()
	f.Register(set)
	set.StringVar(&organization, "organization", "", "`login` whose latest or previous run is "+
		"meant")
	f.RegisterHost(set)
	ui.Choice(set, &file, "file", "", files(), "print what the run was judged by: `policy`, "+
		"decisions, baseline or registry")
	r.RegisterOutput(rendering)
	r.RegisterView(rendering)
	set.AddFlagSet(rendering)
	return command
}

// showReport writes the report of a run.
func showReport(
	u *ui.UI, command *cobra.Command, r *render.Rendering, store *history.Store, number int64,
) error {
	ctx := command.Context()
	saved, err := records.Report(ctx, store, number)
	if err != nil {
		return err
	}
	r.Path = fmt.Sprintf("run %d", number)
	r.Saved, r.Number = saved, number
	r.Invocation = flags.Invoked(u, command)
	r.Invocation.Command = []string{"history", "show", strconv.FormatInt(number, 10)}
	r.Invocation.ReadBack, r.Invocation.Run = true, number
	r.Invocation.Without("organization", "host") // which run it is, is known now
	return r.Run(ctx, u, command.Flags().Changed("format"))
}
