// SPDX-License-Identifier: Apache-2.0

package report

import (
	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/view"
)

// Show returns the command that shows a token, an owner or a repository.
func Show(u *ui.UI) *cobra.Command {
	var f flags.Evidence
	var judged flags.Policy
	var past pastFlags
	var allowPublic bool
	command := &cobra.Command{
		Use:   "show token ID|owner LOGIN|repository NAME",
		Short: "Everything known of one token, owner or repository",
		Long: `Show tells what a token can do and why it is flagged; what stops working when an owner
leaves; who can write to a repository, worst right first. repo is short for repository.

A token is named by its id, as reports and GitHub's settings show it: a number is never anything
else. grant:ID is its grant, for a token whose id is not known, and name:TEXT its name: owners
choose the names, and of several tokens with one name the ids are listed.

Below a token stand the commands that record what is decided of it, with the flags of this one.

--run shows what a run of the history saw, as it was judged then, and of a token also what it
gained and lost over all runs. Nobody is asked.

There is no --redact, nor does the project file's redact count here: who asks by a name knows it.
Reports with pseudonyms are for others.`,
		Example: `  pataudit show token 98716 --from evidence.json
  pataudit show token name:release-bot --from evidence.json
  pataudit show owner jdoe --organization complytime
  pataudit show repository complyctl --from evidence.json
  pataudit show token 98716 --run latest`,
		Args:              ui.Exactly("token, owner or repository", "its id, LOGIN or NAME"),
		ValidArgsFunction: completeShow(u, &f),
		RunE: func(command *cobra.Command, args []string) error {
			if args[0] == "repo" {
				args[0] = "repository"
			}
			what, err := questionOf(args[0], args[1])
			if err != nil {
				return ui.Usage(err)
			}
			if err := ui.PlaceOf(allowPublic).Refuse("show"); err != nil {
				return err
			}
			past.token = what.token
			run, lives, err := past.seen(command, u, &f, &judged)
			if err != nil {
				return err
			}
			v := view.View{Width: u.Width()}
			v.Deciding = typed(u, command, &f, &past).Deciding(
				&view.Document{Runs: []*audit.Run{run}})
			return what.show(u, run, lives, &v)
		},
	}
	set := command.Flags()
	judged.Register(set)
	f.Register(set)
	past.register(set)
	f.Extras.Register(set)
	ui.RegisterAllowPublic(set, &allowPublic)
	return command
}

// completeShow offers a shell what show can be asked about.
func completeShow(u *ui.UI, f *flags.Evidence) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, typed string) (
		[]cobra.Completion, cobra.ShellCompDirective,
	) {
		switch {
		case len(args) == 0:
			return shown, cobra.ShellCompDirectiveNoFileComp
		case len(args) == 1 && args[0] == "token":
			return f.CompleteTokens(u, typed)
		}
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
}
