// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/show"
	"github.com/complytime/pataudit/report/view"
)

// Show returns the command that shows a token, an owner or a repository.
func Show(u *ui.UI) *cobra.Command {
	var f flags.Evidence
	var judged flags.Policy
	var past pastFlags
	var allowPublic bool
	command := &cobra.Command{
		Use:   "show token|owner|repository NAME",
		Short: "Everything known of one token, owner or repository",
		Long: `Show tells what a token can do and why it is flagged; what stops working when an owner
leaves; who can write to a repository, worst right first. A token is named by its name, its token
id or its grant id. repo is short for repository.

--run shows what a run of the history saw, as it was judged then, and of a token also what it
gained and lost over all runs. Nobody is asked.`,
		Example: `  pataudit show token release-bot-legacy --from evidence.json
  pataudit show owner jdoe --organization complytime
  pataudit show repository complyctl --from evidence.json
  pataudit show token release-bot-legacy --run latest`,
		Args:      ui.Exactly("token, owner or repository", "NAME"),
		ValidArgs: shown,
		RunE: func(command *cobra.Command, args []string) error {
			if args[0] == "repo" {
				args[0] = "repository"
			}
			write, err := shower(args[0], args[1])
			if err != nil {
				return ui.Usage(err)
			}
			if err := ui.PlaceOf(allowPublic, os.Getenv).Refuse("show"); err != nil {
				return ui.Usage(err)
			}
			run, lives, err := past.seen(command, u, &f, &judged, args)
			if err != nil {
				return err
			}
			v := view.View{Width: u.Width()}
			v.Deciding = asked(u, command, &f, past.which != "").Deciding(
				&view.Document{Runs: []*audit.Run{run}})
			return write.show(u, run, lives, v, args)
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

// asked returns how show was typed. A run of the history was judged before.
func asked(
	u *ui.UI, command *cobra.Command, f *flags.Evidence, past bool,
) *flags.Invocation {
	i := flags.Invoked(u, command)
	switch i.ReadBack, i.Live = past, !past && f.From == ""; {
	case past || i.Live || f.From == "-":
	default:
		i.FromFile(f.From)
		if f.Organization != "" {
			i.Evidence = append(i.Evidence, "--organization", f.Organization)
		}
	}
	return i
}

// shown is what show tells of.
var shown = []string{"token", "owner", "repository"}

// shows writes about one thing, and reports whether it found it. Lives are those of tokens, by
// grant ID.
type shows func(
	w io.Writer, run *audit.Run, lives map[int64]*show.Life, v view.View,
) (found bool, err error)

// show writes about what the arguments name. Of what was not found, it says whether all was seen.
func (s shows) show(
	u *ui.UI, run *audit.Run, lives map[int64]*show.Life, v view.View, args []string,
) error {
	found := false
	err := u.Print(func(w io.Writer) (err error) {
		found, err = s(w, run, lives, v)
		return err
	})
	switch {
	case err != nil:
		return err
	case !found && !run.Complete:
		return ui.Failed(fmt.Errorf("no %s %q was seen, but the evidence is incomplete",
			args[0], args[1]))
	case !found:
		return ui.Failed(fmt.Errorf("there is no %s %q in %s", args[0], args[1],
			run.Organization.Login))
	}
	return nil
}

// shower returns what writes about the named thing.
func shower(kind, name string) (shows, error) {
	switch kind {
	case "token":
		return func(
			w io.Writer, run *audit.Run, lives map[int64]*show.Life, v view.View,
		) (bool, error) {
			return show.Token(w, run, tokenNamed(name), lives, v)
		}, nil
	case "owner":
		return func(
			w io.Writer, run *audit.Run, _ map[int64]*show.Life, v view.View,
		) (bool, error) {
			return show.Owner(w, run, strings.TrimPrefix(name, "@"), v)
		}, nil
	case "repository":
		return func(
			w io.Writer, run *audit.Run, _ map[int64]*show.Life, v view.View,
		) (bool, error) {
			return show.Repository(w, run, name, v)
		}, nil
	}
	hint := ""
	if near := ui.Suggested(kind, shown); near != "" {
		hint = ": did you mean " + near + "?"
	}
	return nil, fmt.Errorf("show what? token, owner or repository, not %q%s", kind, hint)
}

// tokenNamed returns which tokens a name or an id means.
func tokenNamed(name string) func(*audit.Token) bool {
	id, err := strconv.ParseInt(name, 10, 64)
	isID := err == nil
	return func(t *audit.Token) bool {
		return t.Name == name || isID && (t.TokenID == id || t.ID == id)
	}
}
