// SPDX-License-Identifier: Apache-2.0

package history

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
)

// lifecycle writes what a run changes about the organization's tokens and findings, and no more.
type lifecycle struct {
	tx           *sql.Tx
	parameters   int // of one statement
	organization int64
	run          int64
	seen         *observation
	newest       bool            // no other run of the organization is of later evidence
	closes       bool            // it is complete, and no other complete run is
	newer        map[int64]int64 // the listed grant of a token, by those that it had before

	tokens   []tokenRow   // to be written
	states   []stateRow   // likewise
	findings []findingRow // likewise

	expiries  *stretches[expirySeen]
	approvals *stretches[approvalSeen]
	roles     *stretches[text]
}

func (l *lifecycle) write(ctx context.Context) error {
	known, err := l.knownTokens(ctx)
	if err != nil {
		return err
	}
	if err := l.load(ctx); err != nil {
		return err
	}
	l.follow(known)
	l.newer = newerGrants(known, l.seen.tokens)
	open, err := l.openFindings(ctx)
	if err != nil {
		return err
	}
	if l.newest {
		l.judge(open)
	} else if err := errors.Join(l.moveBack(ctx, open), l.insertStates(ctx, known)); err != nil {
		return err
	}
	if l.closes {
		l.close(open)
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

// follow compares the tokens with what is known of them.
func (l *lifecycle) follow(known map[int64]*tokenRow) {
	listed, people := make(map[int64]bool, len(l.seen.tokens)), map[int64]bool{}
	for i := range l.seen.tokens {
		sighting := &l.seen.tokens[i]
		listed[sighting.token.ID] = true
		before := known[sighting.token.ID]
		now := l.next(before, sighting)
		if before == nil || *before != now {
			l.tokens = append(l.tokens, now)
		}
		if l.newest || before == nil {
			l.state(before, sighting)
		}
		l.sight(sighting.token, people)
	}
	if !l.seen.complete {
		return
	}
	for person := range l.roles.rows {
		if !people[person] {
			l.roles.end(person, l.seen.asOf)
		}
	}
	for id, row := range known {
		if listed[id] {
			continue
		}
		l.expiries.end(id, l.seen.asOf)
		if l.closes && row.goneRun == 0 && row.firstSeen <= l.seen.asOf {
			row.goneRun, row.goneAt = l.run, l.seen.asOf
			l.tokens = append(l.tokens, *row)
		}
	}
}

// newerGrants finds, of grants that are not listed any more, those whose tokens have another one.
func newerGrants(known map[int64]*tokenRow, listed []sighting) map[int64]int64 {
	byToken, byID := map[int64]int64{}, map[int64]bool{}
	for i := range listed {
		byToken[listed[i].token.TokenID] = listed[i].token.ID
		byID[listed[i].token.ID] = true
	}
	newer := map[int64]int64{}
	for id, row := range known {
		if grant := byToken[row.tokenID]; row.tokenID != 0 && grant != 0 && !byID[id] {
			newer[id] = grant
		}
	}
	return newer
}

// next gives what is known of a token after this run. Before is nil for one that is new. What the
// run did not learn stays as it was.
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

// findingKey names what can be open once.
type findingKey struct {
	token int64
	rule  string
}

// findingRow is a row of findings.
type findingRow struct {
	findingKey
	firstRun, firstSeen int64
	severity, status    string
	asked               text // see [observation], when it last stood
	closedRun, closedAt int64
}

// judge opens and changes findings as the newest run has them.
func (l *lifecycle) judge(open map[findingKey]*findingRow) {
	for i := range l.seen.tokens {
		seen := &l.seen.tokens[i]
		for _, a := range seen.answers {
			if key := (findingKey{seen.token.ID, a.rule}); a.standing() {
				l.stand(open[key], key, a)
			}
		}
	}
}

// close closes findings of which the run can tell that they are over: their rule was asked the
// same as when they stood, and had nothing to say. A milder policy mends nothing. Nor is what is
// wrong with a token mended because that expired, or is not listed: it stands again if the token
// comes back.
func (l *lifecycle) close(open map[findingKey]*findingRow) {
	active := make(map[int64]bool, len(l.seen.tokens))
	answered := map[findingKey]bool{}
	for i := range l.seen.tokens {
		seen := &l.seen.tokens[i]
		active[seen.token.ID] = !seen.token.Expired
		for _, a := range seen.answers {
			answered[findingKey{seen.token.ID, a.rule}] = true
		}
	}
	for key, row := range open {
		listed := cmp.Or(l.newer[key.token], key.token)
		asked, ok := l.seen.asked[key.rule]
		if active[listed] && !answered[findingKey{listed, key.rule}] && ok &&
			asked == string(row.asked) && row.firstSeen <= l.seen.asOf {
			row.closedRun, row.closedAt = l.run, l.seen.asOf
			l.findings = append(l.findings, *row)
		}
	}
}

// stand notes a finding that is open, or opens now.
func (l *lifecycle) stand(row *findingRow, key findingKey, a answer) {
	severity, status, asked := a.severity.String(), a.status.String(), text(l.seen.asked[a.rule])
	switch {
	case row == nil:
		row = &findingRow{findingKey: key, firstRun: l.run, firstSeen: l.seen.asOf}
	case row.severity == severity && row.status == status && row.asked == asked:
		return
	}
	row.severity, row.status, row.asked = severity, status, asked
	l.findings = append(l.findings, *row)
}

// moveBack notes what a run tells that is older than the newest: what is open was there earlier
// than we knew, or is open at all, if no complete run since then asked the same and may have found
// otherwise.
func (l *lifecycle) moveBack(ctx context.Context, open map[findingKey]*findingRow) error {
	askedNext, err := l.askedNext(ctx)
	if err != nil {
		return err
	}
	for i := range l.seen.tokens {
		seen := &l.seen.tokens[i]
		for _, a := range seen.answers {
			key := findingKey{seen.token.ID, a.rule}
			row, next := open[key], askedNext[question{key.rule, l.seen.asked[key.rule]}]
			switch {
			case !a.standing():
			case row == nil && next == nil: // nobody has asked since
				l.stand(nil, key, a)
			case row != nil && row.firstSeen > l.seen.asOf && (next == nil || row.firstSeen <= *next):
				row.firstSeen = l.seen.asOf
				l.findings = append(l.findings, *row)
			}
		}
	}
	return nil
}

// question is a rule, and a digest of what a policy asks by it.
type question struct{ rule, asked string }

// askedNext tells when each question was next asked by a complete run.
func (l *lifecycle) askedNext(ctx context.Context) (map[question]*int64, error) {
	next := map[question]*int64{}
	err := each(ctx, l.tx, func(rows *sql.Rows) error {
		var asOf int64
		var asked map[string]string
		if err := rows.Scan(&asOf, asJSON[map[string]string]{&asked}); err != nil {
			return err
		}
		for rule, what := range asked {
			if _, known := next[question{rule, what}]; !known {
				next[question{rule, what}] = &asOf
			}
		}
		return nil
	}, `SELECT collected_at, asked FROM pataudit_runs
		WHERE organization = $1 AND collected_at > $2 AND complete ORDER BY collected_at, number`,
		l.organization, l.seen.asOf)
	return next, err
}
