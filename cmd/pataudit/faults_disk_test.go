// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/complytime/pataudit/audit/github/githubtest"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report"
)

// limited runs the program where no file may be longer than so many of the shell's blocks, which
// have 512 or 1,024 bytes.
func (r *trial) limited(blocks int) {
	r.Path = "/bin/sh"
	script := fmt.Sprintf(`ulimit -f %d; exec pataudit "$@"`, blocks)
	r.Args = append([]string{"sh", "-c", script, "sh"}, r.Args[1:]...)
}

// smallDisk makes the folder a disk that one file fills, if the tests may mount one.
func smallDisk(t *testing.T, dir string) (mounted bool) {
	t.Helper()
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", os.Getpagesize()))
	if err != nil {
		t.Logf("no disk of our own (%v): a limit on the length of files in its place", err)
		return false
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return true
}

// TestFilesDisk fills the disk under each format.
func TestFilesDisk(t *testing.T) {
	list := listOf(t, 40)
	for _, format := range report.Formats {
		t.Run("j_disk_full/"+format.Name, func(t *testing.T) {
			dir := t.TempDir()
			mounted := smallDisk(t, filepath.Join(dir, "full"))
			r := prepare(t, dir, []string{"full/report", "other.json"}, nil, offline(list, "--quiet",
				"-o", format.Name+"=full/report", "-o", "other.json")...)
			if !mounted {
				r.limited(1)
			}
			r.start()
			r.ends(ui.ExitFailed, "pataudit: writing full/report: ")
			r.leaves()
		})
	}
}

// TestFilesOneFails lets the second of three outputs fail.
func TestFilesOneFails(t *testing.T) {
	t.Run("q_one_writer_fails", func(t *testing.T) {
		r := prepare(t, t.TempDir(), []string{"a.bin", "b.json", "c.html"}, nil,
			offline(listOf(t, 1000), "-o", "gemara-catalog=a.bin", "-o", "b.json", "-o", "c.html")...)
		r.limited(64)
		r.start()
		r.ends(ui.ExitFailed, "pataudit: writing b.json: ")
		for _, other := range []string{"a.bin", "c.html", "standard output"} {
			if strings.Contains(r.stderr.String(), other) {
				t.Errorf("%s did not fail: %s", other, &r.stderr)
			}
		}
		r.leaves()
	})
}

// TestFilesStandardOutput writes each format where nothing can be written.
func TestFilesStandardOutput(t *testing.T) {
	list := listOf(t, 3)
	for _, format := range report.Formats {
		t.Run("k_dev_full/"+format.Name, func(t *testing.T) {
			full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = full.Close() }() // nothing was written
			r := prepare(t, t.TempDir(), []string{"a.json"}, nil,
				offline(list, "--format", format.Name, "-o", "a.json")...)
			r.Stdout = full
			r.start()
			r.ends(ui.ExitFailed, "writing standard output: ")
			r.leaves()
		})
	}
}

// TestFilesReadOnly writes into a folder that may only be read. Nothing is collected for it.
func TestFilesReadOnly(t *testing.T) {
	t.Run("l_read_only_folder", func(t *testing.T) {
		server, env := serveWith(t, &githubtest.World{Tokens: []*githubtest.Token{{Value: "ghs_x"}}})
		dir := t.TempDir()
		r := prepare(t, dir, []string{"locked/a.json"}, append(env, "PATAUDIT_APP_ID=",
			"PATAUDIT_APP_KEY_FILE=", "PATAUDIT_TOKEN=ghs_x"),
			"audit", "complytime", "-o", "locked/a.json")
		if os.Geteuid() == 0 { // who may write everywhere: be nobody
			r.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		for path, mode := range map[string]os.FileMode{
			filepath.Dir(dir): 0o755, dir: 0o755, filepath.Join(dir, "locked"): 0o555,
		} {
			if err := os.Chmod(path, mode); err != nil {
				t.Fatal(err)
			}
		}
		t.Cleanup(func() { _ = os.Chmod(filepath.Join(dir, "locked"), 0o755) })
		r.start()
		r.ends(ui.ExitFailed, "writing locked/a.json: permission denied")
		if !strings.Contains(r.stderr.String(), "permission denied") {
			t.Errorf("the reason is not said: %s", &r.stderr)
		}
		if n := len(server.Log()); n > 0 {
			t.Errorf("%d requests", n)
		}
		r.leaves()
	})
}

// TestFilesTarget lets a target change its kind while GitHub is asked.
func TestFilesTarget(t *testing.T) {
	t.Run("m_target_becomes_a_folder", func(t *testing.T) {
		dir := t.TempDir()
		_, env := serveWith(t, &githubtest.World{OnRequest: func(_ int, request *http.Request) {
			if strings.HasSuffix(request.URL.Path, "/personal-access-tokens") {
				_ = os.Mkdir(filepath.Join(dir, "b.xlsx"), 0o755) // the second time it is there
			}
		}})
		r := prepare(t, dir, []string{"a.json"}, env, "audit", "complytime", "-o", "a.json",
			"-o", "b.xlsx")
		r.start()
		r.ends(ui.ExitFailed, "writing b.xlsx: not a regular file")
		r.leaves()
	})
}

// TestFilesTwoRuns lets two runs write the same files at once: what stands there in the end is the
// set of one of them.
func TestFilesTwoRuns(t *testing.T) {
	t.Parallel()
	t.Run("p_two_runs_at_once", func(t *testing.T) {
		dir := t.TempDir()
		var first sync.Once
		both := make(chan struct{})
		arrived := make(chan struct{}, 100)
		_, env := serveWith(t, &githubtest.World{OnRequest: func(_ int, request *http.Request) {
			if !strings.HasSuffix(request.URL.Path, "/personal-access-tokens") {
				return
			}
			arrived <- struct{}{}
			if len(arrived) >= 2 {
				first.Do(func() { close(both) })
			}
			<-both
		}})
		begin := func(only string) *trial {
			r := prepare(t, dir, nil, env, "audit", "complytime", "--quiet", "--only", only,
				"-o", "a.json", "-o", "b.csv", "-o", "c.xlsx")
			r.start()
			return r
		}
		all, failing := begin("all"), begin("failing")
		all.ends(ui.ExitClean, "")
		failing.ends(ui.ExitClean, "")
		files := contents(t, dir)
		if len(files) != 3 {
			t.Errorf("%d files, want 3", len(files))
		}
		if !json.Valid([]byte(files[filepath.Join(dir, "a.json")])) {
			t.Error("a.json is not whole")
		}
	})
	t.Run("p_sets_are_not_mixed", func(t *testing.T) {
		for range 50 {
			sameSet(t, t.TempDir())
		}
	})
}

// sameSet commits two sets at once.
func sameSet(t *testing.T, dir string) {
	t.Helper()
	paths := make([]string, 8)
	for i := range paths {
		paths[i] = filepath.Join(dir, fmt.Sprint(i))
	}
	var sets [2]ui.Files
	for n := range sets {
		for _, path := range paths {
			if err := sets[n].Add(path, func(w io.Writer) error {
				_, err := w.Write([]byte{'A' + byte(n)})
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	var wait sync.WaitGroup
	for n := range sets {
		wait.Go(func() {
			if err := sets[n].Commit(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	var left bytes.Buffer
	for _, text := range contents(t, dir) {
		left.WriteString(text)
	}
	if set := left.String(); set != strings.Repeat(set[:1], len(paths)) {
		t.Fatalf("mixed: %s", set)
	}
}
