// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// withoutTriggers refuses a store in which a trigger, a view or the like stands at one of our
// tables, or a foreign key that deletes with what it refers to: it could change what is written,
// and the digests would then be of that.
func (s *Store) withoutTriggers(ctx context.Context) error {
	var all []error
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		all, err = triggers(ctx, tx, s.engine.triggers)
		return err
	})
	return s.failed("opening", errors.Join(append(all, err)...))
}

func triggers(ctx context.Context, q querier, query string) (all []error, err error) {
	err = each(ctx, q, func(rows *sql.Rows) error {
		var kind, name, table string
		err := rows.Scan(&kind, &name, &table)
		at := ""
		if name != table {
			at = " of " + table
		}
		all = append(all, fmt.Errorf("the %s %q%s is not pataudit's, and can change what is written "+
			"and read: restore a copy of the history from before; or keep one of this for whoever "+
			"looks why, and drop the %[1]s", kind, name, at))
		return err
	}, query)
	return all, err
}
