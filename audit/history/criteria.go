// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"errors"
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
	for _, t := range c.Texts() {
		text := *t.Text
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
	UNION SELECT baseline FROM pataudit_runs UNION SELECT registry FROM pataudit_runs)`

// flagsRow is the rest of what a run was judged by, as it is stored.
type flagsRow struct {
	FailOnRequests  bool     `json:"fail_on_requests,omitzero"`
	FailOnOverdue   bool     `json:"fail_on_overdue,omitzero"`
	AllowEmpty      bool     `json:"allow_empty,omitzero"`
	HistoryRequired bool     `json:"history_required,omitzero"`
	Shared          bool     `json:"shared,omitzero"`
	Added           []string `json:"added,omitzero"` // facts
	AsOf            int64    `json:"as_of"`

	// Digests of the texts as they were judged by: those of what is kept are others once a person
	// is taken out of them.
	Decisions string `json:"decisions,omitzero"`
	Baseline  string `json:"baseline,omitzero"`
	Registry  string `json:"registry,omitzero"`
}

func flagsOf(c *audit.Criteria) flagsRow {
	return flagsRow{
		c.FailOnRequests, c.FailOnOverdue, c.AllowEmpty, c.HistoryRequired, c.Shared,
		c.Added.Names(), micros(c.AsOf), keyOf(c.Decisions), keyOf(c.Baseline), keyOf(c.Registry),
	}
}

// Criteria returns what a run was judged by. Their digest is another one than the run has if a
// person was taken out of them.
func (s *Store) Criteria(ctx context.Context, number int64) (c *audit.Criteria, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		run, err := readRun(ctx, tx, number)
		if err == nil {
			c, err = readCriteria(ctx, tx, run)
		}
		return err
	})
	return c, s.failed(fmt.Sprintf("what run %d was judged by", number), err)
}

// Used returns the digests of the texts that a run was judged by, beside its policy.
func (s *Store) Used(ctx context.Context, number int64) (used []audit.Used, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		run, err := readRun(ctx, tx, number)
		if err != nil {
			return err
		}
		for _, u := range []audit.Used{
			{Kind: audit.UsedDecisions, Digest: run.flags.Decisions},
			{Kind: audit.UsedBaseline, Digest: run.flags.Baseline},
			{Kind: audit.UsedRegistry, Digest: run.flags.Registry},
		} {
			if u.Digest != "" {
				used = append(used, u)
			}
		}
		return nil
	})
	return used, s.failed(fmt.Sprintf("what run %d was judged by", number), err)
}

// readCriteria reads what a run was judged by, and holds it against its digests.
func readCriteria(ctx context.Context, q querier, run *Run) (*audit.Criteria, error) {
	c := &audit.Criteria{PolicyDigest: run.Policy.Digest, Skip: run.Skipped}
	for i, t := range c.Texts() {
		key := run.texts[i]
		if key == "" {
			continue
		}
		err := q.QueryRowContext(ctx,
			`SELECT text FROM pataudit_texts WHERE digest = $1`, key).Scan(t.Text)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
		if sumOf(*t.Text) != key {
			return nil, fmt.Errorf("%w: the text of its %s is not that of its digest", ErrChanged,
				t.Name)
		}
	}
	flags := &run.flags
	c.FailOnRequests, c.FailOnOverdue = flags.FailOnRequests, flags.FailOnOverdue
	c.AllowEmpty, c.HistoryRequired, c.Shared = flags.AllowEmpty, flags.HistoryRequired, flags.Shared
	if c.AsOf = instant(flags.AsOf); writable(c.AsOf) != nil {
		return nil, fmt.Errorf("%w: its flags: %w", ErrChanged, writable(c.AsOf))
	}
	var unknown string
	if c.Added, unknown = audit.ParseFacts(flags.Added); unknown != "" {
		return nil, fmt.Errorf("it was judged with a fact that we do not know: %q", unknown)
	}
	if !run.Rewritten && c.Digest() != run.Criteria {
		return nil, fmt.Errorf("%w: what it was judged by is not that of its digest", ErrChanged)
	}
	return c, nil
}
