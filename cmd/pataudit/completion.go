// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// completeValues lets shells complete the values of flags that have few.
func completeValues(root *cobra.Command) {
	for _, command := range everyCommand(root) {
		command.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			values := f.Annotations[ui.Offered]
			if values == nil {
				return
			}
			list := f.Value.Type() == flags.ListType
			if err := command.RegisterFlagCompletionFunc(f.Name, completing(values, list)); err != nil {
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
