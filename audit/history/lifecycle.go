// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
)

// lifecycle writes what a run changes about the organization's tokens and findings, and no more.
type lifecycle struct {
	tx           *sql.Tx
	parameters   int // of one statement
	organization int64
	run          int64
	now          int64 // when it is saved
	seen         *observation
	newest       bool            // no other run of the organization is of later evidence
	prunedNext   bool            // one was pruned: what it found is not known any more
	closes       bool            // it is complete, and no other complete run is of later evidence
	newer        map[int64]int64 // the listed grant of a token, by those that it had before
	digests      tableDigests    // of the organization, to be brought up to date

	// To be written, of a part of the tokens.
	tokens    []tokenRow
	states    []stateRow
	findings  map[*findingRow]bool
	expiries  *stretches[expirySeen]
	approvals *stretches[approvalSeen]

	roles   *stretches[text]
	people  map[int64]bool  // who owns a token of those that were followed
	written map[string]bool // digests of contents
	former  []tokenRow      // what is known of grants that are not listed
}

// write writes what changed, of a part of the tokens at a time.
func (l *lifecycle) write(ctx context.Context) (err error) {
	if l.roles, err = roleTable.load(ctx, l, nil); err != nil {
		return err
	}
	l.people, l.written = map[int64]bool{}, map[string]bool{}
	for _, part := range l.seen.parts() {
		if err := l.writePart(ctx, &part); err != nil {
			return err
		}
	}
	if err := l.writeRoles(ctx); err != nil {
		return err
	}
	l.newer = newerGrants(l.former, l.seen.tokens)
	return l.judge(ctx)
}

func (l *lifecycle) writePart(ctx context.Context, part *part) error {
	known, err := l.knownTokens(ctx, part)
	if err != nil {
		return err
	}
	if err := l.load(ctx, part); err != nil {
		return err
	}
	l.tokens, l.states = nil, nil
	l.follow(known, part.tokens)
	if !l.newest {
		if err := l.insertStates(ctx, known, part); err != nil {
			return err
		}
	}
	return l.writeRows(ctx)
}

// tokenRow is a row of tokens.
type tokenRow struct {
	id, tokenID, ownerID int64
	owner, name          text
	firstSeen            int64
	goneRun, goneAt      int64
	rights, reach        text
}

// stateRow is a row of states.
type stateRow struct {
	token, run, asOf int64
	rights, reach    text
}

// follow compares tokens with what is known of them.
func (l *lifecycle) follow(known map[int64]*tokenRow, tokens []sighting) {
	for i := range tokens {
		sighting := &tokens[i]
		before := known[sighting.token.ID]
		now := l.next(before, sighting)
		if before == nil || *before != now {
			l.tokens = append(l.tokens, now)
		}
		if l.newest || before == nil {
			l.state(before, sighting)
		}
		l.sight(sighting.token, l.people)
	}
	for id, row := range known {
		if l.seen.sightingOf(id) == nil {
			l.noteMissing(row)
		}
	}
}

// noteMissing notes that a known grant is not listed.
func (l *lifecycle) noteMissing(row *tokenRow) {
	l.former = append(l.former, *row)
	if !l.seen.complete {
		return
	}
	l.expiries.end(row.id, l.seen.asOf)
	if l.closes && row.goneRun == 0 && row.firstSeen <= l.seen.asOf {
		row.goneRun, row.goneAt = l.run, l.seen.asOf
		l.tokens = append(l.tokens, *row)
	}
}

// newerGrants finds, of grants that are not listed any more, those whose tokens have another one.
func newerGrants(former []tokenRow, listed []sighting) map[int64]int64 {
	if len(former) == 0 {
		return nil
	}
	byToken := make(map[int64]int64, len(listed))
	for i := range listed {
		byToken[listed[i].token.TokenID] = listed[i].token.ID
	}
	newer := map[int64]int64{}
	for i := range former {
		if grant := byToken[former[i].tokenID]; former[i].tokenID != 0 && grant != 0 {
			newer[former[i].id] = grant
		}
	}
	return newer
}

// next returns what is known of a token after this run. Before is nil for one that is new. What
// the run did not learn stays as it was.
func (l *lifecycle) next(before *tokenRow, seen *sighting) tokenRow {
	t := seen.token
	row := tokenRow{id: t.ID, firstSeen: l.seen.asOf}
	if before != nil {
		row = *before
		row.firstSeen = min(row.firstSeen, l.seen.asOf)
	}
	if l.newest || l.closes {
		row.goneRun, row.goneAt = 0, 0
	}
	if before != nil && !l.newest {
		return row
	}
	if t.TokenID != 0 {
		row.tokenID = t.TokenID
	}
	if t.Name != "" {
		row.name = text(t.Name)
	}
	if t.Owner != nil {
		row.ownerID, row.owner = t.Owner.ID, text(t.Owner.Login)
	}
	if seen.rights != "" {
		row.rights = text(seen.rights)
	}
	if seen.reach != "" {
		row.reach = text(seen.reach)
	}
	return row
}

// state notes what a token can do, if that is something else than it was.
func (l *lifecycle) state(before *tokenRow, seen *sighting) {
	if before == nil {
		before = &tokenRow{}
	}
	rights, reach := text(seen.rights), text(seen.reach)
	if rights != "" && rights != before.rights || reach != "" && reach != before.reach {
		l.states = append(l.states, stateRow{seen.token.ID, l.run, l.seen.asOf, rights, reach})
	}
}
