// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/report"
	"github.com/complytime/pataudit/report/comparison"
	"github.com/complytime/pataudit/report/view"
)

// completeValues lets shells complete the values of flags that have few. A flag of one name takes
// the same values with every command, but for --format.
func completeValues(root *cobra.Command) {
	severities := audit.SeverityNames()
	values := map[string][]string{
		"severity": severities, "fail-on": severities, "rule": flags.BuiltIn(),
		"only": {view.OnlyFailing, view.OnlyAll}, "repositories": flags.Reaches,
		"color": {"auto", "always", "never"}, "file": history.Files(),
		"setting": audit.SettingNames(),
	}
	for _, command := range everyCommand(root) {
		command.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			of := values[f.Name]
			if f.Name == "format" {
				of = formatsOf(command)
			}
			if len(of) == 0 {
				return
			}
			list := f.Value.Type() == flags.ListType
			if err := command.RegisterFlagCompletionFunc(f.Name, completing(of, list)); err != nil {
				panic(fmt.Sprintf("--%s of %s is completed twice: %v", f.Name, command.Name(), err))
			}
		})
	}
}

// everyCommand returns a command and all below it.
func everyCommand(command *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{command}
	for _, sub := range command.Commands() {
		all = append(all, everyCommand(sub)...)
	}
	return all
}

// completing offers values; of a list, each of them after those that are there.
func completing(values []string, list bool) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		before := ""
		if comma := strings.LastIndex(typed, ","); list && comma >= 0 {
			before = typed[:comma+1]
		}
		offered := make([]string, len(values))
		for i, value := range values {
			offered[i] = before + value
		}
		return offered, cobra.ShellCompDirectiveNoFileComp
	}
}

// formatsOf returns what --format of a command takes.
func formatsOf(command *cobra.Command) []string {
	switch command.CommandPath() {
	case "pataudit audit", "pataudit report", "pataudit history show":
		return report.Formats.Names()
	case "pataudit diff", "pataudit policy compare":
		return comparison.Formats.Names()
	case "pataudit history list", "pataudit history trend":
		return []string{records.AsTable, records.AsJSON, records.AsCSV}
	case "pataudit doctor":
		return []string{records.AsTable, records.AsJSON}
	case "pataudit rules":
		return []string{"text", "json"}
	}
	return nil
}
