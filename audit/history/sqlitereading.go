// SPDX-License-Identifier: Apache-2.0

package history

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
)

// onlyRead is an SQLite file that we cannot write, or in whose folder we cannot: a copy on a
// read-only share, or another user's. We leave nothing beside it, which would be ours and keep its
// owner out.
type onlyRead struct {
	path string
	why  error

	// asOpened is the file of which SQLite was told that nobody writes it; nil where it looks
	// itself, at the log that it shares with others.
	asOpened os.FileInfo
}

// The files that SQLite has beside its own while somebody writes, or if one was killed.
const (
	logSuffix     = "-wal"
	sharedSuffix  = "-shm"
	journalSuffix = "-journal"
)

// whyOnlyRead returns why a file can only be read; nil if it can be written.
func whyOnlyRead(path string) error {
	for _, needed := range []string{path, filepath.Dir(path)} {
		if err := mayWrite(needed); err != nil {
			return &fs.PathError{Op: "writing", Path: needed, Err: err}
		}
	}
	return nil
}

// openToRead opens a file without writing anything. SQLite reads a file that others may be writing
// by the log that they share, if it is there. Where it is not and none may be made, SQLite cannot
// know whether somebody writes: if nothing is unfinished, the file alone is read, and watched.
func openToRead(path string, why error) (*sql.DB, *onlyRead, error) {
	read := &onlyRead{path: path, why: why}
	options := "?mode=ro&_busy_timeout=1000"
	if !exists(path+logSuffix) || !exists(path+sharedSuffix) {
		if left := unfinished(path); left != "" {
			return nil, nil, fmt.Errorf("what was written last is in %s, which is only read where the "+
				"folder can be written (%w): copy both files to a folder of your own", left, why)
		}
		var err error
		if read.asOpened, err = os.Stat(path); err != nil {
			return nil, nil, err
		}
		options += "&immutable=1"
	}
	db, err := connectSQLite(path, options)
	return db, read, err
}

// refuse returns the error that nothing can be written.
func (r *onlyRead) refuse() error {
	if r == nil {
		return nil
	}
	return fmt.Errorf("it can only be read (%w): whoever changes it needs to write the file and "+
		"its folder", r.why)
}

// explain adds to SQLite's own words why it cannot do what it tried.
func (r *onlyRead) explain(err error) error {
	if r == nil || !errors.As(err, new(*sqlite.Error)) {
		return err
	}
	return fmt.Errorf("%w: it can only be read (%w)", err, r.why)
}

// errWritten is of a file that is only read while others write it.
var errWritten = errors.New("another process wrote it while it was read: try again")

// unchanged returns an error if what was read may be no longer, or never have been, what is there.
func (r *onlyRead) unchanged() error {
	if r == nil || r.asOpened == nil {
		return nil
	}
	now, err := os.Stat(r.path)
	if err != nil {
		return err
	}
	if unfinished(r.path) != "" || !os.SameFile(now, r.asOpened) ||
		now.Size() != r.asOpened.Size() || !now.ModTime().Equal(r.asOpened.ModTime()) {
		return errWritten
	}
	return nil
}

// unfinished returns the file beside a history with what is not in that yet; "" for none.
func unfinished(path string) string {
	return cmp.Or(filled(path+logSuffix), filled(path+journalSuffix))
}

// filled returns a path if there is something at it; else "".
func filled(path string) string {
	if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return ""
	}
	return path
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
