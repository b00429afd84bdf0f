// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/report"
)

// pastFlags name a run of the history that is shown in place of evidence.
type pastFlags struct {
	history storeFlags
	which   string
}

func (f *pastFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.which, "run", "", "what this `run` of the history saw: 12, latest, previous")
	f.history.register(flags)
}

// ofEvidence are the flags that mean nothing to a run that was judged.
var ofEvidence = []string{
	"from", "as-of", "policy", "decisions", "fail-on", "set", "classic", "audit-log",
}

// seen gives what is shown: what the evidence says, or a stored run, with what its history knows
// of the token that is asked for.
func (f *pastFlags) seen(
	command *cobra.Command, ui *ui, e *evidenceFlags, judged *policyFlags, args []string,
) (*audit.Run, lives, error) {
	ctx, changed := command.Context(), command.Flags().Changed
	if f.which == "" && !changed("history") {
		p, err := judged.load()
		if err != nil {
			return nil, nil, usage(err)
		}
		run, err := e.run(ctx, ui, p)
		return run, nil, err
	}
	for _, flag := range ofEvidence {
		if changed(flag) {
			return nil, nil, usagef("--%s is for evidence: a run of the history is shown as it was "+
				"judged", flag)
		}
	}
	if f.which == "" {
		f.which = runLatest
	}
	if e.organization != "" && !isRelative(f.which) {
		return nil, nil, usagef("--organization is for --run latest and --run previous")
	}
	var run *audit.Run
	var lived lives
	err := f.history.with(ctx, ui, func(store *history.Store) error {
		number, err := f.history.number(ctx, store, f.which, e.organization)
		if err != nil {
			return err
		}
		if run, err = storedRun(ctx, store, number); err != nil {
			return failed(err)
		}
		if args[0] == "token" {
			if lived, err = livesOf(ctx, store, run, tokenNamed(args[1])); err != nil {
				return failed(err)
			}
		}
		return nil
	})
	return run, lived, err
}

// lives are those of the tokens that are shown.
type lives []life

type life struct {
	token *audit.Token
	told  *report.Life
}

// livesOf looks up the tokens of a run. One that the tables do not know has none.
func livesOf(
	ctx context.Context, store *history.Store, run *audit.Run, match func(*audit.Token) bool,
) (all lives, err error) {
	for result := range run.Results() {
		if !match(result.Token) {
			continue
		}
		known, err := store.Life(ctx, run.Organization, result.Token.ID)
		if errors.Is(err, history.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, life{result.Token, lifeOf(known)})
	}
	return all, nil
}

func (all lives) write(w io.Writer, v report.View) (err error) {
	for _, l := range all {
		if err == nil {
			err = report.ShowLife(w, l.token, l.told, v)
		}
	}
	return err
}

// lifeOf gives each state whole: what a run did not learn is as it was.
func lifeOf(known *history.Life) *report.Life {
	told := &report.Life{
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
		told.States = append(told.States, report.State{Run: s.Run, AsOf: s.At, Token: token})
	}
	return told
}
