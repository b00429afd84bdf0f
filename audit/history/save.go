// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
)

// Entry is a run to be saved.
type Entry struct {
	Run      *audit.Run
	Criteria *audit.Criteria
	Memory   *audit.Memory // that it was judged with, as [Store.Recall] gave it

	Tool  string // what audited: name and version
	Batch string // what several workers share; "" for none, 200 bytes at most

	Report   *Document // version 1, JSON, whole
	Snapshot *Document // the evidence
}

// Saved is a run that the history has.
type Saved struct {
	Number int64
	Again  bool // it was there already
}

// Save keeps a run, in one transaction. A run of the same evidence and policy with the same report
// is not kept twice, nor is another one of the same organization in the same batch: number is then
// that of the one that is there, and again is true.
func (s *Store) Save(
	ctx context.Context, now time.Time, e *Entry,
) (number int64, again bool, err error) {
	p, err := prepare(now, e)
	if err != nil {
		return 0, false, s.failed("saving a run of "+e.Run.Organization.Login, err)
	}
	saved, err := s.SaveAll(ctx, p)
	if err != nil {
		return 0, false, err
	}
	return saved[0].Number, saved[0].Again, nil
}

// SaveAll keeps several runs as Save does, all of them or none.
func (s *Store) SaveAll(ctx context.Context, runs ...*Prepared) ([]Saved, error) {
	saved := make([]Saved, len(runs))
	err := s.write(ctx, s.engine.shared, func(ctx context.Context, tx *sql.Tx) error {
		organizations, err := lockAll(ctx, tx, runs)
		if err != nil {
			return err
		}
		for i, p := range runs {
			w := &saver{p, s.engine.parameters, organizations[i]}
			if saved[i].Number, saved[i].Again, err = w.save(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		return saved, nil
	}
	act := fmt.Sprintf("saving %d runs", len(runs))
	if len(runs) == 1 {
		act = "saving a run of " + runs[0].entry.Run.Organization.Login
	}
	return nil, s.failed(act, err)
}

// saver writes a run, within a transaction.
type saver struct {
	*Prepared
	parameters   int // of one statement
	organization *organizationRow
}

// judgementOf returns a key of a run, another one for each. All but the instant are digests.
func judgementOf(evidence, criteria string, asOf time.Time, report string) string {
	return sumOf(fmt.Appendf(nil, "%s %s %d %s\n", evidence, criteria, micros(asOf), report))
}

func sumOf(data []byte) string {
	sum := sha256.New()
	_, _ = sum.Write(data) // never fails
	return digestText(sum)
}

// digestText returns a digest as text.
func digestText(sum hash.Hash) string { return "sha256:" + hex.EncodeToString(sum.Sum(nil)) }

func (s *saver) save(ctx context.Context, tx *sql.Tx) (number int64, again bool, err error) {
	organization := s.organization.number
	err = tx.QueryRowContext(ctx, `
		SELECT number FROM pataudit_runs
		WHERE organization = $1 AND (
			judgement = $2 OR batch = $3 AND batch <> '')
		ORDER BY number LIMIT 1`,
		organization, text(s.judgement), text(s.entry.Batch)).Scan(&number)
	if !errors.Is(err, sql.ErrNoRows) {
		return number, err == nil, err
	}
	now := micros(s.now)
	newest, whole, pruned, err := newestOf(ctx, tx, organization, now)
	if err != nil {
		return 0, false, err
	}
	if number, err = s.run(ctx, tx); err != nil {
		return 0, false, err
	}
	life := &lifecycle{
		tx: tx, parameters: s.parameters, organization: organization, run: number, now: now,
		seen: s.seen, newest: s.seen.asOf >= newest, prunedNext: pruned > s.seen.asOf,
		closes:  s.seen.complete && s.seen.asOf >= max(whole, pruned),
		digests: s.organization.digests,
	}
	if err := life.write(ctx); err != nil {
		return 0, false, err
	}
	if life.closes {
		err = s.organization.rename(ctx, tx, s.entry.Run.Organization.Login)
	}
	return number, false, errors.Join(err, s.organization.write(ctx, tx))
}

// identity is by what an organization is known, whatever it is called.
func identity(o *audit.Organization) text { return folded(o.Key()) }

// run writes the run, what it was judged by, and its documents.
func (s *saver) run(ctx context.Context, tx *sql.Tx) (number int64, err error) {
	if err := putTexts(ctx, tx, s.entry.Criteria); err != nil {
		return 0, err
	}
	// Whoever saves at the same time waits for the number: one that is missing later was deleted.
	if err := tx.QueryRowContext(ctx, `
		UPDATE pataudit_schema SET last_run = last_run + 1 RETURNING last_run`,
	).Scan(&number); err != nil {
		return 0, err
	}
	insert := (&target{
		table: "pataudit_runs", columns: append(strings.Fields(runColumns), "number", "row_digest"),
	}).insert(1)
	if _, err := tx.ExecContext(ctx, insert,
		append(s.values(), number, "")...); err != nil {
		return 0, err
	}
	if _, err = tx.ExecContext(ctx, `
		INSERT INTO pataudit_documents (run, report, snapshot, memory) VALUES ($1, $2, $3, $4)`,
		number, s.entry.Report.first(), s.entry.Snapshot.first(), s.memory.first()); err != nil {
		return 0, err
	}
	if err := errors.Join(putPieces(ctx, tx, number, "report", s.entry.Report),
		putPieces(ctx, tx, number, "snapshot", s.entry.Snapshot),
		putPieces(ctx, tx, number, "memory", s.memory)); err != nil {
		return 0, err
	}
	return number, putDigest(ctx, tx, number)
}

// runColumns are written in this order.
const runColumns = `organization login folded as_of collected_at saved_at
	verdict complete incomplete coverage skipped asked
	evidence_digest snapshot_digest report_digest memory_digest compares judgement
	policy_digest policy_name fail_on tool
	criteria policy decisions baseline registry flags rewritten batch
	tokens active people violating overdue requests contradicted by_severity`

func (s *saver) values() []any {
	run := s.entry.Run
	login, sum := run.Organization.Login, run.Summary
	c := s.entry.Criteria
	skipped, incomplete, flags := c.Skip.Names(), run.Incomplete, flagsOf(c)
	coverage, severities := coverageRows(run.Coverage), severitiesRowOf(run.Point())
	return []any{
		s.organization.number, text(login), folded(login), micros(run.AsOf), micros(run.Collected()),
		micros(s.now), run.Outcome().String(), run.Complete,
		asJSON[audit.Gaps]{&incomplete},
		asJSON[[]coverageRow]{&coverage},
		asJSON[[]string]{&skipped},
		asJSON[map[string]string]{&s.seen.asked},
		text(s.evidence), s.entry.Snapshot.digest, s.entry.Report.digest, s.memory.digest,
		s.compares, text(s.judgement),
		text(c.PolicyDigest),
		text(run.Policy.Name), run.Policy.FailOn.String(), text(s.entry.Tool),
		c.Digest(), keyOf(c.Policy), keyOf(c.Decisions), keyOf(c.Baseline),
		keyOf(c.Registry),
		asJSON[flagsRow]{&flags},
		false,
		text(s.entry.Batch),
		sum.Tokens, sum.Active, sum.People, sum.Violating, sum.Overdue, sum.Requests,
		run.Contradicted(),
		asJSON[severitiesRow]{&severities},
	}
}
