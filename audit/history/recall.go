// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"encoding/binary"
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
	r := &recalling{identity: identity(o), before: math.MaxInt64, asks: asks, skipped: skipped}
	if !asOf.IsZero() {
		r.before = micros(asOf)
	}
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r.memory, r.asked = &audit.Memory{}, map[question]bool{}
		for _, recall := range []func(context.Context, *sql.Tx) error{
			r.runs, r.intact, r.tokens, r.findings, r.sights, r.expiries, r.approvals, r.began,
		} {
			if err := recall(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, s.failed("remembering "+o.Login, err)
	}
	return r.memory, nil
}

// recalling recalls what is remembered of an organization.
type recalling struct {
	identity text
	before   int64 // the instant
	asks     map[string]string
	skipped  audit.Facts

	memory *audit.Memory
	asked  map[question]bool // by any run before
}

// runs recalls the runs, of which none may be changed: by what they say, they are chosen.
func (r *recalling) runs(ctx context.Context, tx *sql.Tx) error {
	runs, err := readRuns(ctx, tx, `
		WHERE o.identity = $1 ORDER BY r.collected_at, r.number`, r.identity)
	if err == nil {
		err = Intact(runs)
	}
	if err != nil {
		return err
	}
	for i := range runs {
		if micros(runs[i].CollectedAt) >= r.before {
			continue
		}
		for rule, digest := range runs[i].Asked {
			r.asked[question{rule, digest}] = true
		}
		if !runs[i].Complete {
			continue
		}
		r.memory.Trend = append(r.memory.Trend, runs[i].Point)
		r.memory.Runs = append(r.memory.Runs, runs[i].CollectedAt)
		if runs[i].Skipped&^r.skipped == 0 {
			r.memory.LastRun = runs[i].Number
		}
	}
	return nil
}

func (r *recalling) intact(ctx context.Context, tx *sql.Tx) error {
	return identityIntact(ctx, tx, r.identity, digestedTables()...)
}

// began recalls whether there was a run by then. One that was pruned may have left tokens.
func (r *recalling) began(ctx context.Context, tx *sql.Tx) error {
	return tx.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM pataudit_organizations o WHERE o.identity = $1 AND (
			EXISTS (SELECT 1 FROM pataudit_runs r
				WHERE r.organization = o.number AND r.collected_at < $2)
			OR EXISTS (SELECT 1 FROM pataudit_tokens t
				WHERE t.organization = o.number AND t.first_seen < $2)))`,
		r.identity, r.before).Scan(&r.memory.Earlier)
}

// tokens recalls the grants that were seen then, by their ids.
func (r *recalling) tokens(ctx context.Context, tx *sql.Tx) error {
	r.memory.Tokens = map[int64]*audit.Past{}
	return each(ctx, tx, func(rows *sql.Rows) error {
		var id, tokenID, firstSeen int64
		err := rows.Scan(&id, &tokenID, &firstSeen)
		r.memory.Tokens[id] = &audit.Past{TokenID: tokenID, FirstSeen: instant(firstSeen)}
		return err
	}, `SELECT t.id, t.token_id, t.first_seen
		FROM pataudit_tokens t JOIN pataudit_organizations o ON o.number = t.organization
		WHERE o.identity = $1 AND t.first_seen < $2`, r.identity, r.before)
}

// question returns what is asked by a rule, and whether that was never asked before.
func (r *recalling) question(rule string) (q question, isNew bool) {
	q = question{rule, r.asks[rule]}
	return q, !r.asked[q]
}

// findings recalls what was open then, even if it has been closed since: by the question of each
// rule, or, of one that is new, by all of the rule.
func (r *recalling) findings(ctx context.Context, tx *sql.Tx) error {
	var token, last, firstSeen int64
	var rule, asked text
	open, known, all := map[string]int64{}, texts{}, alike[string, map[string]time.Time]{}
	note := func() {
		if past := r.memory.Tokens[last]; past != nil && len(open) > 0 {
			past.Failing = failing(all, open)
		}
		clear(open)
	}
	into := []any{&token, known.column(&rule), known.column(&asked), &firstSeen}
	err := each(ctx, tx, func(rows *sql.Rows) error {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if token != last {
			note()
			last = token
		}
		if q, isNew := r.question(string(rule)); !isNew && q.asked != string(asked) {
			return nil
		}
		if first, is := open[string(rule)]; !is || firstSeen < first {
			open[string(rule)] = firstSeen
		}
		return nil
	}, `SELECT f.token, f.rule, f.asked, f.first_seen
		FROM pataudit_findings f JOIN pataudit_organizations o ON o.number = f.organization
		WHERE o.identity = $1 AND f.first_seen < $2 AND (f.closed_run = 0 OR f.closed_at >= $2)
		ORDER BY f.token`, r.identity, r.before)
	note()
	return err
}

// failing returns what is open of a token, by rule. Tokens of which the same is open share it.
func failing(
	all alike[string, map[string]time.Time], open map[string]int64,
) map[string]time.Time {
	var key []byte
	for _, rule := range slices.Sorted(maps.Keys(open)) {
		key = append(append(key, rule...), 0)
		key = binary.BigEndian.AppendUint64(key, uint64(open[rule])) //nolint:gosec // its bits
	}
	if known := all[string(key)]; known != nil {
		return known
	}
	first := make(map[string]time.Time, len(open))
	for rule, seen := range open {
		first[rule] = instant(seen)
	}
	return all.shared(string(key), first)
}

// sights recalls what the tokens could do.
func (r *recalling) sights(ctx context.Context, tx *sql.Tx) error {
	sights, last, err := recallStates(ctx, tx, r.identity, r.before, math.MaxInt64)
	for id, past := range r.memory.Tokens {
		past.Sights = sights[id]
	}
	r.memory.SeenBy = last
	return err
}

// expiries recalls when tokens expire, and makes the grants of one token one.
func (r *recalling) expiries(ctx context.Context, tx *sql.Tx) error {
	err := recallExpiries(ctx, tx, r.memory.Tokens, r.identity, r.before)
	share(r.memory.Tokens)
	return err
}

func (r *recalling) approvals(ctx context.Context, tx *sql.Tx) error {
	return recallApprovals(ctx, tx, r.memory, r.identity, r.before)
}

// share lets the grants of one token have the same past: it is one token, whoever approved it
// again.
func share(grants map[int64]*audit.Past) {
	byToken := map[int64]*audit.Past{}
	for _, id := range slices.Sorted(maps.Keys(grants)) {
		grant := grants[id]
		token := byToken[grant.TokenID]
		switch {
		case grant.TokenID == 0: // of which token, is not known
		case token == nil:
			byToken[grant.TokenID] = grant
		default:
			grants[id] = token
			join(token, grant)
		}
	}
	for _, past := range grants {
		slices.SortStableFunc(past.Expiries, byFirst)
		past.ExpiresAt, _ = lastExpiry(past.Expiries)
	}
}

// join adds to the past of a token what was seen of another grant of it.
func join(token, grant *audit.Past) {
	if grant.FirstSeen.Before(token.FirstSeen) {
		token.FirstSeen = grant.FirstSeen
	}
	token.Sights = joined(token.Sights, grant.Sights)
	token.Expiries = append(token.Expiries, grant.Expiries...)
	open := maps.Clone(token.Failing) // other tokens share it
	for rule, first := range grant.Failing {
		if earlier, is := open[rule]; !is || first.Before(earlier) {
			if open == nil {
				open = map[string]time.Time{}
			}
			open[rule] = first
		}
	}
	token.Failing = open
}
