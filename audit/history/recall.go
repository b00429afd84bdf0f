// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
)

// Recall returns what is remembered of an organization from evidence that was collected before
// asOf (zero: of all times): the past of each token, the trend, and the number of the last
// complete run (0: there was none) that did without no more than skipped, so that a run that does
// without the same can be compared with it. Since when findings are open is told for who asks as
// asks says: by rule, what [audit.Criteria] hold. Memory.Last is for the caller to fill, from that
// run's documents.
func (s *Store) Recall(
	ctx context.Context, o *audit.Organization, asks map[string]string, skipped audit.Facts,
	asOf time.Time,
) (*audit.Memory, error) {
	before := int64(math.MaxInt64)
	if !asOf.IsZero() {
		before = micros(asOf)
	}
	var memory *audit.Memory
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		memory = &audit.Memory{}
		runs, err := readRuns(ctx, tx, `
			WHERE o.identity = $1 ORDER BY r.collected_at, r.number`, identity(o))
		if err == nil {
			err = Intact(runs) // of all: by what they are chosen may have been changed
		}
		if err != nil {
			return err
		}
		asked := map[question]bool{}
		for i := range runs {
			if micros(runs[i].CollectedAt) >= before {
				continue
			}
			for rule, digest := range runs[i].Asked {
				asked[question{rule, digest}] = true
			}
			if !runs[i].Complete {
				continue
			}
			memory.Trend = append(memory.Trend, runs[i].Point)
			memory.Runs = append(memory.Runs, runs[i].CollectedAt)
			if runs[i].Skipped&^skipped == 0 {
				memory.LastRun = runs[i].Number
			}
		}
		if err := identityIntact(ctx, tx, identity(o), digestedTables()...); err != nil {
			return err
		}
		grants, err := recallTokens(ctx, tx, identity(o), before)
		if err != nil {
			return err
		}
		of := func(rule string) (question, bool) {
			q := question{rule, asks[rule]}
			return q, !asked[q]
		}
		if err := recallFindings(ctx, tx, grants, identity(o), before, of); err != nil {
			return err
		}
		sights, last, err := recallStates(ctx, tx, identity(o), before, math.MaxInt64)
		if err != nil {
			return err
		}
		for id, grant := range grants {
			grant.Sights = sights[id]
		}
		memory.SeenBy = last
		if err := recallExpiries(ctx, tx, grants, identity(o), before); err != nil {
			return err
		}
		memory.Tokens = shared(grants)
		if err := recallApprovals(ctx, tx, memory, identity(o), before); err != nil {
			return err
		}
		memory.Earlier, err = began(ctx, tx, identity(o), before)
		return err
	})
	if err != nil {
		return nil, s.failed("remembering "+o.Login, err)
	}
	return memory, nil
}

// began reports whether there was a run by then. One that was pruned may have left tokens.
func began(
	ctx context.Context, tx *sql.Tx, identity text, before int64,
) (earlier bool, err error) {
	err = tx.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM pataudit_organizations o WHERE o.identity = $1 AND (
			EXISTS (SELECT 1 FROM pataudit_runs r
				WHERE r.organization = o.number AND r.collected_at < $2)
			OR EXISTS (SELECT 1 FROM pataudit_tokens t
				WHERE t.organization = o.number AND t.first_seen < $2)))`,
		identity, before).Scan(&earlier)
	return earlier, err
}

// recallTokens recalls the grants that were seen then, by their ids.
func recallTokens(
	ctx context.Context, tx *sql.Tx, identity text, before int64,
) (map[int64]*audit.Past, error) {
	grants := map[int64]*audit.Past{}
	err := each(ctx, tx, func(rows *sql.Rows) error {
		var id, tokenID, firstSeen int64
		err := rows.Scan(&id, &tokenID, &firstSeen)
		grants[id] = &audit.Past{
			TokenID: tokenID, FirstSeen: instant(firstSeen), Failing: map[string]time.Time{},
		}
		return err
	}, `SELECT t.id, t.token_id, t.first_seen
		FROM pataudit_tokens t JOIN pataudit_organizations o ON o.number = t.organization
		WHERE o.identity = $1 AND t.first_seen < $2`, identity, before)
	return grants, err
}

// recallFindings recalls what was open then, even if it has been closed since: by the question of
// each rule, or, of one that is new, by all of the rule.
func recallFindings(
	ctx context.Context, tx *sql.Tx, grants map[int64]*audit.Past, identity text, before int64,
	of func(rule string) (q question, isNew bool),
) error {
	return each(ctx, tx, func(rows *sql.Rows) error {
		var token, firstSeen int64
		var rule, asked text
		if err := rows.Scan(&token, &rule, &asked, &firstSeen); err != nil {
			return err
		}
		past, first := grants[token], instant(firstSeen)
		if q, isNew := of(string(rule)); past == nil || !isNew && q.asked != string(asked) {
			return nil
		}
		if known, open := past.Failing[string(rule)]; !open || first.Before(known) {
			past.Failing[string(rule)] = first
		}
		return nil
	}, `SELECT f.token, f.rule, f.asked, f.first_seen
		FROM pataudit_findings f JOIN pataudit_organizations o ON o.number = f.organization
		WHERE o.identity = $1 AND f.first_seen < $2 AND (f.closed_run = 0 OR f.closed_at >= $2)`,
		identity, before)
}

// shared returns the grants of one token the same past: it is one token, whoever approved it
// again.
func shared(grants map[int64]*audit.Past) map[int64]*audit.Past {
	byToken := map[int64]*audit.Past{}
	pasts := make(map[int64]*audit.Past, len(grants))
	for _, id := range slices.Sorted(maps.Keys(grants)) {
		grant := grants[id]
		pasts[id] = grant
		if grant.TokenID == 0 {
			continue // of which token, is not known
		}
		token := byToken[grant.TokenID]
		if token == nil {
			byToken[grant.TokenID] = grant
			continue
		}
		pasts[id] = token
		if grant.FirstSeen.Before(token.FirstSeen) {
			token.FirstSeen = grant.FirstSeen
		}
		token.Sights = joined(token.Sights, grant.Sights)
		token.Expiries = append(token.Expiries, grant.Expiries...)
		for rule, first := range grant.Failing {
			if earlier, open := token.Failing[rule]; !open || first.Before(earlier) {
				token.Failing[rule] = first
			}
		}
	}
	for _, past := range pasts {
		slices.SortStableFunc(past.Expiries, byFirst)
		past.ExpiresAt, _ = toldExpiry(past.Expiries)
	}
	return pasts
}
