// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"database/sql"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit/github/githubtest"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// remembered readies an audit with a history and two outputs, in a folder of its own. The history
// has one run, of fewer tokens.
func remembered(t *testing.T, more ...string) *trial {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "out"), 0o700); err != nil {
		t.Fatal(err)
	}
	first := prepare(t, dir, nil, nil, offline(listOf(t, 2), "--quiet", "--history", "h.db")...)
	first.start()
	first.ends(ui.ExitViolationsIncomplete, "")
	return prepare(t, dir, []string{"out/a.json", "out/b.csv"}, nil, offline(listOf(t, 300),
		append(more, "--history", "h.db", "-o", "out/a.json", "-o", "out/b.csv")...)...)
}

// holds keeps a lock on the history until it is let go.
func (r *trial) holds() (letGo func()) {
	r.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(r.Dir, "h.db")+"?_txlock=immediate")
	if err != nil {
		r.t.Fatal(err)
	}
	tx, err := db.Begin()
	if err != nil {
		r.t.Fatal(err)
	}
	return func() {
		_ = tx.Rollback()
		_ = db.Close()
	}
}

// holdsFolder keeps files from being put into their places until it is let go.
func (r *trial) holdsFolder() (letGo func()) {
	r.t.Helper()
	folder, err := os.Open(filepath.Join(r.Dir, "out"))
	if err == nil {
		err = syscall.Flock(int(folder.Fd()), syscall.LOCK_EX)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	return func() { _ = folder.Close() }
}

// saved counts the runs of the history, which must be whole.
func (r *trial) saved() int {
	r.t.Helper()
	at, err := history.Parse(filepath.Join(r.Dir, "h.db"))
	if err != nil {
		r.t.Fatal(err)
	}
	store, err := history.OpenExisting(r.t.Context(), at)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	if problems, err := store.Check(r.t.Context(), true); err != nil || len(problems) > 0 {
		r.t.Errorf("the history is not whole: %v, %v", problems, err)
	}
	runs, err := store.Runs(r.t.Context(), history.Query{})
	if err != nil {
		r.t.Fatal(err)
	}
	return len(runs)
}

// written counts the outputs that were replaced.
func (r *trial) written() (n int) {
	r.t.Helper()
	for _, name := range []string{"a.json", "b.csv"} {
		text, err := os.ReadFile(filepath.Join(r.Dir, "out", name))
		if err != nil {
			r.t.Fatal(err)
		}
		if string(text) != before {
			n++
		}
	}
	return n
}

// TestHistoryInterrupted interrupts an audit at each step of its end: the history has the run and
// the files are written, or neither, and what is said is so.
func TestHistoryInterrupted(t *testing.T) {
	const touched = "pataudit: interrupted: no file was touched\n"
	inOut := func(r *trial) func() bool { return growing(filepath.Join(r.Dir, "out"), "b.csv") }
	ended := func(t *testing.T, r *trial, runs, files int) {
		t.Helper()
		if n, m := r.saved(), r.written(); n != runs || m != files {
			t.Errorf("%d runs, %d files, want %d, %d: %s", n, m, runs, files, &r.stderr)
		}
	}
	t.Run("while_the_history_is_locked", func(t *testing.T) {
		t.Parallel()
		r := remembered(t)
		letGo := r.holds()
		r.start()
		until(t, "the files", inOut(r))
		time.Sleep(100 * time.Millisecond) // it waits now
		sent := time.Now()
		_ = r.Process.Signal(syscall.SIGINT)
		r.ends(ui.ExitSignal+int(syscall.SIGINT), touched)
		if took := time.Since(sent); took > 2*atMost {
			t.Errorf("took %v", took)
		}
		letGo()
		ended(t, r, 1, 0)
		if strings.Contains(r.stderr.String(), "saved") {
			t.Error(&r.stderr)
		}
	})
	t.Run("once_the_run_is_saved", func(t *testing.T) {
		t.Parallel()
		r := remembered(t)
		letGo := r.holdsFolder()
		r.start()
		until(t, "the run", func() bool { return r.saved() == 2 })
		_ = r.Process.Signal(syscall.SIGINT)
		time.Sleep(2 * grace)
		letGo()
		r.ends(ui.ExitViolationsIncomplete, "saved as run 2 in h.db")
		if strings.Contains(r.stderr.String(), "interrupted") {
			t.Error(&r.stderr)
		}
		ended(t, r, 2, 2)
	})
	t.Run("while_standard_output_is_full", func(t *testing.T) {
		t.Parallel()
		r := remembered(t, "--format", "json", "--only", "all")
		out, err := r.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		r.start()
		if _, err := io.ReadFull(out, make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		_ = r.Process.Signal(syscall.SIGINT)
		r.ends(ui.ExitSignal+int(syscall.SIGINT), "pataudit: interrupted: the files are written, and "+
			"standard output is not whole; saved before: run 2 in h.db\n")
		ended(t, r, 2, 2)
	})
	t.Run("standard_output_is_closed", func(t *testing.T) {
		t.Parallel()
		r := remembered(t, "--format", "json", "--only", "all")
		read, write, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r.Stdout = write
		r.start()
		_ = read.Close()
		_ = write.Close()
		r.ends(ui.ExitFailed, "closed before its end; the files are written")
		ended(t, r, 2, 2)
	})
	t.Run("killed_while_the_history_is_locked", func(t *testing.T) {
		t.Parallel()
		r := remembered(t)
		letGo := r.holds()
		r.start()
		until(t, "the files", inOut(r))
		_ = r.Process.Kill()
		_ = r.Wait()
		letGo()
		ended(t, r, 1, 0)
	})
	t.Run("killed_once_the_run_is_saved", func(t *testing.T) {
		t.Parallel()
		r := remembered(t)
		letGo := r.holdsFolder()
		r.start()
		until(t, "the run", func() bool { return r.saved() == 2 })
		_ = r.Process.Kill()
		_ = r.Wait()
		letGo()
		ended(t, r, 2, 0)
		again := prepare(t, r.Dir, nil, nil, "history", "show", "2", "--history", "h.db",
			"-o", "out/a.json", "--quiet")
		again.start()
		again.ends(ui.ExitClean, "")
	})
}

// TestHistoryKilled kills an audit at any time: the files of a run are never there without the run
// in the history.
func TestHistoryKilled(t *testing.T) {
	t.Parallel()
	for n := range 12 {
		r := remembered(t)
		r.start()
		time.Sleep(time.Duration(n) * 25 * time.Millisecond)
		_ = r.Process.Kill()
		_ = r.Wait()
		if runs, files := r.saved(), r.written(); files > 0 && runs != 2 {
			t.Errorf("after %d ms: %d files of a run that is not saved", n*25, files)
		}
	}
}

// TestHistoryFull fills the disk under the history, but not under the outputs: they are written,
// and the exit code is 1. Once there is room, the run is added.
func TestHistoryFull(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	full := filepath.Join(dir, "full")
	if err := os.Mkdir(full, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", full, "tmpfs", 0, "size=400k"); err != nil {
		t.Skipf("no disk of our own: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(full, syscall.MNT_DETACH) })
	evidence := prepare(t, dir, nil, nil,
		offline(listOf(t, 1000), "--quiet", "--snapshot", "e.json")...)
	evidence.start()
	evidence.ends(ui.ExitViolationsIncomplete, "")
	for _, step := range []struct {
		code int
		why  string
		args []string
	}{
		{ui.ExitViolationsIncomplete, "", offline(listOf(t, 2), "--quiet", "--history", "full/h.db")},
		{ui.ExitFailed, "not saved: history full/h.db: ", []string{
			"audit", "--from", "e.json", "--as-of", "2026-11-22", "--history", "full/h.db",
			"-o", "a.json", "-o", "b.csv",
		}},
		{ui.ExitFailed, "full", []string{
			"history", "add", "a.json", "e.json", "--history", "full/h.db",
		}},
	} {
		r := prepare(t, dir, nil, nil, step.args...)
		r.start()
		r.ends(step.code, step.why)
	}
	if err := syscall.Mount("tmpfs", full, "tmpfs", syscall.MS_REMOUNT, "size=40m"); err != nil {
		t.Fatal(err)
	}
	r := prepare(t, dir, nil, nil, "history", "add", "a.json", "e.json", "--history", "full/h.db")
	r.start()
	r.ends(ui.ExitClean, "saved as run 2 in full/h.db")
}

// TestHistoryLost takes the database away while GitHub is asked: what was collected is written,
// incomplete for what nobody remembers, and the run is added once the database is there again.
func TestHistoryLost(t *testing.T) {
	if os.Getenv("PATAUDIT_TEST_FULL") != "1" {
		t.Skip("it needs a server")
	}
	url, _ := newPostgres(t)
	admin, err := sql.Open("pgx", strings.Replace(url, "/postgres?", "/template1?", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = admin.Close() }()
	server, env := serveWith(t, &githubtest.World{Faults: []*githubtest.Fault{{
		Path: listPath, Delay: githubtest.Duration(3 * time.Second), Times: 1, After: 2,
	}}})
	dir := t.TempDir()
	finish := func(code int, why string, args ...string) {
		r := prepare(t, dir, nil, env, append(args, "--history", url)...)
		r.start()
		r.ends(code, why)
	}
	finish(ui.ExitClean, "saved as run 1", "audit", "complytime")
	r := prepare(t, dir, nil, env, "audit", "complytime", "--history", url,
		"-o", "a.json", "--snapshot", "e.json")
	before := len(server.Log())
	r.start()
	until(t, "the list", func() bool { return len(server.Log()) > before })
	for _, statement := range []string{
		`ALTER DATABASE postgres ALLOW_CONNECTIONS false`,
		`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres'`,
	} {
		if _, err := admin.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	r.ends(ui.ExitFailed, "complytime: not saved: ")
	if !strings.Contains(r.stderr.String(), "history add a.json e.json") {
		t.Error(&r.stderr)
	}
	finish(ui.ExitFailed, "", "history", "add", "a.json", "e.json")
	if _, err := admin.Exec(`ALTER DATABASE postgres ALLOW_CONNECTIONS true`); err != nil {
		t.Fatal(err)
	}
	finish(ui.ExitClean, "saved as run 2", "history", "add", "a.json", "e.json")
	finish(ui.ExitClean, "", "history", "check", "--judge-again", "--max-age", "8d")
}
