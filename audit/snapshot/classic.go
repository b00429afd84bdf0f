// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/complytime/pataudit/audit"
)

// Classic tokens stand apart: nothing refers to them.

type classicRow struct {
	ID           int64     `json:"id"`
	TokenID      int64     `json:"token_id,omitzero"`
	Login        string    `json:"login,omitzero"`
	Note         string    `json:"note,omitzero"`
	LastEight    string    `json:"last_eight,omitzero"`
	Scopes       []string  `json:"scopes,omitzero"`
	AuthorizedAt time.Time `json:"authorized_at,omitzero"`
	LastUsedAt   time.Time `json:"last_used_at,omitzero"`
	ExpiresAt    time.Time `json:"expires_at,omitzero"`
	Known        []string  `json:"known,omitzero"`
}

// checkClassic refuses one that does not come after the one before it; before is nil if it is the
// first.
func checkClassic(before, c *audit.Credential) error {
	const used = audit.FactLastUsed | audit.FactExpiry
	switch {
	case c.ID <= 0:
		return fmt.Errorf("id: %d is no id", c.ID)
	case c.TokenID < 0:
		return fmt.Errorf("token_id: %d is no id", c.TokenID)
	case before != nil && audit.CompareCredentials(before, c) >= 0:
		return errors.New("id: rows are in the order of login and id, each once")
	case c.Known&^used != 0:
		return fmt.Errorf("known: %s is not known of a classic token", c.Known&^used)
	}
	return nil
}

func saveClassic(s *writer, e *audit.Evidence) {
	var before *audit.Credential
	rows(s, keyClassic, e.Classic, func(c *audit.Credential) (any, error) {
		known, err := factNames(c.Known)
		err = cmp.Or(err, checkClassic(before, c))
		before = c
		return classicRow{
			ID: c.ID, TokenID: c.TokenID, Login: c.Login, Note: c.Note, LastEight: c.LastEight,
			Scopes: c.Scopes, AuthorizedAt: c.AuthorizedAt.UTC(), LastUsedAt: c.LastUsedAt.UTC(),
			ExpiresAt: c.ExpiresAt.UTC(), Known: known,
		}, err
	})
}

func (o *opener) classic(e *audit.Evidence) (err error) {
	var before *audit.Credential
	e.Classic, err = list(o.reader, func(row *classicRow) (*audit.Credential, error) {
		known, err := parseFacts(row.Known)
		c := &audit.Credential{
			ID: row.ID, TokenID: row.TokenID, Login: row.Login, Note: row.Note,
			LastEight: row.LastEight, Scopes: row.Scopes, AuthorizedAt: row.AuthorizedAt.UTC(),
			LastUsedAt: row.LastUsedAt.UTC(), ExpiresAt: row.ExpiresAt.UTC(), Known: known,
		}
		err = cmp.Or(err, inUTC("authorized_at", row.AuthorizedAt),
			inUTC("last_used_at", row.LastUsedAt), inUTC("expires_at", row.ExpiresAt),
			checkClassic(before, c))
		before = c
		return c, err
	})
	return err
}
