// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// historyEvidence is longer than a function should be, for half of it is the help.
func historyEvidence(u *ui.UI) *cobra.Command {
	var f records.ReadFlags
	var period records.PeriodFlags
	var path, expected string
	var sign ui.SignFlag
	command := &cobra.Command{
		Use:   "evidence ORG --from DAY --to DAY -o FILE.zip",
		Short: "Everything about the runs of a period in one file, for an auditor",
		Long: `Evidence puts the runs of a period into one zip file: each one's report, evidence,
findings and decisions, the policies and what changed in them, tables of runs, decisions and
controls, sums to check them by, and STATEMENT.md, a page that says who was examined, when, by
what, against what, what was excepted, where there are gaps, and what is not covered. An earlier
run that one of them compares with is there, too. The same history and period give the same bytes;
a period that is not over ends now. With --sign, the statement has the command that checks the
signature.

It names people: keep it confidential. Exit codes: 0 written, 4 written, and the period has no
complete run, as the statement says, 1 the organization is not in the history, or the file could
not be written, 2 usage.`,
		Example: `  pataudit history evidence acme --from 2026-01-01 --to 2027-01-01 -o evidence.zip
  pataudit history evidence acme --from 2026-10-01 --to 2027-01-01 --expected 1d -o q4.zip`,
		Args: ui.Exactly("ORG"),
		RunE: func(command *cobra.Command, args []string) error {
			d, err := newDossier(&period, expected, u.Now().UTC())
			if err != nil {
				return ui.Usage(err)
			}
			if !d.asked.IsZero() {
				u.Notef("--to %s is in the future: the period ends now", day(d.asked))
			}
			if path == "" {
				return ui.Usagef("no file for the evidence: -o FILE.zip")
			}
			if u.Files.Signer, err = sign.Signer([]string{path}); err != nil {
				return ui.Usage(err)
			}
			if u.Files.Signer != nil {
				d.signed = path
			}
			if p := ui.PlaceOf(false, os.Getenv); p.Public {
				p.Warn(u)
			}
			ctx := command.Context()
			return f.With(ctx, u, func(store *history.Store) error {
				if err := d.choose(ctx, &f, store, args[0]); err != nil {
					return ui.Failed(err)
				}
				for _, p := range d.missing {
					u.Warnf("%s", records.ProblemWords(p))
				}
				return d.save(ctx, u, store, path)
			})
		},
	}
	set := command.Flags()
	set.SortFlags = false
	f.Register(set)
	f.RegisterHost(set)
	period.Register(set)
	set.StringVar(&expected, "expected", "7d", "how often a complete run is expected: longer "+
		"`intervals` are told as gaps")
	set.StringVarP(&path, "output", "o", "", "`file` to write: evidence.zip")
	sign.Register(set)
	return command
}

// dossier is what the evidence of a period is made of.
type dossier struct {
	from, to time.Time
	asked    time.Time // the end that was asked for, if it is in the future; else zero
	signed   string    // the path of the archive, if a signature comes beside it; else ""
	expected time.Duration
	often    string // --expected as it was typed

	login, host string
	id          int64
	runs        []history.Run // of the period, oldest first
	others      []history.Run // of the organization, before the period

	missing []history.Problem // runs that were saved, and are not in the history

	parts []*dossierRun // that are written: those that others compare with, and the period's
}

func newDossier(period *records.PeriodFlags, expected string, now time.Time) (*dossier, error) {
	d := &dossier{often: expected}
	var err error
	if d.from, d.to, err = period.Period(); err != nil {
		return nil, err
	}
	if d.from.IsZero() || d.to.IsZero() {
		return nil, errors.New("which period? --from DAY --to DAY")
	}
	if now = now.Truncate(time.Second); d.to.After(now) {
		if !d.from.Before(now) {
			return nil, fmt.Errorf("--from %s is in the future", period.From)
		}
		d.to, d.asked = now, d.to
	}
	if d.expected, err = ui.ParseAge(expected); err != nil {
		return nil, fmt.Errorf("--expected: %w", err)
	}
	return d, nil
}

// choose finds the runs. That there is none in the period is told in the statement; that the
// organization is not known at all is an error.
func (d *dossier) choose(
	ctx context.Context, f *records.ReadFlags, store *history.Store, login string,
) error {
	known, err := f.Runs(ctx, store, history.Query{Organization: login})
	if err != nil {
		return err
	}
	for i := range known {
		switch at := known[i].AsOf; {
		case at.Before(d.from):
			d.others = append(d.others, known[i])
		case at.Before(d.to):
			d.runs = append(d.runs, known[i])
		}
	}
	newest := known[len(known)-1]
	if len(d.runs) > 0 {
		newest = d.runs[len(d.runs)-1]
	}
	o := &newest.Organization
	d.login, d.host, d.id = o.Login, o.Host, o.ID
	d.missing, err = store.Missing(ctx)
	return err
}

// complete reports whether the period has a complete run.
func (d *dossier) complete() bool {
	return slices.ContainsFunc(d.runs, func(r history.Run) bool { return r.Complete })
}

// save writes the file, whole or not at all.
func (d *dossier) save(ctx context.Context, u *ui.UI, store *history.Store, path string) error {
	files := &u.Files
	defer files.Discard()
	if err := files.Open([]string{path}); err != nil {
		return ui.Failed(err)
	}
	if err := files.Write(0, func(w io.Writer) error {
		return d.write(ctx, store, w)
	}); err != nil {
		return ui.Failed(err)
	}
	if err := files.Commit(ctx); err != nil {
		return ui.Failed(err)
	}
	u.Notef("%s: %s of %s; confidential: it names people", path, ui.Plural(len(d.runs), "run"),
		d.login)
	if !d.complete() {
		u.Errorf("the period has no complete run: the statement says so")
		return ui.Exit(ui.ExitIncomplete)
	}
	return nil
}
