// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// onServer runs a test with a new database of a server, in the full tests.
func onServer(t *testing.T, test func(t *testing.T, at string)) {
	if os.Getenv("PATAUDIT_TEST_FULL") != "1" {
		t.Skip("needs a server: PATAUDIT_TEST_FULL=1")
	}
	test(t, postgresServer.database(t))
}

// TestSession holds that whatever is done with a store leaves nothing in its session: behind a
// pooler the next transaction, of anybody, has it.
func TestSession(t *testing.T) {
	onServer(t, func(t *testing.T, at string) {
		ctx := context.Background()
		s := opened(t, at+"&lock_timeout=7s&search_path=public&timezone=Asia/Tokyo")
		s.db.SetMaxOpenConns(1)
		for n := range 3 {
			saved(t, s, judged(seen(day(n), token(int64(n+1)), token(9)), rule("r", says{9: fails})))
		}
		recalled(t, s, time.Time{})
		_, listing := s.Runs(ctx, Query{})
		_, checking := s.Check(ctx, true)
		_, life := s.Life(ctx, acme(), 9)
		_, forgetting := s.Forget(ctx, []string{"octocat"}, func(*Words) error { return nil })
		_, pruning := s.Prune(ctx, day(2))
		failing := s.write(ctx, s.engine.alone, func(ctx context.Context, tx *sql.Tx) error {
			return put(ctx, tx, s.engine.parameters, intoStates(), []int{1, 1}, func(*int) []any {
				return []any{int64(1), int64(1), int64(1), int64(1), "", ""}
			})
		})
		if failing == nil {
			t.Error("nothing failed")
		}
		if err := errors.Join(listing, checking, life, forgetting, pruning); err != nil {
			t.Error(err)
		}
		for query, want := range map[string]string{
			`SELECT count(*) FROM pg_prepared_statements`:                     "0",
			`SELECT count(*) FROM pg_cursors WHERE name <> ''`:                "0",
			`SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'`:       "0",
			`SELECT count(*) FROM pg_class WHERE relpersistence = 't'`:        "0",
			`SELECT count(*) FROM pg_settings WHERE source = 'session'`:       "0",
			`SELECT setting FROM pg_settings WHERE name = 'lock_timeout'`:     "0",
			`SELECT setting FROM pg_settings WHERE name = 'application_name'`: "pataudit",
			`SELECT string_agg(name, ' ') FROM pg_settings WHERE source = 'client' AND
				name NOT IN ('application_name', 'client_encoding')`: "",
		} {
			var got *string
			if err := s.db.QueryRow(query).Scan(&got); err != nil && want != "" {
				t.Errorf("%s: %v", query, err)
			} else if got != nil && *got != want {
				t.Errorf("%s: %s, want %s", query, *got, want)
			}
		}
	})
}

// TestSearchPath holds that the settings of a URL hold for every statement, whoever gives the
// sessions: all tables are in the schema that it names.
func TestSearchPath(t *testing.T) {
	for name, by := range map[string]func(string) string{
		"PostgreSQL": func(at string) string { return at }, "PgBouncer": pooled,
	} {
		t.Run(name, func(t *testing.T) {
			onServer(t, func(t *testing.T, at string) {
				elsewhere := opened(t, at)
				elsewhere.exec(t, `CREATE SCHEMA audits`)
				s := opened(t, by(at)+"&search_path=audits")
				for n := range 4 {
					saved(t, s, judged(seen(day(n), token(1)), rule("r", says{1: fails})))
				}
				if got := since(recalled(t, s, time.Time{}), 1); !got.Equal(day(0)) {
					t.Errorf("fails since %v", got)
				}
				runs, err := s.Runs(context.Background(), Query{})
				if err != nil || len(runs) != 4 {
					t.Errorf("%d runs, %v", len(runs), err)
				}
				if runs, err = elsewhere.Runs(context.Background(), Query{}); err != nil || len(runs) > 0 {
					t.Errorf("%d runs elsewhere, %v", len(runs), err)
				}
			})
		})
	}
}

// TestManyRows holds that rows of more than one statement are all written.
func TestManyRows(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		s := opened(t, at)
		rows := make([]int64, 2*mostRows+1)
		for i := range rows {
			rows[i] = int64(i)
		}
		if err := s.write(context.Background(), "", func(ctx context.Context, tx *sql.Tx) error {
			return put(ctx, tx, s.engine.parameters, intoStates(), rows, func(i *int64) []any {
				return []any{int64(1), *i, int64(1), int64(1), text(`a "'{}\,` + "\x00"), "NULL"}
			})
		}); err != nil {
			t.Fatal(err)
		}
		var got []int64
		if err := s.read(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
			return each(ctx, tx, func(rows *sql.Rows) error {
				var token int64
				var rights text
				var reach string
				err := rows.Scan(&token, &rights, &reach)
				if rights != `a "'{}\,`+"\x00" || reach != "NULL" {
					t.Fatalf("%q, %q", rights, reach)
				}
				got = append(got, token)
				return err
			}, `SELECT token, rights, reach FROM pataudit_states ORDER BY token`)
		}); err != nil || !slices.Equal(got, rows) {
			t.Errorf("%d rows, %v", len(got), err)
		}
	})
}

// TestSettings holds which parameters of a URL are those of each transaction.
func TestSettings(t *testing.T) {
	at := located(t, "postgres://u@h/d?search_path=a,b&lock_timeout=3s&application_name=ours"+
		"&options=-c%20x%3Dy&default_transaction_read_only=on&sslmode=disable")
	want := map[string]string{"search_path": "a,b", "lock_timeout": "3s"}
	if got := settingsOf(at.postgres); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	want = map[string]string{"lock_timeout": lockTimeout}
	if got := settingsOf(located(t, "postgres://u@h/d").postgres); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestUnfinished holds that a transaction of which a pooler says that its server went away is not
// taken for one that failed.
func TestUnfinished(t *testing.T) {
	engine := postgresEngine(located(t, "postgres://u@h/d").postgres)
	for _, c := range []struct {
		said *pgconn.PgError
		want bool
	}{
		{&pgconn.PgError{Severity: "FATAL", Code: "08P01", Message: "server conn crashed?"}, true},
		{&pgconn.PgError{Severity: "FATAL", Code: "57P01"}, true},
		{&pgconn.PgError{Severity: "ERROR", Code: "40001"}, false},
	} {
		if got := errors.Is(engine.unfinished(c.said), ErrUnfinished); got != c.want {
			t.Errorf("%v: %v", c.said, got)
		}
	}
}

// pooler is how PgBouncer is set: two sessions for each database, whoever asks.
const pooler = `[databases]
* = host=%[1]s port=%[2]d user=tester
[pgbouncer]
pool_mode = transaction
default_pool_size = 2
server_round_robin = 1
server_idle_timeout = 5
max_client_conn = 500
auth_type = any
listen_addr =
listen_port = %[3]d
unix_socket_dir = %[1]s
logfile = %[1]s/pgbouncer.log
pidfile = %[1]s/pgbouncer.pid
`

// awaitPooler returns once the pooler listens: its program returns before that.
func (s *server) awaitPooler() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	socket := filepath.Join(s.folder, fmt.Sprintf(".s.PGSQL.%d", poolerPort))
	for {
		connection, err := net.Dial("unix", socket)
		if err == nil {
			return connection.Close()
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (s *server) stopPooler() error {
	text, err := os.ReadFile(filepath.Join(s.folder, "pgbouncer.pid"))
	if err != nil {
		return nil // it did not start, which its test says
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return err
	}
	return syscall.Kill(pid, syscall.SIGKILL)
}
