// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/complytime/pataudit/audit"
)

// Life returns what is known of a token of an organization. The error wraps [ErrNotFound] if the
// tables do not know it.
func (s *Store) Life(
	ctx context.Context, o *audit.Organization, token int64,
) (life *audit.Life, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := identityIntact(ctx, tx, identity(o), intoTokens(), intoStates(),
			intoContents(), expiryTable.into()); err != nil {
			return err
		}
		life, err = lifeOf(ctx, tx, o, token)
		return err
	})
	return life, s.failed(fmt.Sprintf("grant %d", token), err)
}

func lifeOf(
	ctx context.Context, q querier, o *audit.Organization, token int64,
) (*audit.Life, error) {
	var firstSeen, gone int64
	if err := q.QueryRowContext(ctx, `
		SELECT t.first_seen, CASE WHEN t.gone_run = 0 THEN $3 ELSE t.gone_at END
		FROM pataudit_tokens t JOIN pataudit_organizations o ON o.number = t.organization
		WHERE o.identity = $1 AND t.id = $2`, identity(o), token, never,
	).Scan(&firstSeen, &gone); err != nil {
		return nil, found(err)
	}
	life := &audit.Life{FirstSeen: instant(firstSeen), GoneAt: instant(gone)}
	var expiries []audit.Expiry
	if err := expiryTable.each(ctx, q, func(row stretch[expirySeen]) {
		expiries = append(expiries, expiryFrom(&row))
	}, `JOIN pataudit_organizations o ON o.number = e.organization
		WHERE o.identity = $1 AND e.token = $2`, identity(o), token); err != nil {
		return nil, err
	}
	life.ExpiresAt, life.ToldSince = lastExpiry(expiries)
	var err error
	life.States, err = statesOf(ctx, q, o, token)
	return life, err
}
