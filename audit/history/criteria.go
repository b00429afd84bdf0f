// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

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

// The flags that judge, by their names in the store.
func flagFields(c *audit.Criteria) map[string]*bool {
	return map[string]*bool{
		"fail_on_requests": &c.FailOnRequests, "fail_on_overdue": &c.FailOnOverdue,
		"allow_empty": &c.AllowEmpty,
	}
}

// flagsOf lists the flags that are set.
func flagsOf(c *audit.Criteria) []string {
	flags := []string{}
	for name, field := range flagFields(c) {
		if *field {
			flags = append(flags, name)
		}
	}
	slices.Sort(flags)
	return flags
}

// Criteria returns what a run was judged by, but for what was only asked for: what was added to
// the evidence, and as of when.
func (s *Store) Criteria(ctx context.Context, number int64) (*audit.Criteria, error) {
	c, err := readCriteria(ctx, s.db, number)
	return c, s.failed(fmt.Sprintf("what run %d was judged by", number), err)
}

func readCriteria(ctx context.Context, q querier, number int64) (*audit.Criteria, error) {
	c := &audit.Criteria{}
	var skipped, flags []string
	err := q.QueryRowContext(ctx, `
		SELECT r.policy_digest, p.text, d.text, b.text, r.skipped, r.flags FROM pataudit_runs r
		LEFT JOIN pataudit_texts p ON p.digest = r.policy
		LEFT JOIN pataudit_texts d ON d.digest = r.decisions
		LEFT JOIN pataudit_texts b ON b.digest = r.baseline
		WHERE r.number = $1`, number,
	).Scan((*text)(&c.PolicyDigest), &c.Policy, &c.Decisions, &c.Baseline,
		asJSON[[]string]{&skipped}, asJSON[[]string]{&flags})
	if err != nil {
		return nil, found(err)
	}
	fields := flagFields(c)
	for _, name := range flags {
		field := fields[name]
		if field == nil {
			return nil, fmt.Errorf("it was judged with a flag that we do not know: %q", name)
		}
		*field = true
	}
	var unknown string
	if c.Skip, unknown = audit.ParseFacts(skipped); unknown != "" {
		return nil, fmt.Errorf("it did without a fact that we do not know: %q", unknown)
	}
	return c, nil
}
