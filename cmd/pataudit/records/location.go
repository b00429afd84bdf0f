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

// SaveFlags are the flags for where runs are remembered.
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
	at, err := locate(u, f.URL, "")
	switch {
	case err != nil:
		return nil, err
	case at == nil && f.Batch != "":
		return nil, errors.New("--batch is told by a history: --history URL")
	case at == nil && f.Required:
		return nil, errors.New("--history-required: no history is named: --history URL")
	case len(f.Batch) > mostBatch:
		return nil, fmt.Errorf("--batch is longer than %d bytes", mostBatch)
	}
	return at, nil
}

// locate returns the history of a URL, else of the environment, else the other one; nil if there
// is none. No output may take the place of its files.
func locate(u *ui.UI, given, other string) (*history.Location, error) {
	url, from := cmp.Or(given, ui.Environment(Variable), other), "--history"
	if url == "" {
		return nil, nil //nolint:nilnil // no history is no error
	}
	if given == "" {
		from = Variable
	}
	at, err := history.Parse(url)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	if given != "" && at.String() != url {
		u.Warnf("the password in --history can be seen by others on this machine: "+
			"use PGPASSFILE, or %s", Variable)
	}
	for _, beside := range []string{"", "-wal", "-shm", "-journal"} { // SQLite's own
		if at.File() != "" {
			u.Files.Reads(at.File() + beside)
		}
	}
	return at, nil
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

// With opens the history for a command, and closes it after. A wrong URL is usage; that there is
// no history is an error of its own. What do returns fails the command, unless it is marked.
func (f *ReadFlags) With(
	ctx context.Context, u *ui.UI, do func(store *history.Store) error,
) error {
	store, err := f.open(ctx, u, defaultHistory)
	if err != nil {
		return err
	}
	if err := cmp.Or(do(store), store.Close()); err != nil {
		return ui.Failed(err)
	}
	return nil
}

// OpenNamed opens the history that a flag or the environment names; it returns nil if none does.
func (f *ReadFlags) OpenNamed(ctx context.Context, u *ui.UI) (*history.Store, error) {
	return f.open(ctx, u, "")
}

// open opens the history that is named, else the other one; nil if that is "".
func (f *ReadFlags) open(ctx context.Context, u *ui.UI, other string) (*history.Store, error) {
	at, err := locate(u, f.URL, other)
	if err != nil {
		return nil, ui.Usage(err)
	}
	if at == nil {
		return nil, nil //nolint:nilnil // no history is no error
	}
	store, err := history.OpenExisting(ctx, at)
	if err != nil {
		return nil, ui.Failed(err)
	}
	return store, nil
}
