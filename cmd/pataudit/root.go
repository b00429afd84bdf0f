// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/cmd/pataudit/app"
	"github.com/complytime/pataudit/cmd/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/history"
	"github.com/complytime/pataudit/cmd/pataudit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/project"
	"github.com/complytime/pataudit/cmd/pataudit/report"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// rootCommand returns the command that holds all others.
func rootCommand(u *ui.UI) *cobra.Command {
	root := &cobra.Command{
		Use:   "pataudit",
		Short: "Audit the fine-grained personal access tokens of a GitHub organization",
		Long: `pataudit lists the approved fine-grained personal access tokens of a GitHub organization,
flags what breaks the organization's token guide, and says whether it saw all of them.

"Clean" is a claim, made only when everything was seen.`,
		Example: `  pataudit demo                               see it work, without credentials
  pataudit setup complytime                   create the GitHub App that may list tokens
  pataudit audit complytime -o audit.xlsx     audit, with a workbook for reviewers`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       u.Tool.Version,
	}
	root.SetVersionTemplate(app.VersionText(u.Tool))
	root.PersistentPreRun = func(command *cobra.Command, _ []string) {
		u.Files.Reads(readFiles(command)...)
	}
	root.AddCommand(
		audit.Command(u),
		audit.Collect(u),
		report.Command(u),
		report.Diff(u),
		history.Command(u),
		report.Show(u),
		policy.Decide(u),
		policy.Baseline(u),
		policy.Command(u),
		policy.Rules(u),
		app.Setup(u),
		app.Doctor(u),
		audit.Demo(u),
		app.Version(u),
	)
	root.SetIn(u.In)
	root.SetOut(u.Help) // before there is a command that keeps it
	root.SetErr(u.Err)
	root.SetHelpCommand(helpCommand())
	root.InitDefaultHelpCmd()
	addCompletion(root)
	root.AddCommand(manCommand(u))
	project.Register(u, root)
	root.SetUsageFunc(usage)
	root.PersistentFlags().Bool(helpAll, false, "help with every flag, the rare ones, too")
	root.SetFlagErrorFunc(flagError)
	groups(root)
	strict(root)
	return root
}
