// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// groups makes every command that only holds others refuse what names none of them. That is no
// job: a scheduled one with a slip in its name would end well for ever, and do nothing.
func groups(command *cobra.Command) {
	for _, child := range command.Commands() {
		groups(child)
	}
	if !command.HasSubCommands() || command.Runnable() {
		return
	}
	command.Args = cobra.ArbitraryArgs
	command.RunE = func(command *cobra.Command, args []string) error {
		if len(args) > 0 {
			return ui.Usage(noCommand(command, args[0]))
		}
		command.SetOut(command.ErrOrStderr()) // nobody asked for it
		return ui.Usage(errors.Join(command.Help(),
			fmt.Errorf("name a command: %s COMMAND", command.CommandPath())))
	}
}

// noCommand returns the error that a group has no command of a name, and which may be meant.
func noCommand(group *cobra.Command, name string) error {
	var names []string
	for _, child := range group.Commands() {
		names = append(names, child.Name())
	}
	if len(names) == 0 {
		return fmt.Errorf("unknown command %q: %s has none", name, group.CommandPath())
	}
	return fmt.Errorf("unknown command %q%s", name, ui.DidYouMean(name, names,
		group.CommandPath()+" ", "; "+group.CommandPath()+" has "+strings.Join(names, ", ")))
}

// noFlag returns the error that a command has no flag of a name, and which may be meant.
func noFlag(command *cobra.Command, unknown *pflag.NotExistError) error {
	// Of -policy, which is -p and what else there is, the long name is meant.
	name := cmp.Or(unknown.GetSpecifiedShortnames(), unknown.GetSpecifiedName())
	var names []string
	command.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return fmt.Errorf("%w%s", unknown, ui.DidYouMean(name, names, "--",
		"; `"+command.CommandPath()+" --help` lists those that there are"))
}

func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND|TOPIC]",
		Short: "Help about any command, and about exit-codes, environment and files",
		Example: `  pataudit help audit
  pataudit help history check
  pataudit help exit-codes`,
		ValidArgsFunction: func(
			command *cobra.Command, args []string, begun string,
		) ([]cobra.Completion, cobra.ShellCompDirective) {
			of, rest, err := command.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []cobra.Completion
			for _, child := range of.Commands() {
				if !child.IsAvailableCommand() || !strings.HasPrefix(child.Name(), begun) {
					continue
				}
				names = append(names, cobra.CompletionWithDesc(child.Name(), child.Short))
			}
			for _, t := range topics {
				if len(args) == 0 && strings.HasPrefix(t.name, begun) {
					names = append(names, cobra.CompletionWithDesc(t.name, t.short))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(command *cobra.Command, args []string) error {
			if len(args) == 1 {
				if text, found := topic(args[0]); found {
					_, err := fmt.Fprint(command.OutOrStdout(), text)
					return err
				}
			}
			of, rest, err := command.Root().Find(args)
			if err != nil {
				return ui.Usage(err)
			}
			if len(rest) > 0 {
				return ui.Usage(noCommand(of, rest[0]))
			}
			return of.Help() // whose error is kept where it is written
		},
	}
}

// addCompletion adds cobra's own command of that name, with an example.
func addCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, command := range root.Commands() {
		if command.Name() == "completion" {
			command.Example = "  source <(pataudit completion bash)"
		}
	}
}
