// SPDX-License-Identifier: Apache-2.0

package records

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// Variable names a history for every command.
const Variable = "PATAUDIT_HISTORY"

// SaveFlags say where runs are remembered.
type SaveFlags struct {
	URL, Batch string
	Required   bool
}

// Register registers the flags of an audit.
func (f *SaveFlags) Register(set *pflag.FlagSet) {
	set.StringVar(&f.URL, "history", "", "`url` of the history that remembers this run and tells "+
		"what changed: pataudit.db, postgres://… ("+Variable+")")
	set.BoolVar(&f.Required, "history-required", false, "a run without an earlier one in the "+
		"history is incomplete: what tokens gained cannot be told")
	set.StringVar(&f.Batch, "batch", "", "`name` of a job that several processes share: an "+
		"organization that has a run of it in the history is not audited again")
}

// Location returns the history that is named; nil if there is none.
func (f *SaveFlags) Location(u *ui.UI) (*history.Location, error) {
	url, from := f.URL, "--history"
	if url == "" {
		url, from = ui.Environment(Variable), Variable
	}
	if url == "" {
		switch {
		case f.Batch != "":
			return nil, errors.New("--batch is told by a history: --history URL")
		case f.Required:
			return nil, errors.New("--history-required: no history is named: --history URL")
		}
		return nil, nil //nolint:nilnil // no history is no error
	}
	if len(f.Batch) > mostBatch {
		return nil, fmt.Errorf("--batch is longer than %d bytes", mostBatch)
	}
	at, err := history.Parse(url)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	if from == "--history" && at.String() != url {
		u.Warnf("the password in --history can be seen by others on this machine: "+
			"use PGPASSFILE, or %s", Variable)
	}
	keepsHistory(&u.Files, at)
	return at, nil
}

// keepsHistory notes the files of a history.
func keepsHistory(o *ui.Files, at *history.Location) {
	for _, beside := range []string{"", "-wal", "-shm", "-journal"} { // SQLite's own
		if at.File() != "" {
			o.Reads(at.File() + beside)
		}
	}
}

// defaultHistory is the history of who names none.
const defaultHistory = "pataudit.db"

// ReadFlags name the history that a command reads.
type ReadFlags struct{ URL, Host string }

// Register registers --history.
func (f *ReadFlags) Register(set *pflag.FlagSet) {
	set.StringVar(&f.URL, "history", "", "`url` of the history: pataudit.db, postgres://… ("+
		Variable+"; else "+defaultHistory+")")
}

// RegisterHost registers --host.
func (f *ReadFlags) RegisterHost(set *pflag.FlagSet) {
	set.StringVar(&f.Host, "host", "", "`name` of the GitHub, where two have such an "+
		"organization: github.com")
}

// location returns the history that is meant.
func (f *ReadFlags) location(u *ui.UI) (*history.Location, error) {
	at, err := (&SaveFlags{URL: f.URL}).Location(u)
	if err == nil && at == nil {
		if at, err = history.Parse(defaultHistory); err == nil {
			keepsHistory(&u.Files, at)
		}
	}
	return at, err
}

// With opens the history for a command, and closes it after. A wrong URL is usage; that there is
// no history is told as such. What do returns fails the command, unless it is marked otherwise.
func (f *ReadFlags) With(
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
	if err := cmp.Or(do(store), store.Close()); err != nil {
		return ui.Failed(err)
	}
	return nil
}
