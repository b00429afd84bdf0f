// SPDX-License-Identifier: Apache-2.0

package history

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"time"
)

// never is an instant that is not known, which is earlier than any other; [time.Time]'s zero.
var never = micros(time.Time{})

// newestOf returns of when the newest evidence of an organization is, the newest of a complete
// run, and by now the newest of a run that was pruned; never for none.
func newestOf(
	ctx context.Context, tx *sql.Tx, organization, now int64,
) (newest, whole, pruned int64, err error) {
	err = tx.QueryRowContext(ctx, `
		SELECT COALESCE(MAX(collected_at), $2),
			COALESCE(MAX(CASE WHEN complete THEN collected_at END), $2),
			(SELECT COALESCE(MAX(collected_at), $2) FROM pataudit_pruned
				WHERE (organization = $1 OR organization = 0) AND collected_at <= $3)
		FROM pataudit_runs WHERE organization = $1`, organization, never, now,
	).Scan(&newest, &whole, &pruned)
	return newest, whole, pruned, err
}

// knownTokens loads what is known of a part of the organization's tokens.
func (l *lifecycle) knownTokens(
	ctx context.Context, part *part,
) (map[int64]*tokenRow, error) {
	known, same := map[int64]*tokenRow{}, texts{}
	err := each(ctx, l.tx, func(rows *sql.Rows) error {
		r := &tokenRow{}
		err := rows.Scan(&r.id, &r.tokenID, &r.ownerID, same.column(&r.owner), &r.name, &r.firstSeen,
			&r.goneRun, &r.goneAt, same.column(&r.rights), same.column(&r.reach))
		known[r.id] = r
		return err
	}, `SELECT id, token_id, owner_id, owner, name, first_seen, gone_run, gone_at, rights, reach
		FROM pataudit_tokens WHERE organization = $1 AND id > $2 AND id <= $3`,
		l.organization, part.after, part.upTo)
	return known, err
}

// writeTokens writes the tokens that changed, in the order of the keys, which is the fastest.
func (l *lifecycle) writeTokens(ctx context.Context) error {
	slices.SortFunc(l.tokens, func(a, b tokenRow) int { return cmp.Compare(a.id, b.id) })
	return putDigested(ctx, l, intoTokens(), l.tokens, func(r *tokenRow) []any {
		return []any{
			l.organization, r.id, r.tokenID, r.ownerID, r.owner, r.name, r.firstSeen, r.goneRun,
			r.goneAt, r.rights, r.reach,
		}
	})
}

// writeRows writes what changed, in the same order.
func (l *lifecycle) writeRows(ctx context.Context) error {
	if err := l.writeTokens(ctx); err != nil {
		return err
	}
	if err := putDigested(ctx, l, intoStates(), l.states, func(r *stateRow) []any {
		return []any{l.organization, r.token, r.run, r.asOf, r.rights, r.reach}
	}); err != nil {
		return err
	}
	if err := putDigested(ctx, l, intoContents(), l.digestsInStates(), func(digest *string) []any {
		return []any{l.organization, *digest, l.seen.contents[*digest]}
	}); err != nil {
		return err
	}
	return errors.Join(l.expiries.write(ctx, l), l.approvals.write(ctx, l))
}

// writeRoles writes what changed about the people who own tokens, once all of these are known.
func (l *lifecycle) writeRoles(ctx context.Context) error {
	if l.seen.complete {
		for person := range l.roles.rows {
			if !l.people[person] {
				l.roles.end(person, l.seen.asOf)
			}
		}
	}
	return l.roles.write(ctx, l)
}

// writeFindings writes the findings that changed, likewise.
func (l *lifecycle) writeFindings(ctx context.Context) error {
	findings := slices.SortedFunc(maps.Keys(l.findings), func(a, b *findingRow) int {
		return cmp.Or(cmp.Compare(a.token, b.token), cmp.Compare(a.rule, b.rule),
			cmp.Compare(a.asked, b.asked))
	})
	return putDigested(ctx, l, intoFindings(), findings, func(r **findingRow) []any {
		f := *r
		return []any{
			l.organization, f.token, text(f.rule), text(f.asked), f.firstRun, f.firstSeen,
			f.severity, f.status, f.closedRun, f.closedAt,
		}
	})
}

// digestsInStates lists the digests of what the run saw that its states hold, each once in all
// parts. A state that goes on after a run of older evidence holds digests of an earlier run, whose
// contents are there.
func (l *lifecycle) digestsInStates() []string {
	digests := map[string]bool{}
	for _, state := range l.states {
		for _, digest := range []text{state.rights, state.reach} {
			_, saw := l.seen.contents[string(digest)]
			if saw && !l.written[string(digest)] {
				digests[string(digest)], l.written[string(digest)] = true, true
			}
		}
	}
	return slices.Sorted(maps.Keys(digests))
}

func intoTokens() *target {
	return &target{
		table: "pataudit_tokens",
		columns: []string{
			"organization", "id", "token_id", "owner_id", "owner", "name", "first_seen", "gone_run",
			"gone_at", "rights", "reach",
		},
		conflict: `ON CONFLICT (organization, id) DO UPDATE SET
			token_id = excluded.token_id, owner_id = excluded.owner_id, owner = excluded.owner,
			name = excluded.name, first_seen = excluded.first_seen, gone_run = excluded.gone_run,
			gone_at = excluded.gone_at, rights = excluded.rights, reach = excluded.reach`,
	}
}

func intoStates() *target {
	return &target{
		table:   "pataudit_states",
		columns: []string{"organization", "token", "run", "as_of", "rights", "reach"},
	}
}

func intoContents() *target {
	return &target{
		table:    "pataudit_contents",
		columns:  []string{"organization", "digest", "text"},
		conflict: "ON CONFLICT (organization, digest) DO NOTHING",
	}
}

func intoFindings() *target {
	return &target{
		table: "pataudit_findings",
		columns: []string{
			"organization", "token", "rule", "asked", "first_run", "first_seen", "severity",
			"status", "closed_run", "closed_at",
		},
		conflict: `ON CONFLICT (organization, token, rule, asked, first_run) DO UPDATE SET
			first_seen = excluded.first_seen, severity = excluded.severity,
			status = excluded.status, closed_run = excluded.closed_run, closed_at = excluded.closed_at`,
	}
}
