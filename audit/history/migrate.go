// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
)

// migrations are the steps from each version of the schema to the next: 001.sql makes the first.
// A step that a release carried is never changed.
//
//go:embed migrations
var migrations embed.FS

// steps returns an engine's, in order.
func (e *engine) steps() ([]string, error) {
	folder := "migrations/" + e.name
	files, err := fs.ReadDir(migrations, folder)
	if err != nil {
		return nil, err
	}
	var steps []string
	for _, file := range files {
		step, err := fs.ReadFile(migrations, folder+"/"+file.Name())
		if err != nil {
			return nil, err
		}
		steps = append(steps, string(step))
	}
	return steps, nil
}

// migrate brings the schema up to date; it makes one only if it may.
func (s *Store) migrate(ctx context.Context, create bool) error {
	steps, err := s.engine.steps()
	if err != nil {
		return err
	}
	return s.migrateTo(ctx, steps, create)
}

// migrateTo takes the steps that are missing, all in one transaction. Who finds nothing to do
// takes no lock, so that reading keeps no writer waiting.
func (s *Store) migrateTo(ctx context.Context, steps []string, create bool) error {
	var current int
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		current, err = s.version(ctx, tx)
		return err
	})
	if err == nil && current < len(steps) && (create || current > 0) {
		err = s.write(ctx, s.engine.alone, func(ctx context.Context, tx *sql.Tx) error {
			if current, err = s.version(ctx, tx); err != nil || current >= len(steps) {
				return err // another one was faster
			}
			for _, step := range steps[current:] {
				if _, err := tx.ExecContext(ctx, step); err != nil {
					return err
				}
			}
			_, err := tx.ExecContext(ctx, `UPDATE pataudit_schema SET version = $1`, len(steps))
			return err
		})
	}
	switch {
	case err != nil:
		return s.failed("opening", err)
	case current > len(steps):
		return fmt.Errorf("history %s was written by a newer pataudit (schema %d; this one knows "+
			"%d): update", s.at, current, len(steps))
	case current == 0 && !create:
		return fmt.Errorf("history %s: %w", s.at, errNoHistory)
	}
	return nil
}

// version is the schema's; 0 for none.
func (s *Store) version(ctx context.Context, q querier) (version int, err error) {
	if err := q.QueryRowContext(ctx, s.engine.hasSchema).Scan(&version); err != nil || version == 0 {
		return 0, err
	}
	return version, q.QueryRowContext(ctx, `SELECT version FROM pataudit_schema`).Scan(&version)
}
