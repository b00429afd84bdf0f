// SPDX-License-Identifier: Apache-2.0

package history

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"github.com/complytime/pataudit/audit"
)

// This file keeps since when a token fails a rule, apart for each question that policies ask by
// the rule: policies that take turns in one history neither close nor move what another one found.
//
// A question that was never asked of the organization goes on with what is open by others of the
// same rule, or a change of a policy would reset every clock. From then on it stands for itself.

// question is a rule, and a digest of what a policy asks by it.
type question struct{ rule, asked string }

// findingKey identifies what can be open once.
type findingKey struct {
	token int64
	question
}

// findingRow is a row of findings.
type findingRow struct {
	findingKey
	firstRun, firstSeen int64
	severity, status    string
	closedRun, closedAt int64

	openedAt int64 // when the evidence of its first run was collected; 0: that run was pruned
}

// knownFindings are what was open before a run, and which questions other runs asked.
type knownFindings struct {
	open      map[findingKey]*findingRow
	inherited map[findingKey]*findingRow // what goes on if it is not over: see inherits
	lasting   []*findingRow              // open, or only closed by a run of a time to come
	ahead     map[findingKey]*findingRow // of these, what is closed

	askedFirst map[question]int64 // when another run did
	askedNext  map[question]int64 // when a complete run of later evidence did first
}

// judge opens findings, closes those of which the run shows that they are over, and writes what
// changed: of a part of the tokens at a time.
func (l *lifecycle) judge(ctx context.Context) error {
	known := &knownFindings{askedFirst: map[question]int64{}, askedNext: map[question]int64{}}
	if err := l.loadQuestions(ctx, known); err != nil {
		return err
	}
	for _, part := range l.seen.parts() {
		known.open, known.inherited = map[findingKey]*findingRow{}, map[findingKey]*findingRow{}
		known.lasting, known.ahead = nil, map[findingKey]*findingRow{}
		l.findings = map[*findingRow]bool{}
		if err := l.loadFindings(ctx, known, &part); err != nil {
			return err
		}
		l.noteFindings(known, part.tokens)
		l.inherit(known)
		if l.seen.complete {
			l.close(known)
		}
		l.noteOlder(known)
		if err := l.writeFindings(ctx); err != nil {
			return err
		}
	}
	return nil
}

// asks returns the question that the run asks by a rule.
func (l *lifecycle) asks(rule string) (q question, asked bool) {
	digest, asked := l.seen.asked[rule]
	return question{rule, digest}, asked
}

// noteFindings notes what the run found: it opens, or was there earlier than we knew. If a
// complete run of later evidence asked the same, and did not find it open, it was over by then.
func (l *lifecycle) noteFindings(known *knownFindings, tokens []sighting) {
	for i := range tokens {
		seen := &tokens[i]
		for _, finding := range seen.findings {
			if !isWrong(finding) {
				continue
			}
			q, _ := l.asks(finding.Rule.Rule.ID)
			key := findingKey{seen.token.ID, q}
			first := l.seen.asOf
			if before := known.inherited[key]; before != nil {
				first = before.firstSeen
			}
			row, next := known.open[key], l.believedNext(known, q)
			switch {
			case row == nil && next != nil:
				if row := known.ahead[key]; row != nil { // it is open, once that run is taken back
					l.extendBack(row, first, next)
				}
				continue
			case row == nil:
				row = &findingRow{
					findingKey: key, firstRun: l.run, firstSeen: first, openedAt: l.seen.asOf,
				}
				known.open[key], l.findings[row] = row, true
			default:
				l.extendBack(row, first, next)
			}
			was := *row
			if l.newest || row.firstRun == l.run {
				row.severity, row.status = finding.Severity.String(), finding.Status.String()
			}
			if *row != was {
				l.findings[row] = true
			}
		}
	}
}

// noteOlder notes what is older than we knew by questions that were first asked later: they went
// on with what was open by the run's. What they did not find then, they have nothing of. When they
// were asked first is not known if those runs were pruned.
func (l *lifecycle) noteOlder(known *knownFindings) {
	if l.newest && !l.prunedNext {
		return // nothing was asked later
	}
	for _, row := range known.lasting {
		q, asked := l.asks(row.rule)
		own := known.open[findingKey{row.token, q}]
		first, told := known.askedFirst[row.question]
		if asked && own != nil && own.closedRun == 0 && row.question != q &&
			(!told || first > l.seen.asOf && row.firstSeen <= first) {
			l.extendBack(row, own.firstSeen, nil)
		}
	}
}

// askedBefore reports whether another run asked a question before an instant.
func (k *knownFindings) askedBefore(q question, at int64) bool {
	first, asked := k.askedFirst[q]
	return asked && first < at
}

// next returns when a complete run of later evidence first asked a question; nil if none did.
func (k *knownFindings) next(q question) *int64 {
	if at, asked := k.askedNext[q]; asked {
		return &at
	}
	return nil
}

// believedNext is next, but that a run of a time to come, which a wrong clock left, proves
// nothing: what it did not find was not over by then.
func (l *lifecycle) believedNext(known *knownFindings, q question) *int64 {
	if at := known.next(q); at != nil && *at <= l.now {
		return at
	}
	return nil
}

// isOver reports whether the run found nothing where something was open. What is wrong with a
// token is not over because the token expired, or is not listed: it stands again if the token
// comes back.
func (l *lifecycle) isOver(key findingKey) bool {
	seen := l.seen.sightingOf(cmp.Or(l.newer[key.token], key.token))
	return l.seen.complete && seen != nil && !seen.token.Expired &&
		!slices.ContainsFunc(seen.findings, func(f *audit.Finding) bool {
			return f.Rule.Rule.ID == key.rule
		})
}

// extendBack notes that what is open was there earlier than we knew, unless it was over in
// between, as the next run that asked the same shows.
func (l *lifecycle) extendBack(row *findingRow, first int64, next *int64) {
	if first < row.firstSeen && (next == nil || row.firstSeen <= *next) {
		row.firstSeen = first
		l.findings[row] = true
	}
}

// inherit opens for the run's questions what goes on by them, and is not over.
func (l *lifecycle) inherit(known *knownFindings) {
	for key, from := range known.inherited {
		row, next := known.open[key], l.believedNext(known, key.question)
		switch {
		case l.isOver(key):
		case row != nil:
			l.extendBack(row, from.firstSeen, next)
		case next == nil:
			opened := *from
			opened.findingKey, opened.firstRun, opened.openedAt = key, l.run, l.seen.asOf
			opened.closedRun, opened.closedAt = 0, 0
			known.open[key], l.findings[&opened] = &opened, true
		}
	}
}

// close closes the findings that the run asked for and did not find. It closes none that a
// complete run of later evidence asked for, too, or a pruned one may have: that run decides. Nor
// does it close what a run of later evidence opened, which may not have been complete.
func (l *lifecycle) close(known *knownFindings) {
	for key, row := range known.open {
		q, asked := l.asks(key.rule)
		if asked && !l.prunedNext && q == key.question && known.next(q) == nil &&
			l.isOver(key) && max(row.firstSeen, row.openedAt) <= l.seen.asOf {
			row.closedRun, row.closedAt = l.run, l.seen.asOf
			l.findings[row] = true
		}
	}
}

// inherits reports whether a finding that was open before the run's evidence goes on under its
// question q: under a new question any finding of the rule does; under a known one only what was
// closed by a run of evidence from a time to come, whose word does not count.
func (l *lifecycle) inherits(known *knownFindings, q question, from *findingRow) bool {
	return from.firstSeen < l.seen.asOf &&
		(!known.askedBefore(q, l.seen.asOf) || from.question == q && from.closedAt > l.now)
}

// loadFindings loads what is open, and of what goes on by each question the oldest.
func (l *lifecycle) loadFindings(
	ctx context.Context, known *knownFindings, part *part,
) error {
	same := texts{}
	return each(ctx, l.tx, func(rows *sql.Rows) error {
		r := &findingRow{}
		if err := rows.Scan(&r.token, same.column((*text)(&r.rule)),
			same.column((*text)(&r.asked)), &r.firstRun, &r.firstSeen,
			same.column((*text)(&r.severity)), same.column((*text)(&r.status)), &r.closedRun,
			&r.closedAt, &r.openedAt); err != nil {
			return err
		}
		if r.closedRun == 0 {
			known.open[r.findingKey] = r
		}
		if r.closedRun == 0 || r.closedAt > l.now {
			known.lasting = append(known.lasting, r)
			if r.closedRun != 0 {
				known.ahead[r.findingKey] = r
			}
		}
		q, asked := l.asks(r.rule)
		if key := (findingKey{r.token, q}); asked && l.inherits(known, q, r) {
			if oldest := known.inherited[key]; oldest == nil || r.firstSeen < oldest.firstSeen {
				known.inherited[key] = r
			}
		}
		return nil
	}, `SELECT f.token, f.rule, f.asked, f.first_run, f.first_seen, f.severity, f.status,
			f.closed_run, f.closed_at, COALESCE(r.collected_at, 0)
		FROM pataudit_findings f LEFT JOIN pataudit_runs r ON r.number = f.first_run
		WHERE f.organization = $1 AND (f.closed_run = 0 OR f.closed_at >= $2)
			AND f.token > $3 AND f.token <= $4`,
		l.organization, l.seen.asOf, part.after, part.upTo)
}

// loadQuestions loads what the organization's other runs asked.
func (l *lifecycle) loadQuestions(ctx context.Context, known *knownFindings) error {
	return each(ctx, l.tx, func(rows *sql.Rows) error {
		var first int64
		var next *int64
		var asked map[string]string
		if err := rows.Scan(asJSON[map[string]string]{&asked}, &first, &next); err != nil {
			return err
		}
		for rule, digest := range asked {
			q := question{rule, digest}
			if at, asked := known.askedFirst[q]; !asked || first < at {
				known.askedFirst[q] = first
			}
			if at := known.next(q); next != nil && (at == nil || *next < *at) {
				known.askedNext[q] = *next
			}
		}
		return nil
	}, `SELECT asked, MIN(collected_at),
			MIN(CASE WHEN complete AND collected_at > $2 THEN collected_at END)
		FROM pataudit_runs WHERE organization = $1 AND number <> $3 GROUP BY asked`,
		l.organization, l.seen.asOf, l.run)
}
