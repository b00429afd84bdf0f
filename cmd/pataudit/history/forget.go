// SPDX-License-Identifier: Apache-2.0

package history

import (
	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

func historyForget(u *ui.UI) *cobra.Command {
	var f records.ReadFlags
	var yes, allowPublic bool
	command := &cobra.Command{
		Use:   "forget LOGIN",
		Short: "Take a person out of all stored runs; tells what it would change, unless --yes",
		Long: `Forget takes a person out of the tables, and out of the report and the evidence of each
stored run: login, user id, the names of the tokens, the words of their requests, and the login
where others wrote it, as in GitHub's reasons and in the names of batches; and out of the policies,
the decisions and the baselines that runs were judged by.
"(forgotten-1)" stands there instead, the same in every run, so that reports can still be read and
figures stay. What the tokens could do stays, and so do the numbers of tokens and grants, by which
findings go. A user id under which the login was ever seen brings the other logins of that id with
it. LOGIN must be an owner, an approver or a decider of the history, or named in a policy: who that
is, is told first.
What the rules say is never changed, whatever word a login is.

The evidence then has another digest, which its report carries; the list of runs keeps the one that
was judged. What rests on a name cannot be judged again: report --verify tells differences there.

Not covered: files that were written (reports, snapshots, letters, evidence), backups, PostgreSQL's
write-ahead log and rows that it has not vacuumed, and the files with policies, decisions and
baselines. A person who owns a token still, or whom such a file names, is in the history again
after the next audit. Without --yes nothing is changed.`,
		Example: `  pataudit history forget octocat
  pataudit history forget octocat --yes`,
		Args: ui.Exactly("LOGIN"),
		RunE: func(command *cobra.Command, args []string) error {
			if err := ui.PlaceOf(allowPublic).Refuse("history forget"); err != nil {
				return err
			}
			if !flags.LoginForm.MatchString(args[0]) {
				return ui.Usagef("%q is not the login of a person", args[0])
			}
			return f.With(command.Context(), u, func(store *history.Store) error {
				return forget(command.Context(), u, store, args[0], yes)
			})
		},
	}
	set := command.Flags()
	f.Register(set)
	set.BoolVar(&yes, "yes", false, "do it: nothing brings it back")
	ui.RegisterAllowPublic(set, &allowPublic)
	return command
}
