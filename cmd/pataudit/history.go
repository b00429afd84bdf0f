// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// defaultHistory is the history of who names none.
const defaultHistory = "pataudit.db"

func historyCommand(u *ui.UI) *cobra.Command {
	command := &cobra.Command{
		Use:   "history",
		Short: "List, show and prune stored runs; trends, evidence, a dead man's switch",
		Long: `History works on the runs that audit --history remembered: in an SQLite file, or in
PostgreSQL. It is named by --history, else by ` + historyVariable + `, else it is pataudit.db. None
of these commands makes one.`,
		Example: `  pataudit audit complytime --history pataudit.db
  pataudit history list complytime
  pataudit history show latest -o audit.html
  pataudit history trend complytime --from 2026-01-01
  pataudit history check --max-age 8d
  pataudit history evidence acme --from 2026-01-01 --to 2027-01-01 -o evidence.zip`,
	}
	command.AddCommand(
		historyList(u), historyShow(u), historyTrend(u), historyCheck(u), historyEvidence(u),
		historyPrune(u), historyForget(u),
	)
	return command
}

// storeFlags name the history that a command reads.
type storeFlags struct{ url, host string }

func (f *storeFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.url, "history", "", "`url` of the history: pataudit.db, postgres://… ("+
		historyVariable+"; else "+defaultHistory+")")
}

func (f *storeFlags) registerHost(flags *pflag.FlagSet) {
	flags.StringVar(&f.host, "host", "", "`name` of the GitHub, where two have such an "+
		"organization: github.com")
}

// location gives the history that is meant.
func (f *storeFlags) location(u *ui.UI) (*history.Location, error) {
	at, err := (&historyFlags{url: f.url}).location(u)
	if err == nil && at == nil {
		if at, err = history.Parse(defaultHistory); err == nil {
			keepsHistory(&u.Files, at)
		}
	}
	return at, err
}

// with opens the history for a command, and closes it after. A wrong URL is usage; that there is
// no history is told as such.
func (f *storeFlags) with(
	ctx context.Context, u *ui.UI, do func(store *history.Store) error,
) error {
	at, err := f.location(u)
	if err != nil {
		return ui.Usage(err)
	}
	store, err := history.OpenExisting(ctx, at)
	if err != nil {
		return ui.Failed(err)
	}
	err = do(store)
	if closed := store.Close(); err == nil && closed != nil {
		err = ui.Failed(closed)
	}
	return err
}

// errNoRun says that the history has no such run.
var errNoRun = errors.New("no run")

// of gives the runs of the one organization that has a name, oldest first. There is at least one.
func (f *storeFlags) of(
	ctx context.Context, store *history.Store, query history.Query,
) ([]history.Run, error) {
	query.Host = f.host
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
		if a, b := &runs[0].Organization, &runs[i].Organization; whichOf(a) != whichOf(b) {
			return nil, fmt.Errorf("%s is the name of two organizations: %s and %s; --host names one, "+
				"and --from and --to tell a former owner of the name from the present one",
				query.Organization, whichOf(a), whichOf(b))
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
	runLatest   = "latest"
	runPrevious = "previous" // the one before the latest, of the same organization
)

func isRelative(which string) bool { return which == runLatest || which == runPrevious }

// parseRun reads the number of a run; 0 for one that is named by its place.
func parseRun(which string) (int64, error) {
	if isRelative(which) {
		return 0, nil
	}
	number, err := strconv.ParseInt(which, 10, 64)
	if err != nil || number <= 0 {
		return 0, ui.Usagef("%q is no run: name its number, latest or previous", which)
	}
	return number, nil
}

// number reads which run is meant: its number, or its place.
func (f *storeFlags) number(
	ctx context.Context, u *ui.UI, store *history.Store, which, organization string,
) (int64, error) {
	if number, err := parseRun(which); err != nil || number != 0 {
		return number, err
	}
	runs, err := store.Runs(ctx, history.Query{
		Organization: organization, Host: f.host, Limit: 1,
	})
	switch {
	case err != nil:
		return 0, ui.Failed(err)
	case len(runs) == 0:
		return 0, ui.Failed(fmt.Errorf("%w of %s in the history", errNoRun,
			cmp.Or(organization, "any organization")))
	case history.Intact(runs) != nil:
		return 0, ui.Failed(history.Intact(runs)) // it may not be the latest
	}
	if err := tellMissing(ctx, u, store); err != nil {
		return 0, ui.Failed(err)
	}
	if which == runLatest {
		return runs[0].Number, nil
	}
	o := &runs[0].Organization
	runs, err = store.Runs(ctx, history.Query{Organization: o.Login, Host: o.Host, Limit: 2})
	switch {
	case err != nil:
		return 0, ui.Failed(err)
	case len(runs) < 2:
		return 0, ui.Failed(fmt.Errorf("the history has one run of %s only: there is no previous one",
			o.Login))
	case history.Intact(runs) != nil:
		return 0, ui.Failed(history.Intact(runs))
	}
	return runs[0].Number, nil
}

// periodFlags choose runs by the instant that they are as of.
type periodFlags struct{ from, to string }

func (f *periodFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.from, "from", "", "from this `day` on: 2026-01-01, or RFC 3339")
	flags.StringVar(&f.to, "to", "", "until before this `day`")
}

func (f *periodFlags) period() (from, to time.Time, err error) {
	if from, err = parseTime(f.from); err != nil {
		return from, to, fmt.Errorf("--from: %w", err)
	}
	if to, err = parseTime(f.to); err != nil {
		return from, to, fmt.Errorf("--to: %w", err)
	}
	if !to.IsZero() && !from.Before(to) {
		return from, to, fmt.Errorf("--from %s is not before --to %s", f.from, f.to)
	}
	return from, to, nil
}

// ageUnits are those of an age; a month has no fixed length.
var ageUnits = map[byte]time.Duration{'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}

// parseAge reads "8d", "36h" or "2w".
func parseAge(text string) (time.Duration, error) {
	const most = 100 * 366 * 24 * time.Hour
	wrong := fmt.Errorf("%q is no age: 8d, 36h or 2w", text)
	if text == "" {
		return 0, wrong
	}
	unit := ageUnits[text[len(text)-1]]
	n, err := strconv.ParseInt(text[:len(text)-1], 10, 64)
	if err != nil || unit == 0 || n <= 0 || strings.HasPrefix(text, "+") ||
		n > int64(most/unit) {
		return 0, wrong
	}
	return time.Duration(n) * unit, nil
}

// keepsNames refuses a command whose output names people where everybody can read it.
func keepsNames(allowPublic bool, command string) error {
	if err := ui.PlaceOf(allowPublic, os.Getenv).Refuse(command); err != nil {
		return ui.Usage(err)
	}
	return nil
}

// isAbsent reports whether there is no history at all.
func isAbsent(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// whichOf names an organization, whatever it is called at the time.
func whichOf(o *audit.Organization) string {
	if o.ID != 0 {
		return fmt.Sprintf("%s, id %d", o.Host, o.ID)
	}
	return o.Host + "/" + strings.ToLower(o.Login)
}
