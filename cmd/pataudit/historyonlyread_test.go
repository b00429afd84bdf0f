// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/complytime/pataudit/audit/github/githubtest"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// TestOnlyReadHistory reads a history that another user keeps: every command that reads does,
// those that write say why they cannot, and nothing is left beside it.
func TestOnlyReadHistory(t *testing.T) {
	dir, err := os.MkdirTemp("/tmp", "pataudit-only-read-") // others can go into it
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, "kept")
	t.Cleanup(func() {
		_ = os.Chmod(folder, 0o700)
		_ = os.RemoveAll(dir)
	})
	path := filepath.Join(folder, "h.db")
	_, env := serveWith(t, &githubtest.World{})
	kept := prepare(t, dir, nil, env, "audit", "complytime", "--quiet", "--history", path,
		"--snapshot", "evidence.json")
	for _, err := range []error{os.Chmod(dir, 0o755), os.Mkdir(folder, 0o755)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	kept.start()
	kept.ends(ui.ExitClean, "")
	evidence := filepath.Join(dir, "evidence.json")
	if err := os.Chmod(evidence, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, modes := range []struct{ file, folder os.FileMode }{
		{0o444, 0o555}, {0o444, 0o777}, {0o644, 0o555},
	} {
		for _, err := range []error{os.Chmod(path, modes.file), os.Chmod(folder, modes.folder)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			code int
			says string
			args []string
		}{
			{ui.ExitClean, "", []string{"history", "list"}},
			{ui.ExitClean, "", []string{"history", "show", "latest"}},
			{ui.ExitClean, "", []string{"history", "check", "--max-age", "8d", "complytime"}},
			{ui.ExitClean, "", []string{"history", "check", "--judge-again"}},
			{ui.ExitClean, "", []string{"history", "trend", "complytime"}},
			{ui.ExitFailed, "it can only be read (writing " + path, []string{
				"history", "prune", "--keep", "1h", "--yes",
			}},
			{ui.ExitFailed, "whoever changes it needs to write the file and its folder", []string{
				"audit", "complytime", "--from", evidence,
			}},
		} {
			r := prepare(t, folder, nil, env, append(c.args, "--history", path)...)
			if os.Getuid() == 0 { // whom no mode binds
				r.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{
					Uid: 65534, Gid: 65534,
				}}
			}
			r.start()
			r.ends(c.code, c.says)
			r.leaves()
		}
	}
}
