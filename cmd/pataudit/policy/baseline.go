// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// Baseline returns the group of commands on accepted debt.
func Baseline(u *ui.UI) *cobra.Command {
	command := &cobra.Command{
		Use:   "baseline",
		Short: "Accept today's findings as debt, with a date",
		Long: `A baseline is the list of findings that were there when an organization began to audit.
With audit --baseline they are reported but do not fail the run; what is new or worse does, and
so does a token that reaches other repositories than it did.`,
		Example: `  pataudit baseline create -o baseline.yaml --from evidence.json --until 2027-06-30
  pataudit audit complytime --baseline baseline.yaml
  pataudit baseline prune baseline.yaml --from evidence.json`,
	}
	command.AddCommand(baselineCreate(u), baselinePrune(u))
	return command
}
