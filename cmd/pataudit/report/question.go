// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/show"
	"github.com/complytime/pataudit/report/view"
)

// shown is what show can be asked about.
var shown = []string{"token", "owner", "repository"}

// question is what show was asked about.
type question struct {
	kind, name string
	token      *audit.Identity // of a token; else nil
}

// questionOf reads what the arguments name.
func questionOf(kind, name string) (question, error) {
	switch kind {
	case "token":
		identity, err := audit.ParseIdentity(name)
		return question{kind, name, &identity}, err
	case "owner":
		return question{kind, strings.TrimPrefix(name, "@"), nil}, nil
	case "repository":
		return question{kind, name, nil}, nil
	}
	return question{}, fmt.Errorf("show what? token, owner or repository, not %q%s", kind,
		ui.DidYouMean(kind, shown, "", ""))
}

// show writes about what was asked. Of what was not found, it says whether all was seen. Lives are
// those of tokens, by grant ID.
func (q question) show(
	u *ui.UI, run *audit.Run, lives map[int64]*audit.Life, v *view.View,
) error {
	hint := ""
	if q.token != nil {
		if _, err := flags.TokensOf(run, *q.token); err != nil {
			return ui.Failed(err)
		}
		hint = flags.NoToken(run, *q.token)
	}
	found := false
	err := u.Print(func(w io.Writer) (err error) {
		switch q.kind {
		case "token":
			found, err = show.Token(w, run, q.token.Is, lives, *v)
		case "owner":
			found, err = show.Owner(w, run, q.name, *v)
		default:
			found, err = show.Repository(w, run, q.name, *v)
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case !found && !run.Complete:
		return ui.Failed(fmt.Errorf("no %s %q was seen, but the evidence is incomplete%s", q.kind,
			q.name, hint))
	case !found:
		return ui.Failed(fmt.Errorf("there is no %s %q in %s%s", q.kind, q.name,
			run.Organization.Login, hint))
	}
	return nil
}

// typed returns how show was typed. A run of the history was judged before.
func typed(
	u *ui.UI, command *cobra.Command, f *flags.Evidence, past *pastFlags,
) *flags.Invocation {
	i := flags.Invoked(u, command)
	stored := past.number != 0
	i.Run, i.ReadBack, i.Live = past.number, stored, !stored && f.From == ""
	if !stored && !i.Live && f.From != "-" {
		i.FromFile(f.From)
		if f.Organization != "" {
			i.Evidence = append(i.Evidence, "--organization", f.Organization)
		}
	}
	return i
}
