// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/show"
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
) (*audit.Run, map[int64]*show.Life, error) {
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
	var lives map[int64]*show.Life
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
) (map[int64]*show.Life, error) {
	lives := map[int64]*show.Life{}
	for result := range run.Results() {
		if !token.Is(result) {
			continue
		}
		known, err := store.Life(ctx, run.Organization, result.Token.ID)
		switch {
		case errors.Is(err, history.ErrNotFound):
		case err != nil:
			return nil, err
		default:
			lives[result.Token.ID] = lifeOf(known)
		}
	}
	return lives, nil
}

// lifeOf returns each state whole: what a run did not learn is as it was.
func lifeOf(known *history.Life) *show.Life {
	life := &show.Life{
		FirstSeen: known.FirstSeen, GoneAt: known.GoneAt, ExpiresAt: known.ExpiresAt,
		ToldSince: known.ToldSince,
	}
	token := &audit.Token{}
	for _, s := range known.States {
		next := *token
		next.Known |= s.Known
		if s.Known.Has(audit.FactPermissions) {
			next.Permissions = slices.SortedFunc(slices.Values(s.Permissions),
				audit.ComparePermissions)
		}
		if s.Known.Has(audit.FactSelection) {
			next.Selection = s.Selection
		}
		if s.Known.Has(audit.FactRepositories) {
			next.Repositories = s.Repositories
		}
		token = &next
		life.States = append(life.States, show.State{Run: s.Run, AsOf: s.At, Token: token})
	}
	return life
}
