// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
)

// newPostgres starts a PostgreSQL server for one test, and a PgBouncer before it, behind sockets
// in a folder of their own, and gives the URLs of an empty database, and of another one by the
// pooler.
func newPostgres(t *testing.T) (direct, pooled string) {
	t.Helper()
	folder, err := os.MkdirTemp("/tmp", "pataudit-postgres-") // the name of a socket is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	config := filepath.Join(folder, "pgbouncer.ini")
	if err := os.WriteFile(config, fmt.Appendf(nil, pooler, folder), 0o600); err != nil {
		t.Fatal(err)
	}
	var as *syscall.Credential // no server runs as root
	if os.Getuid() == 0 {
		postgres, err := user.Lookup("postgres")
		if err != nil {
			t.Fatalf("PostgreSQL is not installed: %v", err)
		}
		uid, _ := strconv.Atoi(postgres.Uid)
		gid, _ := strconv.Atoi(postgres.Gid)
		as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := errors.Join(os.Chown(folder, uid, gid), os.Chown(config, uid, gid)); err != nil {
			t.Fatal(err)
		}
	}
	command := func(place, program string, args ...string) *exec.Cmd {
		t.Helper()
		found, err := filepath.Glob(filepath.Join(place, program))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s is not installed: apt-get install postgresql pgbouncer", program)
		}
		slices.Sort(found)
		command := exec.Command(found[len(found)-1], args...)
		command.Dir, command.Env = folder, append(os.Environ(), "LC_ALL=C")
		if as != nil {
			command.SysProcAttr = &syscall.SysProcAttr{Credential: as}
		}
		return command
	}
	run := func(program string, args ...string) {
		t.Helper()
		if err := command("/usr/lib/postgresql/*/bin", program, args...).Run(); err != nil {
			t.Fatalf("%s: %v", program, err)
		}
	}
	data := filepath.Join(folder, "data")
	run("initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
	run("pg_ctl", "-D", data, "-w", "-l", filepath.Join(folder, "log"),
		"-o", "-c listen_addresses='' -k "+folder+" -c max_connections=200", "start")
	t.Cleanup(func() { run("pg_ctl", "-D", data, "-m", "immediate", "stop") })
	run("createdb", "-h", folder, "-U", "tester", "pooled")
	before := command("/usr/sbin", "pgbouncer", "-q", config)
	if err := before.Start(); err != nil {
		t.Fatalf("pgbouncer: %v", err)
	}
	t.Cleanup(func() {
		_ = before.Process.Kill()
		_ = before.Wait() // it was killed
	})
	until(t, "the pooler", func() bool {
		_, err := os.Stat(filepath.Join(folder, ".s.PGSQL.6432"))
		return err == nil
	})
	at := "?host=" + url.QueryEscape(folder)
	return "postgres://tester@/postgres" + at, "postgres://tester@/pooled" + at + "&port=6432"
}

// pooler is how PgBouncer is set: each transaction has one of two sessions, in turn.
const pooler = `[databases]
* = host=%[1]s port=5432 user=tester
[pgbouncer]
pool_mode = transaction
default_pool_size = 2
server_round_robin = 1
auth_type = any
listen_addr =
listen_port = 6432
unix_socket_dir = %[1]s
logfile = %[1]s/pgbouncer.log
`
