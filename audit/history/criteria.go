// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/complytime/pataudit/audit"
)

// keyOf returns the key of a text that runs were judged by: its digest, "" for none.
func keyOf(text []byte) string {
	if text == nil {
		return ""
	}
	return sumOf(text)
}

// putTexts writes the texts of criteria that are not there yet.
func putTexts(ctx context.Context, tx *sql.Tx, c *audit.Criteria) error {
	for _, text := range [][]byte{c.Policy, c.Decisions, c.Baseline} {
		if text == nil {
			continue
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO pataudit_texts (digest, text) VALUES ($1, $2)
			ON CONFLICT (digest) DO NOTHING`, keyOf(text), text); err != nil {
			return err
		}
	}
	return nil
}

// deleteUnusedTexts deletes what no run was judged by.
const deleteUnusedTexts = `DELETE FROM pataudit_texts WHERE digest NOT IN (
	SELECT policy FROM pataudit_runs UNION SELECT decisions FROM pataudit_runs
	UNION SELECT baseline FROM pataudit_runs)`

// flagsRow is the rest of what a run was judged by, as it is stored.
type flagsRow struct {
	FailOnRequests  bool     `json:"fail_on_requests,omitzero"`
	FailOnOverdue   bool     `json:"fail_on_overdue,omitzero"`
	AllowEmpty      bool     `json:"allow_empty,omitzero"`
	HistoryRequired bool     `json:"history_required,omitzero"`
	Added           []string `json:"added,omitzero"` // facts
	AsOf            int64    `json:"as_of"`
}

func flagsOf(c *audit.Criteria) flagsRow {
	return flagsRow{
		c.FailOnRequests, c.FailOnOverdue, c.AllowEmpty, c.HistoryRequired, c.Added.Names(),
		micros(c.AsOf),
	}
}

// Criteria returns what a run was judged by. Their digest is another one than the run has if a
// person was taken out of them.
func (s *Store) Criteria(ctx context.Context, number int64) (*audit.Criteria, error) {
	c, err := readCriteria(ctx, single{s}, number)
	return c, s.failed(fmt.Sprintf("what run %d was judged by", number), err)
}

func readCriteria(ctx context.Context, q querier, number int64) (*audit.Criteria, error) {
	c := &audit.Criteria{}
	var skipped []string
	var flags flagsRow
	err := q.QueryRowContext(ctx, `
		SELECT r.policy_digest, p.text, d.text, b.text, r.skipped, r.flags FROM pataudit_runs r
		LEFT JOIN pataudit_texts p ON p.digest = r.policy
		LEFT JOIN pataudit_texts d ON d.digest = r.decisions
		LEFT JOIN pataudit_texts b ON b.digest = r.baseline
		WHERE r.number = $1`, number,
	).Scan((*text)(&c.PolicyDigest), &c.Policy, &c.Decisions, &c.Baseline,
		asJSON[[]string]{&skipped}, asJSON[flagsRow]{&flags})
	if err != nil {
		return nil, found(err)
	}
	c.FailOnRequests, c.FailOnOverdue = flags.FailOnRequests, flags.FailOnOverdue
	c.AllowEmpty, c.HistoryRequired = flags.AllowEmpty, flags.HistoryRequired
	c.AsOf = instant(flags.AsOf)
	for _, facts := range []struct {
		names []string
		to    *audit.Facts
	}{{skipped, &c.Skip}, {flags.Added, &c.Added}} {
		var unknown string
		if *facts.to, unknown = audit.ParseFacts(facts.names); unknown != "" {
			return nil, fmt.Errorf("it was judged with a fact that we do not know: %q", unknown)
		}
	}
	return c, nil
}
