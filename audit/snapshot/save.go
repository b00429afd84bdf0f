// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"github.com/complytime/pataudit/audit"
)

// Save writes the evidence and returns the digest of exactly the bytes that it wrote. It leaves e
// as it is: to carry the digest into a report, set e.Digest.
//
// Save refuses evidence that would not read back the same: tokens out of order, two repositories
// or members that differ and share an id, text that is not UTF-8, years beyond 9999. What was
// written by then is to be thrown away, as after an error of w.
func Save(w io.Writer, e *audit.Evidence) (digest string, err error) {
	t, err := tabulate(e)
	if err != nil {
		return "", fmt.Errorf("saving the evidence: %w", err)
	}
	s := newWriter(w)
	save(s, e, t)
	if err := cmp.Or(s.err, checkBalance(e)); err != nil {
		return "", fmt.Errorf("saving the evidence: %w", err)
	}
	return s.digest(), nil
}

// save writes the sections in their order. The tables stand before the rows that refer to them, so
// that a reader can resolve each row as it comes.
func save(s *writer, e *audit.Evidence, t *tables) {
	s.section(keyVersion, version)
	s.section(keyCollectedAt, timeOrNull(e.CollectedAt))
	row, err := organizationOf(e.Organization)
	s.fail(err, keyOrganization)
	s.section(keyOrganization, row)
	before := ""
	rows(s, keyCoverage, e.Coverage, func(c audit.Coverage) (any, error) {
		row := coverageRow(c)
		err := row.check(before)
		before = c.Source
		return row, err
	})
	rows(s, keyMembers, t.members, func(m *audit.Member) (any, error) {
		row := memberRow(*m)
		return row, row.check()
	})
	rows(s, keyRepositories, t.repositories, func(r *audit.Repository) (any, error) {
		return repositoryRow(*r), nil
	})
	rows(s, keyPermissions, t.permissions, func(set []audit.Permission) (any, error) {
		return permissionsOf(set), checkSet(set)
	})
	s.section(keyOrganizationRepositories, idsOrNull(e.Organization.Repositories))
	var last int64
	var one tokenRow // for all: each is written before the next
	rows(s, keyTokens, e.Tokens, func(token *audit.Token) (_ any, err error) {
		one, err = t.token(token, &last)
		return &one, err
	})
	last = 0
	rows(s, keyRequests, e.Requests, func(r *audit.Request) (any, error) {
		token, err := t.token(r.Token, &last)
		return requestRow{tokenRow: token, Reason: r.Reason, CreatedAt: r.CreatedAt.UTC()}, err
	})
	saveDropped(s, e)
	saveManifest(s, e)
	saveClassic(s, e)
	saveContacts(s, e)
	s.end()
}

func organizationOf(o *audit.Organization) (organizationRow, error) {
	known, err := factNames(o.Known)
	return organizationRow{
		Login: o.Login, ID: o.ID, Host: o.Host, TwoFactorRequired: o.TwoFactorRequired, Known: known,
	}, err
}

func permissionsOf(set []audit.Permission) permissionsRow {
	row := make(permissionsRow, len(set))
	for i, p := range set {
		row[i] = [3]string{p.Group, p.Name, p.Level}
	}
	return row
}

// token returns a token's row, and refuses one that does not come after the last.
func (t *tables) token(token *audit.Token, last *int64) (tokenRow, error) {
	known, err := t.factNames(token.Known)
	row := tokenRow{
		ID:           token.ID,
		TokenID:      token.TokenID,
		Name:         token.Name,
		Selection:    token.Selection,
		Permissions:  t.setOf(token.Permissions),
		Repositories: idsOf(token.Repositories),
		GrantedAt:    token.GrantedAt.UTC(),
		CreatedAt:    token.CreatedAt.UTC(),
		ApprovedBy:   token.ApprovedBy,
		ExpiresAt:    token.ExpiresAt.UTC(),
		LastUsedAt:   token.LastUsedAt.UTC(),
		Expired:      token.Expired,
		Known:        known,
	}
	if then := token.ApproverRole; then != nil {
		row.ApproverRole = then.Role
		row.RoleSince, row.RoleUntil = then.Since.UTC(), then.Until.UTC()
	}
	if token.Owner != nil {
		row.Owner = &token.Owner.ID
	}
	err = cmp.Or(err, follows(*last, token.ID), checkClaims(token))
	*last = token.ID
	return row, err
}

func idsOf(repositories []*audit.Repository) []int64 {
	if repositories == nil {
		return nil
	}
	ids := make([]int64, len(repositories))
	for i, r := range repositories {
		ids[i] = r.ID
	}
	return ids
}

// Outside of a row nothing is left out: what is not there is null.

func idsOrNull(repositories []*audit.Repository) any {
	if repositories == nil {
		return nil
	}
	return idsOf(repositories)
}

func timeOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}
