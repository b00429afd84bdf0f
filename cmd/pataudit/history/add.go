// SPDX-License-Identifier: Apache-2.0

package history

import (
	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/cmd/pataudit/verify"
)

func historyAdd(u *ui.UI) *cobra.Command {
	a := new(verify.Adding)
	var allowPublic bool
	command := &cobra.Command{
		Use:   "add REPORT.json SNAPSHOT...",
		Short: "Add a run that was made elsewhere, or that could not be saved",
		Long: `Add saves the run of a JSON report as audit --history would have: with its evidence, and
when that was collected: one that the history could not save when it was made, for it was locked,
full or not to be reached, or one that was made elsewhere.

The report has to be what its evidence says, as report --verify has it: the snapshot is judged
again, by the policy, decisions and baseline that the report was judged by. They are named as they
were for the audit: --policy, --set, --decisions, --baseline. A report of several organizations
takes the snapshot of each. What the history remembers of earlier runs is what the run is judged
with then, so that what is saved may tell more than the report does. A report that was made with
another history is taken at its word for what only that can tell with --last, which names the
evidence that it compares with, or none.

A run that is there already is not saved twice. Pseudonymised reports are refused, and evidence of
a day to come. Exit codes: 0 the run is in the history, 1 it is not, 2 usage.`,
		Example: `  pataudit history add audit.json evidence.json
  pataudit history add audit.json evidence.json --policy policy.yaml --decisions decisions.yaml`,
		Args: func(command *cobra.Command, args []string) error {
			if len(args) < 2 {
				return ui.Exactly("REPORT.json", "SNAPSHOT")(command, args)
			}
			return nil
		},
		RunE: func(command *cobra.Command, args []string) error {
			a.Path, a.Snapshots = args[0], args[1:]
			a.Place = ui.PlaceOf(allowPublic)
			return a.Run(command.Context(), u)
		},
	}
	set := command.Flags()
	a.Register(set)
	ui.RegisterAllowPublic(set, &allowPublic)
	return command
}
