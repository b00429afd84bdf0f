// SPDX-License-Identifier: Apache-2.0

// Package dossier is the auditor's archive: all that is kept of the runs of a period, in one file.
package dossier

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
)

// dossier is what the evidence of a period is made of.
type dossier struct {
	from, to time.Time
	future   time.Time // the end of the period as it was given, if that is in the future; else zero
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
		d.to, d.future = now, d.to
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
	end := d.to
	if believed := end.Add(audit.SkewBelieved); !d.future.IsZero() { // GitHub's clock may be ahead
		end = slices.MinFunc([]time.Time{d.future, believed}, time.Time.Compare)
	}
	for i := range known {
		switch at := known[i].AsOf; {
		case at.Before(d.from):
			d.others = append(d.others, known[i])
		case at.Before(end):
			d.runs = append(d.runs, known[i])
		}
	}
	newest := known[len(known)-1]
	if len(d.runs) > 0 {
		newest = d.runs[len(d.runs)-1]
		if !newest.AsOf.Before(d.to) {
			d.to = newest.AsOf.Truncate(time.Second).Add(time.Second)
		}
	}
	o := &newest.Organization
	d.login, d.host, d.id = o.Login, o.Host, o.ID
	d.missing, err = store.Missing(ctx)
	return err
}

// complete counts the complete runs of the period.
func (d *dossier) complete() (n int) {
	for i := range d.runs {
		if d.runs[i].Complete {
			n++
		}
	}
	return n
}

// periodParts returns the runs of the period among those that are written.
func (d *dossier) periodParts() []*dossierRun {
	return slices.DeleteFunc(slices.Clone(d.parts), func(r *dossierRun) bool { return !r.inPeriod })
}

// save writes the file, whole or not at all.
func (d *dossier) save(ctx context.Context, u *ui.UI, store *history.Store, path string) error {
	if err := u.Files.Save(ctx, path, func(w io.Writer) error {
		return d.write(ctx, store, w)
	}); err != nil {
		return err
	}
	u.Notef("%s: %s of %s; confidential: it names people", path, safe.Plural(len(d.runs), "run"),
		d.login)
	if d.complete() == 0 {
		u.Errorf("the period has no complete run: the statement says so")
		return ui.Exit(ui.ExitIncomplete)
	}
	return nil
}
