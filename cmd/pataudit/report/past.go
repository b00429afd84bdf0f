// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"context"
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// pastFlags name a run of the history that is shown in place of evidence.
type pastFlags struct {
	history records.ReadFlags
	which   string
	number  int64           // of the run; 0 until it is read
	token   *audit.Identity // that is asked for; nil: none is
}

func (f *pastFlags) register(set *pflag.FlagSet) {
	set.StringVar(&f.which, "run", "", "what this `run` of the history saw: 12, latest, previous")
	f.history.Register(set)
}

// evidenceFlags are the flags that mean nothing to a run that was judged.
var evidenceFlags = []string{
	"from", "as-of", "policy", "decisions", "fail-on", "set", "classic", "audit-log",
}

// seen returns what is shown: what the evidence says, or a stored run, with what its history knows
// of the token that is asked for.
func (f *pastFlags) seen(
	command *cobra.Command, u *ui.UI, e *flags.Evidence, judged *flags.Policy,
) (*audit.Run, map[int64]*audit.Life, error) {
	ctx, changed := command.Context(), command.Flags().Changed
	if f.which == "" && !changed("history") {
		p, err := judged.Load(u.Now())
		if err != nil {
			return nil, nil, ui.Usage(err)
		}
		run, err := e.Run(ctx, u, p)
		return run, nil, err
	}
	for _, flag := range evidenceFlags {
		if changed(flag) {
			return nil, nil, ui.Usagef("--%s is for evidence: a run of the history is shown as it was "+
				"judged", flag)
		}
	}
	var run *audit.Run
	var lives map[int64]*audit.Life
	err := f.history.WithRun(ctx, u, cmp.Or(f.which, records.Latest), e.Organization,
		func(store *history.Store, number int64) (err error) {
			f.number = number
			if run, err = records.Run(ctx, store, number); err == nil && f.token != nil {
				lives, err = livesOf(ctx, store, run, *f.token)
			}
			return err
		})
	return run, lives, err
}

// livesOf looks up the tokens of a run, by grant ID. One that the tables do not know has none.
func livesOf(
	ctx context.Context, store *history.Store, run *audit.Run, token audit.Identity,
) (map[int64]*audit.Life, error) {
	lives := map[int64]*audit.Life{}
	for result := range run.Results() {
		if !token.Is(result) {
			continue
		}
		life, err := store.Life(ctx, run.Organization, result.Token.ID)
		switch {
		case errors.Is(err, history.ErrNotFound):
		case err != nil:
			return nil, err
		default:
			lives[result.Token.ID] = life
		}
	}
	return lives, nil
}
