// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"cmp"
	"fmt"
	"time"

	"github.com/complytime/pataudit/audit"
)

// token makes a token of its row, with what it refers to, and refuses one that does not come after
// the last.
func (o *opener) token(row *tokenRow, last *int64) (*audit.Token, error) {
	if err := follows(*last, row.ID); err != nil {
		return nil, err
	}
	*last = row.ID
	known, err := parseFacts(row.Known)
	if err != nil {
		return nil, err
	}
	if err := cmp.Or(inUTC("granted_at", row.GrantedAt), inUTC("expires_at", row.ExpiresAt),
		inUTC("last_used_at", row.LastUsedAt),
		inUTC("token_created_at", row.CreatedAt), inUTC("approver_role_since", row.RoleSince),
		inUTC("approver_role_until", row.RoleUntil)); err != nil {
		return nil, err
	}
	token := &audit.Token{
		ID:         row.ID,
		TokenID:    row.TokenID,
		Name:       row.Name,
		Selection:  row.Selection,
		GrantedAt:  row.GrantedAt.UTC(),
		CreatedAt:  row.CreatedAt.UTC(),
		ApprovedBy: row.ApprovedBy,
		ExpiresAt:  row.ExpiresAt.UTC(),
		LastUsedAt: row.LastUsedAt.UTC(),
		Expired:    row.Expired,
		Known:      known,
	}
	then := audit.RoleThen{
		Role: row.ApproverRole, Since: row.RoleSince.UTC(), Until: row.RoleUntil.UTC(),
	}
	if then != (audit.RoleThen{}) {
		token.ApproverRole = &then
	}
	var ownerErr, setErr, repositoriesErr error
	token.Owner, ownerErr = o.ownerOf(row.Owner)
	token.Permissions, setErr = o.setOf(row.Permissions)
	token.Repositories, repositoriesErr = o.repositoriesOf(row.Repositories)
	return token, cmp.Or(ownerErr, setErr, repositoriesErr, checkClaims(token))
}

func (o *opener) ownerOf(id *int64) (*audit.Member, error) {
	if id == nil {
		return nil, nil
	}
	member, ok := o.members[*id]
	if !ok {
		return nil, fmt.Errorf("owner: %d is not among the members", *id)
	}
	return member, nil
}

func (o *opener) setOf(index *int) ([]audit.Permission, error) {
	if index == nil {
		return nil, nil
	}
	if *index < 0 || *index >= len(o.permissions) {
		return nil, fmt.Errorf("permissions: there is no set %d", *index)
	}
	set := o.permissions[*index]
	return set[:len(set):len(set)], nil
}

// repositoriesOf resolves a list of ids, each named once.
func (o *opener) repositoriesOf(ids []int64) ([]*audit.Repository, error) {
	if ids == nil {
		return nil, nil
	}
	o.once.begin()
	list := make([]*audit.Repository, len(ids))
	for i, id := range ids {
		repository, ok := o.repositories[id]
		switch {
		case !ok:
			return nil, fmt.Errorf("repositories/%d: %d is not among the repositories", i, id)
		case o.once.again(id):
			return nil, fmt.Errorf("repositories/%d: %d is there twice", i, id)
		}
		list[i] = repository
	}
	return list, nil
}

// inUTC refuses a time with an offset: in UTC it could leave the years that a snapshot holds.
func inUTC(key string, t time.Time) error {
	if _, offset := t.Zone(); offset != 0 {
		return fmt.Errorf("%s: the time is not in UTC", key)
	}
	return nil
}

func parseFacts(names []string) (audit.Facts, error) {
	known, unknown := audit.ParseFacts(names)
	if unknown != "" || len(known.Names()) != len(names) {
		return 0, fmt.Errorf("known: %.40q is no fact, or there twice", unknown)
	}
	return known, nil
}
