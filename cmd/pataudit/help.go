// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/report/safe"
)

// helpWidth is how wide help is at most, in characters.
const helpWidth = 100

// helpAll is the flag that asks for help with every flag.
const helpAll = "help-all"

// flagGroups are the headings under which flags stand in help, in their order. A flag
// of a command's own is in none of them, and stands first.
var flagGroups = []struct {
	title string
	flags []string
}{
	{"Source", []string{
		"from", "organization", "evidence", "verify", "run", "all-installations", "app-id", "app-key",
		"installation-id", "api-url", "ca-file", "audit-log", "classic", "host",
	}},
	{"Judgement", []string{
		"policy", "decisions", "baseline", "registry", "set", "as-of", "history", "history-required",
		"last",
	}},
	{"Output", []string{
		"format", "output", "snapshot", "only", "rule", "severity", "owner", "repository", "owners",
		"prefill", "redact", "sign", "ssp", "allow-public", "color", "quiet",
	}},
	{"Collection", []string{
		"repositories", "cache", "concurrency", "max-wait", "shard", "batch", "verbose",
	}},
	{"Verdict", []string{
		"fail-on", "fail-on-requests", "fail-on-overdue", "exit-zero", "allow-incomplete",
		"allow-empty",
	}},
	{general, []string{"config", "no-config", "help", helpAll}},
}

// general is the heading of the flags that every command has.
const general = "General"

// fewFlags is up to how many flags of a command need no headings.
const fewFlags = 12

// rareFlags are those that help leaves out unless every flag is asked for.
var rareFlags = []string{
	"installation-id", "ca-file", "concurrency", "max-wait", "shard", "batch", "host",
	"ssp", "color", "allow-public", "allow-empty", "no-config",
}

// environment lists the variables that commands read, with what each says.
var environment = []struct{ name, says string }{
	{"PATAUDIT_APP_ID", "the GitHub App's id or client id"},
	{"PATAUDIT_APP_KEY_FILE", "file with its private key"},
	{"PATAUDIT_APP_KEY", "the private key itself"},
	{"PATAUDIT_TOKEN", "in their place, an installation token of the App; else GITHUB_TOKEN"},
	{"GITHUB_API_URL", "of an Enterprise Server: https://host"},
	{"PATAUDIT_HISTORY", "the history, as --history names it"},
	{"PATAUDIT_REDACT_KEY", "the secret that makes pseudonyms, for --redact"},
}

// withHelp returns arguments in which the flag for all help asks for help, too.
func withHelp(args []string) []string {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if arg == "--"+helpAll {
			return slices.Insert(slices.Clone(args), i, "--help")
		}
	}
	return args
}

// usage writes how a command is used: what follows its description in help.
func usage(command *cobra.Command) error {
	var b strings.Builder
	line := command.UseLine()
	if command.HasSubCommands() {
		line = command.CommandPath() + " COMMAND"
	}
	fmt.Fprintf(&b, "Usage:\n  %s\n", line)
	if command.HasExample() {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", command.Example)
	}
	if command.HasAvailableSubCommands() {
		b.WriteString("\nCommands:\n")
		for _, child := range command.Commands() {
			if child.IsAvailableCommand() {
				fmt.Fprintf(&b, "  %-*s  %s\n", child.NamePadding(), child.Name(), child.Short)
			}
		}
	}
	writeFlags(&b, command)
	if command.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n\"%s COMMAND --help\" explains a command.\n", command.CommandPath())
	}
	if !command.HasParent() {
		for _, t := range topics {
			fmt.Fprintf(&b, "\"pataudit help %s\": %s.\n", t.name, t.short)
		}
	}
	_, err := fmt.Fprint(command.OutOrStdout(), b.String())
	return err
}

// writeFlags writes the flags of a command by group, and the variables that stand for some.
func writeFlags(b *strings.Builder, command *cobra.Command) {
	every, _ := command.Flags().GetBool(helpAll) // not there before flags are parsed
	groups := map[string]*pflag.FlagSet{}
	left, few := 0, len(shown(command.LocalFlags())) <= fewFlags
	add := func(f *pflag.Flag) {
		switch {
		case f.Hidden:
			return
		case !every && slices.Contains(rareFlags, f.Name):
			left++
			return
		}
		title := groupOf(f.Name)
		if few && title != general {
			title = ""
		}
		if groups[title] == nil {
			groups[title] = pflag.NewFlagSet("", pflag.ContinueOnError)
			groups[title].SortFlags = false
		}
		groups[title].AddFlag(f)
	}
	command.LocalFlags().VisitAll(add)
	command.InheritedFlags().VisitAll(add)
	titles := []string{""}
	for _, group := range flagGroups {
		titles = append(titles, group.title)
	}
	for _, title := range titles {
		if set := groups[title]; set != nil {
			heading := strings.TrimSpace(title + " flags")
			fmt.Fprintf(b, "\n%s:\n%s", strings.ToUpper(heading[:1])+heading[1:],
				set.FlagUsagesWrapped(helpWidth))
		}
	}
	if command.Flags().Lookup("app-id") != nil {
		b.WriteString("\nEnvironment (a flag wins over it):\n")
		for _, v := range environment {
			fmt.Fprintf(b, "  %-21s  %s\n", v.name, v.says)
		}
	}
	if left > 0 {
		fmt.Fprintf(b, "\n--%s lists %s more.\n", helpAll, safe.Plural(left, "rare flag"))
	}
}

// shown returns the flags that help can list.
func shown(set *pflag.FlagSet) (flags []*pflag.Flag) {
	set.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden && !slices.Contains(rareFlags, f.Name) {
			flags = append(flags, f)
		}
	})
	return flags
}

// groupOf returns the heading under which a flag stands; "" if it is a command's own.
func groupOf(name string) string {
	for _, group := range flagGroups {
		if slices.Contains(group.flags, name) {
			return group.title
		}
	}
	return ""
}
