// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
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

// newPostgres starts a PostgreSQL server for one test, behind a socket in a folder of its own, and
// gives the URL of an empty database.
func newPostgres(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("/tmp", "pataudit-postgres-") // the name of a socket is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	var as *syscall.Credential // no server runs as root
	if os.Getuid() == 0 {
		postgres, err := user.Lookup("postgres")
		if err != nil {
			t.Fatalf("PostgreSQL is not installed: %v", err)
		}
		uid, _ := strconv.ParseUint(postgres.Uid, 10, 32)
		gid, _ := strconv.ParseUint(postgres.Gid, 10, 32)
		as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(folder, int(uid), int(gid)); err != nil {
			t.Fatal(err)
		}
	}
	run := func(program string, args ...string) {
		t.Helper()
		found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + program)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s is not installed: apt-get install postgresql", program)
		}
		slices.Sort(found)
		command := exec.Command(found[len(found)-1], args...)
		command.Dir, command.Env = folder, append(os.Environ(), "LC_ALL=C")
		if as != nil {
			command.SysProcAttr = &syscall.SysProcAttr{Credential: as}
		}
		if err := command.Run(); err != nil {
			t.Fatalf("%s: %v", program, err)
		}
	}
	data := filepath.Join(folder, "data")
	run("initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
	run("pg_ctl", "-D", data, "-w", "-l", filepath.Join(folder, "log"),
		"-o", "-c listen_addresses='' -k "+folder+" -c max_connections=200", "start")
	t.Cleanup(func() { run("pg_ctl", "-D", data, "-m", "immediate", "stop") })
	return "postgres://tester@/postgres?host=" + url.QueryEscape(folder)
}
