// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"time"

	"github.com/complytime/pataudit/audit"
)

// After returns when evidence that has just been collected has its place among the runs of an
// organization: at the instant that GitHub's clock showed, unless a run of the same second is
// stored, or a moment after that. The clock shows whole seconds, and what is remembered of a run
// is what others saw before it.
func (s *Store) After(
	ctx context.Context, o *audit.Organization, at time.Time,
) (place time.Time, err error) {
	place = at
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var last int64
		err := tx.QueryRowContext(ctx, `
			SELECT COALESCE(MAX(r.collected_at), -1)
			FROM pataudit_runs r JOIN pataudit_organizations o ON o.number = r.organization
			WHERE o.identity = $1 AND r.collected_at >= $2 AND r.collected_at < $3`,
			identity(o), micros(at), micros(at.Add(time.Second))).Scan(&last)
		if last >= 0 {
			place = instant(last).Add(time.Millisecond)
		}
		return err
	})
	return place, s.failed("looking for the last run of "+o.Login, err)
}
