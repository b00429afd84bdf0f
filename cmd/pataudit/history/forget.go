// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
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
			if err := keepsNames(allowPublic, "history forget"); err != nil {
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
	set.SortFlags = false
	f.Register(set)
	set.BoolVar(&yes, "yes", false, "do it: nothing brings it back")
	ui.RegisterAllowPublic(set, &allowPublic)
	return command
}

// forget takes a person out of the store, or tells what that would change.
func forget(
	ctx context.Context, u *ui.UI, store *history.Store, login string, really bool,
) error {
	g := &forgetting{}
	if err := g.find(ctx, store, login); err != nil {
		return ui.Failed(err)
	}
	n := 0
	var err error
	if really {
		n, err = store.Forget(ctx, g.logins, g.rewrite)
	} else {
		n, err = g.preview(ctx, store)
	}
	if err != nil {
		return ui.Failed(err)
	}
	return ui.Printed(ui.WriteStdout(u.Out, func(w io.Writer) error {
		return g.tell(w, n, really)
	}))
}

// preview counts the runs that would be changed.
func (g *forgetting) preview(ctx context.Context, store *history.Store) (n int, err error) {
	for i := range g.runs {
		number := g.runs[i].Number
		before, err := store.Words(ctx, number)
		if err != nil {
			return n, err
		}
		after, err := before.Rewritten(g.rewrite)
		if err != nil {
			return n, fmt.Errorf("run %d: %w", number, err)
		}
		if after != nil {
			n++
		}
	}
	return n, nil
}

// who says which person is meant: a wrong one cannot be had back.
func (g *forgetting) who() string {
	words := safe.Terminal(g.logins[0])
	switch ids := strings.Trim(strings.ReplaceAll(fmt.Sprint(g.ids), " ", ", "), "[]"); len(g.ids) {
	case 0:
		words += ": no user id is known"
	case 1:
		words += ": user id " + ids
	default:
		words += ": these had the name, and all are meant: user ids " + ids
	}
	if also := g.logins[1:]; len(also) > 0 {
		words += ", also called " + safe.Terminal(strings.Join(also, ", "))
	}
	words += fmt.Sprintf("; owner of %s, in %s", ui.Plural(len(g.known.tokens), "token"),
		ui.Plural(len(g.known.runs), "run"))
	if n := len(g.known.approved); n > 0 {
		words += fmt.Sprintf("; approved %s", ui.Plural(n, "token"))
	}
	if n := len(g.known.decided); n > 0 {
		words += fmt.Sprintf("; made %s", ui.Plural(n, "decision"))
	}
	if n := len(g.known.named); n > 0 {
		words += "; named in the policy or the baseline of " + ui.Plural(n, "run")
	}
	return words
}

// tell says what was changed, and what is not in our hands.
func (g *forgetting) tell(w io.Writer, n int, really bool) error {
	verb := "were changed"
	if !really {
		verb = "would change: nothing was changed, --yes does it"
	}
	_, err := fmt.Fprintf(w, "%s\n%d of %s %s\n", g.who(), n, ui.Plural(len(g.runs), "run"), verb)
	say := func(format string, args ...any) {
		if err == nil {
			_, err = fmt.Fprintf(w, format+"\n", args...)
		}
	}
	if n > 0 {
		say("their evidence gets another digest; `pataudit history list` keeps the one that was judged")
	}
	if g.left > 0 {
		say("the login still stands as a word in %s: the name of a repository, or an ordinary word",
			ui.Plural(g.left, "document"))
	}
	say("not covered: files that were written, backups, PostgreSQL's write-ahead log, " +
		"the files with policies, decisions and baselines")
	return err
}

// keepsNames refuses a command whose output names people where everybody can read it.
func keepsNames(allowPublic bool, command string) error {
	if err := ui.PlaceOf(allowPublic, os.Getenv).Refuse(command); err != nil {
		return ui.Usage(err)
	}
	return nil
}
