// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit/github/githubtest"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// growing reports whether a file that is being written has begun.
func growing(dir, name string) func() bool {
	return func() bool {
		found, err := filepath.Glob(filepath.Join(dir, "."+name+".*.tmp"))
		if err != nil || len(found) != 1 {
			return false
		}
		info, err := os.Stat(found[0])
		return err == nil && info.Size() > 0
	}
}

// atMost is how long an interrupted program may take to end: a second, and another one for the
// race detector and a busy machine.
const atMost = 2 * time.Second

// TestFilesInterrupted ends the program while it works: at once, with all files as they were
// before.
func TestFilesInterrupted(t *testing.T) {
	live := []string{"audit", "complytime", "--verbose", "-o", "a.json", "-o", "b.xlsx"}
	set := []string{"a.json", "b.xlsx"}
	for _, test := range []struct {
		name   string
		signal syscall.Signal
		begin  func(t *testing.T) *trial
	}{
		{"f_SIGINT_during_listing", syscall.SIGINT, func(t *testing.T) *trial {
			return beginListing(t, set, live)
		}},
		{"h_SIGTERM", syscall.SIGTERM, func(t *testing.T) *trial {
			return beginListing(t, set, live)
		}},
		{"SIGHUP", syscall.SIGHUP, func(t *testing.T) *trial { return beginListing(t, set, live) }},
		{"f_SIGINT_during_rate_limit_wait", syscall.SIGINT, func(t *testing.T) *trial {
			_, env := serveWith(t, &githubtest.World{Faults: []*githubtest.Fault{{
				Path: listPath, Status: 429, Header: map[string]string{"Retry-After": "600"},
			}}})
			r := prepare(t, t.TempDir(), set, env, live...)
			r.start()
			until(t, "the wait", func() bool {
				return strings.Contains(r.stderr.String(), "held up by rate limits")
			})
			return r
		}},
		{"f_SIGINT_during_writing", syscall.SIGINT, func(t *testing.T) *trial {
			r := prepare(t, t.TempDir(), set, nil, offline(listOf(t, 3000), "--quiet",
				"-o", "a.json", "-o", "b.xlsx", "--snapshot", "c.json")...)
			r.start()
			until(t, "the first bytes", growing(r.Dir, "a.json"))
			return r
		}},
		{"f_SIGINT_during_writing_letters", syscall.SIGINT, func(t *testing.T) *trial {
			dir := t.TempDir()
			finish := func(code int, args ...string) {
				r := prepare(t, dir, nil, nil, args...)
				r.start()
				r.ends(code, "")
			}
			finish(ui.ExitViolationsIncomplete, offline(listOf(t, 100), "-o", "old.json")...)
			finish(ui.ExitClean, "report", "old.json", "--owners", "letters", "--quiet")
			finish(ui.ExitViolationsIncomplete, offline(listOf(t, 2000), "-o", "report.json")...)
			r := prepare(t, dir, nil, nil, "report", "report.json", "--owners", "letters")
			r.start()
			until(t, "the first letter", growing(filepath.Join(dir, "letters"), "1.md"))
			return r
		}},
		{"f_SIGINT_during_writing_standard_output", syscall.SIGINT, beginBlocked},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := test.begin(t)
			sent := time.Now()
			if err := r.Process.Signal(test.signal); err != nil {
				t.Fatal(err)
			}
			r.ends(ui.ExitSignal+int(test.signal), "pataudit: interrupted: no file was touched\n")
			if took := time.Since(sent); took > atMost {
				t.Errorf("took %v", took)
			}
			r.leaves()
		})
	}
}

// beginListing comes back while GitHub holds the list.
func beginListing(t *testing.T, set, args []string) *trial {
	server, env := serveWith(t, &githubtest.World{Faults: []*githubtest.Fault{{
		Path: listPath, Delay: githubtest.Duration(time.Minute),
	}}})
	r := prepare(t, t.TempDir(), set, env, args...)
	r.start()
	until(t, "the list", asked(server))
	return r
}

// beginBlocked comes back while the program waits for who reads its standard output, and does not.
func beginBlocked(t *testing.T) *trial {
	r := prepare(t, t.TempDir(), []string{"a.json"}, nil,
		offline(listOf(t, 2000), "--format", "json", "-o", "a.json")...)
	out, err := r.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	r.start()
	if _, err := io.ReadFull(out, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestFilesSecondSignal kills a program that takes its time to end.
func TestFilesSecondSignal(t *testing.T) {
	t.Run("g_second_SIGINT", func(t *testing.T) {
		r := beginBlocked(t)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = r.Wait()
		}()
		sent := time.Now()
		until(t, "the end", func() bool {
			_ = r.Process.Signal(syscall.SIGINT) // an error once it has ended
			select {
			case <-ended:
				return true
			default:
				return false
			}
		})
		if took := time.Since(sent); took > grace {
			t.Errorf("took %v: the second was not heard", took)
		}
		status, ok := r.ProcessState.Sys().(syscall.WaitStatus)
		if !ok || status.Signal() != syscall.SIGINT {
			t.Errorf("ended with %v", r.ProcessState)
		}
		if contents(t, r.Dir)[filepath.Join(r.Dir, "a.json")] != before {
			t.Error("a final file was touched")
		}
	})
}

// TestFilesPipe closes standard output on the program, as `| head -1` does.
func TestFilesPipe(t *testing.T) {
	t.Run("i_SIGPIPE", func(t *testing.T) {
		r := prepare(t, t.TempDir(), []string{"a.json"}, nil,
			offline(listOf(t, 2000), "--format", "json", "-o", "a.json")...)
		read, write, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r.Stdout = write
		r.start()
		if _, err := io.ReadFull(read, make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		if err := read.Close(); err != nil {
			t.Fatal(err)
		}
		_ = write.Close() // ours; the program has its own
		r.ends(ui.ExitFailed, "writing standard output: ")
		r.leaves()
	})
}

// TestAbort ends the program as Go's runtime ends what it gives up on: not with the code of a
// wrong command line, and without a core file.
func TestAbort(t *testing.T) {
	r := beginListing(t, []string{"a.json"}, []string{"audit", "complytime", "-o", "a.json"})
	if err := r.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	_ = r.Wait()
	status, ok := r.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || status.Signal() != syscall.SIGABRT || status.CoreDump() {
		t.Errorf("ended with %v", r.ProcessState)
	}
	if found, err := filepath.Glob(filepath.Join(r.Dir, "*core*")); err != nil || len(found) > 0 {
		t.Errorf("%q, %v", found, err)
	}
}

// TestKilledLeavesNothing: what a run that was killed left behind, the next one removes; what a
// run that still works has made, it does not.
func TestKilledLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	temporary := func() (found []string) {
		found, err := filepath.Glob(filepath.Join(dir, ".*.tmp"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	server, env := serveWith(t, &githubtest.World{Faults: []*githubtest.Fault{{
		Path: listPath, Delay: githubtest.Duration(time.Minute), Times: 2,
	}}})
	begin := func() *trial {
		r := prepare(t, dir, nil, env, "audit", "complytime", "-o", "a.json", "-o", "b.xlsx")
		made := len(temporary())
		r.start()
		until(t, "its files", func() bool { return len(temporary()) == made+2 })
		return r
	}
	killed := begin()
	until(t, "the list", asked(server))
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = killed.Wait()
	left := temporary()
	works := begin()
	r := prepare(t, dir, nil, nil, offline(listOf(t, 3), "--quiet", "-o", "a.json")...)
	r.start()
	r.ends(ui.ExitViolationsIncomplete, "")
	now := temporary()
	if len(left) != 2 || len(now) != 3 || slices.Contains(now, left[0]) {
		t.Errorf("%q were left, and %q are there after the next run", left, now)
	}
	if err := works.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	works.ends(ui.ExitSignal+int(syscall.SIGTERM), "")
	if now = temporary(); len(now) != 1 || now[0] != left[1] {
		t.Errorf("%q are left in the end", now)
	}
}
