// SPDX-License-Identifier: Apache-2.0

package project

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// initCommand returns the command that writes a project's first files.
func initCommand(u *ui.UI) *cobra.Command {
	a := new(answers)
	command := &cobra.Command{
		Use:   "init [ORG]",
		Short: "Write a project file and a policy to start with",
		Long: `Init writes pataudit.yaml, policy.yaml and decisions.yaml into the working folder. On a
terminal it asks for what no flag says; elsewhere the defaults hold, and ORG has to be named. No
file is replaced: all are written, or none.`,
		Example: `  pataudit init
  pataudit init complytime --max-days 90 --fail-on high`,
		Args: ui.NoMoreThan(1),
		RunE: func(command *cobra.Command, args []string) error {
			if len(args) > 0 {
				a.organization = args[0]
			}
			if ui.IsTerminal(u.In) {
				if err := a.ask(u, command.Flags().Changed); err != nil {
					return ui.Usage(err)
				}
			}
			if err := a.check(); err != nil {
				return ui.Usage(err)
			}
			return a.write(command.Context(), u)
		},
	}
	set := command.Flags()
	set.IntVar(&a.maxDays, "max-days", 90, "longest life of a token, in `days`")
	set.StringVar(&a.failOn, "fail-on", audit.Medium.String(), "mildest `severity` that is a "+
		"violation: "+strings.Join(audit.SeverityNames(), ", "))
	ui.Offer(set, "fail-on", audit.SeverityNames())
	set.StringVar(&a.history, "history", "pataudit.db", "`file` that remembers runs")
	set.StringArrayVarP(&a.outputs, "output", "o", []string{"audit.json", "audit.xlsx"},
		"report that each audit writes: `[format=]path`; repeatable")
	return command
}
