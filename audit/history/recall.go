// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
)

// Recall gives what is remembered of an organization from evidence that was collected before asOf
// (zero: of all times): the past of each token, the trend, and the number of the last complete run
// (0: there was none) that did without no more than skipped, so that a run that does without the
// same can be compared with it. Memory.Last is for the caller to fill, from that run's documents.
func (s *Store) Recall(
	ctx context.Context, o *audit.Organization, skipped audit.Facts, asOf time.Time,
) (*audit.Memory, error) {
	before := int64(math.MaxInt64)
	if !asOf.IsZero() {
		before = micros(asOf)
	}
	memory := &audit.Memory{}
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		runs, err := readRuns(ctx, tx, `
			WHERE o.identity = $1 AND r.complete AND r.collected_at < $2
			ORDER BY r.collected_at, r.number`,
			identity(o), before)
		if err != nil {
			return err
		}
		for i := range runs {
			memory.Trend = append(memory.Trend, runs[i].Point)
			if runs[i].Skipped&^skipped == 0 {
				memory.LastRun = runs[i].Number
			}
		}
		grants, err := recallTokens(ctx, tx, identity(o), before)
		if err != nil {
			return err
		}
		if err := recallFindings(ctx, tx, grants, identity(o), before); err != nil {
			return err
		}
		memory.Tokens = shared(grants)
		return nil
	})
	if err != nil {
		return nil, s.failed("remembering "+o.Login, err)
	}
	return memory, nil
}

// grantPast is the past of one grant, and since when the last expiry was told.
type grantPast struct {
	audit.Past
	told int64
}

// recallTokens recalls the grants that were seen then, by their ids.
func recallTokens(
	ctx context.Context, tx *sql.Tx, identity text, before int64,
) (map[int64]*grantPast, error) {
	grants := map[int64]*grantPast{}
	err := each(ctx, tx, func(rows *sql.Rows) error {
		var id, tokenID, firstSeen, expiresAt, told int64
		if err := rows.Scan(&id, &tokenID, &firstSeen, &expiresAt, &told); err != nil {
			return err
		}
		past := &grantPast{Past: audit.Past{
			TokenID: tokenID, FirstSeen: instant(firstSeen), Failing: map[string]time.Time{},
		}, told: never}
		if told < before {
			past.ExpiresAt, past.told = instant(expiresAt), told
		}
		grants[id] = past
		return nil
	}, `SELECT t.id, t.token_id, t.first_seen, t.expires_at, t.expiry_told
		FROM pataudit_tokens t JOIN pataudit_organizations o ON o.number = t.organization
		WHERE o.identity = $1 AND t.first_seen < $2`, identity, before)
	return grants, err
}

// recallFindings recalls what was open then, even if it has been closed since.
func recallFindings(
	ctx context.Context, tx *sql.Tx, grants map[int64]*grantPast, identity text, before int64,
) error {
	return each(ctx, tx, func(rows *sql.Rows) error {
		var token, firstSeen int64
		var rule text
		err := rows.Scan(&token, &rule, &firstSeen)
		if past := grants[token]; past != nil && err == nil {
			past.Failing[string(rule)] = instant(firstSeen)
		}
		return err
	}, `SELECT f.token, f.rule, f.first_seen
		FROM pataudit_findings f JOIN pataudit_organizations o ON o.number = f.organization
		WHERE o.identity = $1 AND f.first_seen < $2 AND (f.closed_run = 0 OR f.closed_at >= $2)`,
		identity, before)
}

// shared gives the grants of one token the same past: it is one token, whoever approved it again.
func shared(grants map[int64]*grantPast) map[int64]*audit.Past {
	byToken := map[int64]*grantPast{}
	pasts := make(map[int64]*audit.Past, len(grants))
	for _, id := range slices.Sorted(maps.Keys(grants)) {
		grant := grants[id]
		pasts[id] = &grant.Past
		if grant.TokenID == 0 {
			continue // of which token, is not known
		}
		token := byToken[grant.TokenID]
		if token == nil {
			byToken[grant.TokenID] = grant
			continue
		}
		pasts[id] = &token.Past
		if grant.FirstSeen.Before(token.FirstSeen) {
			token.FirstSeen = grant.FirstSeen
		}
		if grant.told > token.told {
			token.ExpiresAt, token.told = grant.ExpiresAt, grant.told
		}
		for rule, first := range grant.Failing {
			if earlier, open := token.Failing[rule]; !open || first.Before(earlier) {
				token.Failing[rule] = first
			}
		}
	}
	return pasts
}

// State is what a token could do since a run, as far as that run learned it.
type State struct {
	Run   int64 // it may have been pruned
	AsOf  time.Time
	Known audit.Facts // selection and permissions, repositories

	Selection    audit.Selection
	Permissions  []string // "repository:contents:write"
	Repositories []string // names, of a subset
}

// States lists the changes of what a token of an organization can do, oldest first. The first one
// is what it could do when it was first seen.
func (s *Store) States(
	ctx context.Context, o *audit.Organization, token int64,
) (states []State, err error) {
	err = each(ctx, s.db, func(rows *sql.Rows) error {
		var asOf int64
		var rights, reach sql.NullString
		state := State{}
		if err := rows.Scan(&state.Run, &asOf, &rights, &reach); err != nil {
			return err
		}
		state.AsOf = instant(asOf)
		err := state.fill(rights, reach)
		states = append(states, state)
		return err
	}, `SELECT s.run, s.as_of, rights.text, reach.text
		FROM pataudit_states s JOIN pataudit_organizations o ON o.number = s.organization
		LEFT JOIN pataudit_contents rights
			ON rights.organization = s.organization AND rights.digest = s.rights
		LEFT JOIN pataudit_contents reach
			ON reach.organization = s.organization AND reach.digest = s.reach
		WHERE o.identity = $1 AND s.token = $2 ORDER BY s.as_of, s.run`, identity(o), token)
	return states, s.failed("a token's changes", err)
}

func (s *State) fill(rights, reach sql.NullString) error {
	if rights.Valid {
		var row rightsRow
		if err := json.Unmarshal([]byte(rights.String), &row); err != nil {
			return err
		}
		s.Known |= audit.FactSelection | audit.FactPermissions
		s.Selection, s.Permissions = audit.Selection(row.Selection), row.Permissions
	}
	if reach.Valid {
		s.Known |= audit.FactRepositories
		return json.Unmarshal([]byte(reach.String), &s.Repositories)
	}
	return nil
}
