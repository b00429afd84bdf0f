// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
)

// earlier is a history of each earlier schema, as its pataudit wrote it.
var earlier = map[int][]string{1: {
	`INSERT INTO pataudit_organizations (identity, host, id, login, folded, newest)
		VALUES ('github.com#7', 'github.com', 7, 'Acme', 'acme', $day)`,
	`INSERT INTO pataudit_policies (digest, text) VALUES ('sha256:policy', $policy)`,
	`INSERT INTO pataudit_runs (organization, login, folded, as_of, collected_at, saved_at, verdict,
			complete, incomplete, coverage, skipped, asked, evidence_digest, judgement,
			policy_digest, policy_name, fail_on, tool, tokens, active, people, violating, overdue,
			requests, by_worst)
		VALUES (1, 'Acme', 'acme', $day, $day, $day, 'violations', TRUE, '[]', '[]',
			'["two_factor"]', '["r"]', 'sha256:evidence', 'sha256:report', 'sha256:policy', 'guide',
			'medium', 'pataudit 1', 1, 1, 1, 1, 0, 0, '{"high":1}')`,
	`INSERT INTO pataudit_documents (run, report, snapshot) VALUES (1, $report, $snapshot)`,
	`INSERT INTO pataudit_tokens (organization, id, token_id, owner_id, owner, name, first_seen,
			gone_run, gone_at, expires_at, expiry_told, rights, reach)
		VALUES (1, 1, 10, 5, 'Octocat', 'a \\ \x00', $day, 0, 0, $day, $day, '', '')`,
	`INSERT INTO pataudit_findings (organization, token, rule, first_run, first_seen, severity,
			status, closed_run, closed_at)
		VALUES (1, 1, 'r', 1, $day, 'high', 'fail', 0, 0)`,
}}

// TestMigrate holds that a history of each earlier schema is brought up to date with all that is
// in it, by many at once.
func TestMigrate(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		steps, err := sqliteEngine().steps()
		if err != nil || len(earlier) != len(steps)-1 {
			t.Fatalf("%v: no history of every one of %d earlier versions", err, len(steps)-1)
		}
		for version, statements := range earlier {
			writeEarlier(t, at, version, statements)
			var wait sync.WaitGroup
			for range 8 {
				wait.Go(func() {
					s, err := Open(context.Background(), located(t, at))
					if err != nil {
						t.Error(err)
						return
					}
					if err := s.Close(); err != nil {
						t.Error(err)
					}
				})
			}
			wait.Wait()
			checkEarlier(t, opened(t, at))
		}
	})
}

// writeEarlier makes a history as an earlier version did.
func writeEarlier(t *testing.T, at string, version int, statements []string) {
	t.Helper()
	s := opened(t, at)
	tables := []string{
		"documents", "findings", "states", "contents", "tokens", "runs", "policies",
		"organizations", "schema",
	}
	for _, table := range tables {
		s.exec(t, "DROP TABLE pataudit_"+table)
	}
	steps, err := s.engine.steps()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.migrateTo(context.Background(), steps[:version], true); err != nil {
		t.Fatal(err)
	}
	report, err := compressed([]byte("report"))
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range statements {
		var args []any
		for name, value := range map[string]any{
			"$day": micros(noon), "$policy": []byte("policy"), "$report": report, "$snapshot": report,
		} {
			if strings.Contains(statement, name) && name != "$snapshot" {
				args = append(args, value)
				statement = strings.ReplaceAll(statement, name, "$1")
			}
		}
		s.exec(t, strings.ReplaceAll(statement, "$snapshot", "$1"), args...)
	}
}

func checkEarlier(t *testing.T, s *Store) {
	t.Helper()
	ctx := context.Background()
	run, err := s.Run(ctx, 1)
	if err != nil || run.Organization.Login != "Acme" || !run.AsOf.Equal(noon) || !run.Complete ||
		run.Skipped != audit.FactTwoFactor || run.Point.ByWorst[audit.High] != 1 || run.Batch != "" {
		t.Errorf("%v: %+v", err, run)
	}
	if text, err := s.Snapshot(ctx, 1); err != nil || string(text) != "report" {
		t.Errorf("%v: %s", err, text)
	}
	if text, err := s.Policy(ctx, "sha256:policy"); err != nil || string(text) != "policy" {
		t.Errorf("%v: %s", err, text)
	}
	if m := recalled(t, s, time.Time{}); !since(m, 1).Equal(noon) || m.LastRun != 0 {
		t.Errorf("%+v", m)
	}
	e := judged(seen(day(1), token(1)), rule("r", says{1: fails}))
	e.Batch = "a"
	saved(t, s, e)
	if m := recalled(t, s, time.Time{}); !since(m, 1).Equal(noon) || m.LastRun != 2 {
		t.Errorf("%+v", m)
	}
}

// TestNewer holds that a history of a schema that we do not know is left alone.
func TestNewer(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		s := opened(t, at)
		s.exec(t, `UPDATE pataudit_schema SET version = 99`)
		for _, open := range []func(context.Context, *Location) (*Store, error){Open, OpenExisting} {
			_, err := open(context.Background(), located(t, at))
			want := "was written by a newer pataudit (schema 99; this one knows 2): update"
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v", err)
			}
		}
	})
}

// TestNothingYet holds that reading makes no tables.
func TestNothingYet(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		if strings.HasPrefix(at, "postgres") {
			if _, err := OpenExisting(context.Background(), located(t, at)); !errors.Is(err,
				fs.ErrNotExist) {
				t.Errorf("got %v", err)
			}
		}
		s := opened(t, at)
		var rows sql.NullInt64
		if err := s.db.QueryRow(`SELECT max(number) FROM pataudit_runs`).Scan(&rows); err != nil {
			t.Error(err)
		}
	})
}

// TestSteps holds that both engines have the same steps, in order.
func TestSteps(t *testing.T) {
	lite, err := fs.Glob(migrations, "migrations/sqlite/*")
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range lite {
		other := strings.Replace(name, "sqlite", "postgres", 1)
		if _, err := fs.Stat(migrations, other); err != nil ||
			!strings.HasSuffix(name, "/00"+string(rune('1'+i))+".sql") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
