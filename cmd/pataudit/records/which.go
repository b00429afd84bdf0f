// SPDX-License-Identifier: Apache-2.0

package records

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// RunPrefix names a run of the history.
const RunPrefix = "run:"

// errNoRun is the error of a run that the history does not have.
var errNoRun = errors.New("no run")

// Runs returns the runs of the one organization that has a name, oldest first. There is at least
// one.
func (f *ReadFlags) Runs(
	ctx context.Context, store *history.Store, query history.Query,
) ([]history.Run, error) {
	query.Host = f.Host
	runs, err := store.Runs(ctx, query)
	if err != nil {
		return nil, err
	}
	if len(runs) == 0 {
		return nil, fmt.Errorf("%w of %s%s in the history: `pataudit history list` shows what there is",
			errNoRun, query.Organization, betweenWords(query.From, query.To))
	}
	if err := history.Intact(runs); err != nil {
		return nil, err
	}
	for i := range runs {
		if a, b := &runs[0].Organization, &runs[i].Organization; a.Key() != b.Key() {
			return nil, fmt.Errorf("%s is the name of two organizations: %s and %s; --host names one, "+
				"and --from and --to tell a former owner of the name from the present one",
				query.Organization, hostAndID(a), hostAndID(b))
		}
	}
	return runs, nil
}

func betweenWords(from, to time.Time) (words string) {
	if !from.IsZero() {
		words = " since " + from.Format(time.DateOnly)
	}
	if !to.IsZero() {
		words += " before " + to.Format(time.DateOnly)
	}
	return words
}

// The runs that are named by their place: of an organization, or of all.
const (
	Latest   = "latest"
	previous = "previous" // the one before the latest, of the same organization
)

// IsRelative reports whether a run is named by its place.
func IsRelative(which string) bool { return which == Latest || which == previous }

// WithRun opens the history for a command about one run, of the number or in the place that is
// named. A place may be that among the runs of one organization.
func (f *ReadFlags) WithRun(
	ctx context.Context, u *ui.UI, which, organization string,
	do func(store *history.Store, number int64) error,
) error {
	number, err := strconv.ParseInt(which, 10, 64)
	switch relative := IsRelative(which); { // before there is a history
	case !relative && (err != nil || number <= 0):
		return ui.Usagef("%q is no run: name its number, latest or previous", which)
	case !relative && organization != "":
		return ui.Usagef("--organization is for latest and previous: run %d is of one organization",
			number)
	}
	return f.With(ctx, u, func(store *history.Store) (err error) {
		if IsRelative(which) {
			number, err = f.number(ctx, u, store, which, organization)
		}
		if err != nil {
			return err
		}
		return do(store, number)
	})
}

// number returns the number of the run in a place.
func (f *ReadFlags) number(
	ctx context.Context, u *ui.UI, store *history.Store, which, organization string,
) (int64, error) {
	runs, err := store.Runs(ctx, history.Query{
		Organization: organization, Host: f.Host, Limit: 1,
	})
	switch {
	case err != nil:
		return 0, err
	case len(runs) == 0:
		return 0, fmt.Errorf("%w of %s in the history", errNoRun,
			cmp.Or(organization, "any organization"))
	case history.Intact(runs) != nil:
		return 0, history.Intact(runs) // it may not be the latest
	}
	if err := WarnMissing(ctx, u, store); err != nil {
		return 0, err
	}
	if which == Latest {
		return runs[0].Number, nil
	}
	o := &runs[0].Organization
	runs, err = store.Runs(ctx, history.Query{Organization: o.Login, Host: o.Host, Limit: 2})
	switch {
	case err != nil:
		return 0, err
	case len(runs) < 2:
		return 0, fmt.Errorf("the history has one run of %s only: there is no previous one", o.Login)
	case history.Intact(runs) != nil:
		return 0, history.Intact(runs)
	}
	return runs[0].Number, nil
}

// PeriodFlags choose runs by the instant that they are as of.
type PeriodFlags struct{ From, to string }

// Register registers --from and --to.
func (f *PeriodFlags) Register(set *pflag.FlagSet) {
	set.StringVar(&f.From, "from", "", "from this `day` on: 2026-01-01, or RFC 3339")
	set.StringVar(&f.to, "to", "", "until before this `day`")
}

// Period returns the instants that the flags name; zero for one that is left out.
func (f *PeriodFlags) Period() (from, to time.Time, err error) {
	if from, err = ui.ParseTime(f.From); err != nil {
		return from, to, fmt.Errorf("--from: %w", err)
	}
	if to, err = ui.ParseTime(f.to); err != nil {
		return from, to, fmt.Errorf("--to: %w", err)
	}
	if !to.IsZero() && !from.Before(to) {
		return from, to, fmt.Errorf("--from %s is not before --to %s", f.From, f.to)
	}
	return from, to, nil
}

// hostAndID returns of which organization of a name a run is.
func hostAndID(o *audit.Organization) string {
	if o.ID == 0 {
		return o.Host + "/" + o.Login
	}
	return fmt.Sprintf("%s, id %d", o.Host, o.ID)
}
