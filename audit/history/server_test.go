// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// server is a PostgreSQL server of this test's own, behind a socket in a folder of its own, and
// before it a PgBouncer that gives each transaction another session.
type server struct {
	folder string
	once   sync.Once
	err    error

	lock  sync.Mutex
	count int
	free  []*database // that were made, and are empty again
}

// database is one of the server's, with a connection to empty it by.
type database struct {
	name string
	db   *sql.DB
}

// The ports are names of sockets in the server's folder.
const (
	serverPort = 5432
	poolerPort = 6432
)

var postgresServer server

// TestMain ends the server, and is the child that writes until it is killed.
func TestMain(m *testing.M) {
	if at := os.Getenv("PATAUDIT_TEST_WRITE"); at != "" {
		writeForever(at)
	}
	code := m.Run()
	postgresServer.stop()
	os.Exit(code)
}

// database returns the URL of an empty database. The server starts with the first. When the test
// ends, it is emptied for another one: to make one takes longer than most tests.
func (s *server) database(t testing.TB) string {
	t.Helper()
	s.once.Do(func() { s.err = s.start() })
	if s.err != nil {
		t.Fatalf("PostgreSQL: %v", s.err)
	}
	d, err := s.take()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := d.db.Exec(emptying); err != nil {
			t.Error(err)
			return
		}
		s.lock.Lock()
		defer s.lock.Unlock()
		s.free = append(s.free, d)
	})
	return s.at(d.name)
}

// emptying drops all that tests make in a database.
const emptying = `DO $$ DECLARE own name; BEGIN
	FOR own IN SELECT nspname FROM pg_namespace
		WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'
	LOOP EXECUTE format('DROP SCHEMA %I CASCADE', own); END LOOP;
	CREATE SCHEMA public;
END $$`

// take returns a database that is free, or makes one.
func (s *server) take() (*database, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if n := len(s.free); n > 0 {
		d := s.free[n-1]
		s.free = s.free[:n-1]
		return d, nil
	}
	s.count++
	d := &database{name: fmt.Sprintf("test%d", s.count)}
	if err := s.run("psql", "-h", s.folder, "-U", "tester", "-qc", "CREATE DATABASE "+d.name,
		"postgres"); err != nil {
		return nil, err
	}
	var err error
	d.db, err = sql.Open("pgx", s.at(d.name))
	return d, err
}

// at returns the URL of a database.
func (s *server) at(name string) string {
	return "postgres://tester@/" + name + "?host=" + url.QueryEscape(s.folder)
}

// pooled returns the URL of a database behind the pooler.
func pooled(at string) string { return fmt.Sprintf("%s&port=%d", at, poolerPort) }

func (s *server) start() error {
	var err error
	if s.folder, err = os.MkdirTemp("/tmp", "pataudit-postgres-"); err != nil {
		return err
	}
	if as := s.as(); as != nil {
		if err := os.Chown(s.folder, int(as.Uid), int(as.Gid)); err != nil {
			return err
		}
	}
	data := filepath.Join(s.folder, "data")
	if err := s.run("initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8",
		"--locale=C", "-N"); err != nil {
		return err
	}
	// Clients are killed, never the server: what it wrote need not be on the disk.
	if err := s.run("pg_ctl", "-D", data, "-w", "-l", filepath.Join(s.folder, "log"),
		"-o", "-c listen_addresses='' -k "+s.folder+" -c max_connections=200 -c fsync=off"+
			" -c full_page_writes=off -c autovacuum=off", "start"); err != nil {
		return err
	}
	config := filepath.Join(s.folder, "pgbouncer.ini")
	if err := os.WriteFile(config, fmt.Appendf(nil, pooler, s.folder, serverPort, poolerPort),
		0o600); err != nil {
		return err
	}
	if as := s.as(); as != nil {
		if err := os.Chown(config, int(as.Uid), int(as.Gid)); err != nil {
			return err
		}
	}
	if err := s.run("pgbouncer", "-q", "-d", config); err != nil {
		return err
	}
	return s.awaitPooler()
}

func (s *server) stop() {
	if s.folder == "" {
		return
	}
	err := s.stopPooler()
	for _, d := range s.free {
		err = errors.Join(err, d.db.Close())
	}
	if err == nil {
		err = s.run("pg_ctl", "-D", filepath.Join(s.folder, "data"), "-m", "immediate", "stop")
	}
	if err == nil {
		err = os.RemoveAll(s.folder)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// run runs one of the server's programs. None of them runs as root.
func (s *server) run(program string, args ...string) error {
	var found []string
	for _, place := range []string{"/usr/lib/postgresql/*/bin/", "/usr/sbin/"} {
		if here, err := filepath.Glob(place + program); err == nil {
			found = append(found, here...)
		}
	}
	if len(found) == 0 {
		return fmt.Errorf("%s is not installed: apt-get install postgresql pgbouncer", program)
	}
	slices.Sort(found)
	command := exec.Command(found[len(found)-1], args...)
	command.Dir = s.folder
	command.Env = append(os.Environ(), "LC_ALL=C")
	if as := s.as(); as != nil {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	}
	output, err := os.CreateTemp("", "pataudit-postgres-*.txt") // a pipe would wait for the server
	if err != nil {
		return err
	}
	defer os.Remove(output.Name())
	defer output.Close()
	command.Stdout, command.Stderr = output, output
	if err := command.Run(); err != nil {
		text, _ := os.ReadFile(output.Name())
		return fmt.Errorf("%s: %w: %s", program, err, text)
	}
	return nil
}

// as is the user that the server runs as when we are root.
func (s *server) as() *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	postgres, err := user.Lookup("postgres")
	if err != nil {
		return nil // initdb then says that it does not run as root
	}
	uid, _ := strconv.ParseUint(postgres.Uid, 10, 32)
	gid, _ := strconv.ParseUint(postgres.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

// onBoth runs a test with an empty history in SQLite, and in the full tests in PostgreSQL, behind
// a pooler and not, beside each other.
func onBoth(t *testing.T, test func(t *testing.T, at string)) {
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, filepath.Join(t.TempDir(), "pataudit.db"))
	})
	for name, at := range map[string]func(string) string{
		"PostgreSQL": func(at string) string { return at }, "PgBouncer": pooled,
	} {
		t.Run(name, func(t *testing.T) {
			if os.Getenv("PATAUDIT_TEST_FULL") != "1" {
				t.Skip("needs a server: PATAUDIT_TEST_FULL=1")
			}
			t.Parallel()
			test(t, at(postgresServer.database(t)))
		})
	}
}

// opened opens a history for a test.
func opened(t testing.TB, at string) *Store {
	t.Helper()
	s, err := Open(context.Background(), located(t, at))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func located(t testing.TB, at string) *Location {
	t.Helper()
	l, err := Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// exec runs a statement; one for SQLite runs in PostgreSQL, too, with its type of bytes.
func (s *Store) exec(t testing.TB, query string, args ...any) {
	t.Helper()
	if s.engine.name == "postgres" {
		query = strings.ReplaceAll(query, "BLOB", "BYTEA")
	}
	if _, err := s.db.Exec(query, args...); err != nil {
		t.Fatal(err)
	}
}
