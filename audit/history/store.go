// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"
)

// Store is an open history. Several goroutines may use it at once, and several processes may have
// the same one open.
type Store struct {
	at     *Location
	engine *engine
	db     *sql.DB

	onlyRead *onlyRead // nil if it can be written
}

// maxConnections is how many questions a store asks at once.
const maxConnections = 4

// Open opens a history, makes the SQLite file if there is none, and brings the schema up to date.
// A history that a newer pataudit wrote is an error, and one in whose tables a trigger or the like
// changes what is written.
func Open(ctx context.Context, at *Location) (*Store, error) { return open(ctx, at, true) }

// OpenExisting opens a history that is there: it makes neither a file nor tables. The error wraps
// [fs.ErrNotExist] if there is none.
func OpenExisting(ctx context.Context, at *Location) (*Store, error) {
	return open(ctx, at, false)
}

func open(ctx context.Context, at *Location, create bool) (*Store, error) {
	s := &Store{at: at}
	var err error
	if at.postgres != nil {
		s.engine = postgresEngine(at.postgres)
		s.db, err = openPostgres(ctx, at.postgres)
	} else {
		s.engine = sqliteEngine()
		s.db, s.onlyRead, err = openSQLite(at.path, create)
	}
	if errors.Is(err, fs.ErrNotExist) && !create {
		return nil, fmt.Errorf("history %s: %w", at, errNoHistory)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the history %s: %w", at, at.explain(err))
	}
	s.db.SetMaxOpenConns(maxConnections)
	s.db.SetMaxIdleConns(maxConnections)
	err = s.migrate(ctx, create)
	if err == nil {
		err = s.withoutTriggers(ctx)
	}
	if err != nil {
		return nil, errors.Join(s.onlyRead.explain(err), s.db.Close())
	}
	return s, nil
}

// errNoHistory is an error of its own wording, and [fs.ErrNotExist].
var errNoHistory error = notExist{}

type notExist struct{}

func (notExist) Error() string        { return "there is none: an audit with --history makes one" }
func (notExist) Is(target error) bool { return target == fs.ErrNotExist }

// Location returns where it is.
func (s *Store) Location() *Location { return s.at }

// Close closes the store. Nothing is pending: what was saved is saved.
func (s *Store) Close() error { return s.failed("closing", s.db.Close()) }

// failed returns what could not be done, and where; nil for no error.
func (s *Store) failed(act string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("history %s: %s: %w", s.at, act, s.at.explain(err))
}

// How often a transaction that another one kept from its work is tried, and how long it rests in
// between. The engines wait a second at each try: two minutes in all.
const (
	tries = 120
	rest  = 20 * time.Millisecond
)

// commitPatience is how long a server may take to answer that a transaction is committed.
const commitPatience = time.Minute

// ErrUnfinished is wrapped by the error of a transaction of which it is not known whether it was
// committed: the server did not answer.
var ErrUnfinished = errors.New("whether it was saved is not known")

// write runs one transaction, under one of the engine's locks, until it goes through or fails by
// its own fault. Do may be called several times, and what it did is undone in between.
func (s *Store) write(
	ctx context.Context, lock string, do func(ctx context.Context, tx *sql.Tx) error,
) error {
	if err := s.onlyRead.refuse(); err != nil {
		return err
	}
	return s.untilThrough(ctx, func() error { return s.writeOnce(ctx, lock, do) })
}

// untilThrough does what other runs can keep from its work, until it goes through or fails by its
// own fault.
func (s *Store) untilThrough(ctx context.Context, do func() error) error {
	for try := 1; ; try++ {
		err := do()
		if err == nil || !s.engine.again(err) {
			return err
		}
		if try == tries {
			return fmt.Errorf("other runs kept it busy, %d times: %w", tries, err)
		}
		timer := time.NewTimer(rest)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}

func (s *Store) writeOnce(
	ctx context.Context, lock string, do func(ctx context.Context, tx *sql.Tx) error,
) error {
	// Until it is committed, the end of ctx ends the transaction, and then no more: whoever
	// interrupts learns what was saved.
	within, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	follows := context.AfterFunc(ctx, end)
	defer follows()
	tx, err := s.begin(within, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // undoes nothing that was committed
	if lock != "" {
		if _, err := tx.ExecContext(within, lock); err != nil {
			return err
		}
	}
	if err := do(within, tx); err != nil {
		return err
	}
	if !follows() {
		return ctx.Err()
	}
	defer time.AfterFunc(commitPatience, end).Stop()
	if err := tx.Commit(); err != nil {
		return s.engine.unfinished(err)
	}
	return nil
}

// read runs one transaction that sees one state of the store. Do may be called several times, as
// that of write.
func (s *Store) read(
	ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error,
) error {
	return s.untilThrough(ctx, func() error {
		tx, err := s.begin(ctx, &s.engine.reading)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // nothing was written
		err = do(ctx, tx)
		if changed := s.onlyRead.unchanged(); changed != nil {
			return changed // whatever was read of it
		}
		return err
	})
}

// begin begins a transaction with the engine's settings. Nothing is asked outside of one, where a
// pooler may give a session that has them not.
func (s *Store) begin(ctx context.Context, options *sql.TxOptions) (*sql.Tx, error) {
	tx, err := s.db.BeginTx(ctx, options)
	if err != nil || len(s.engine.settings) == 0 {
		return tx, err
	}
	var each []string
	var args []any
	for _, name := range slices.Sorted(maps.Keys(s.engine.settings)) {
		each = append(each, fmt.Sprintf("set_config($%d, $%d, true)", len(args)+1, len(args)+2))
		args = append(args, name, s.engine.settings[name])
	}
	if _, err := tx.ExecContext(ctx, "SELECT "+strings.Join(each, ", "), args...); err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	return tx, nil
}
