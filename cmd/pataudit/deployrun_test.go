// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit/github/githubtest"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// TestDeployedWeek runs what is deployed: the dead man's switch warns while there is no audit, the
// audit writes what it says, and the switch is content then.
func TestDeployedWeek(t *testing.T) {
	all := deployments(t)
	for _, names := range [][]string{
		{"check.yaml", "audit.yaml"}, {"pataudit-check.service", "pataudit.service"},
	} {
		check, audit := all[names[0]], all[names[1]]
		t.Run(names[1], func(t *testing.T) {
			_, env := serveWith(t, &githubtest.World{})
			dir := t.TempDir()
			runDeployed(t, dir, env, check, ui.ExitIncomplete)
			runDeployed(t, dir, env, audit, ui.ExitClean)
			runDeployed(t, dir, env, check, ui.ExitClean)
			for _, name := range []string{"audit.json", "audit.xlsx", "pataudit.db"} {
				if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode() != 0o600 {
					t.Errorf("%s: %v, %v", name, info, err)
				}
			}
		})
	}
}

// runDeployed runs one deployment, with its state in a folder and its credentials from env.
func runDeployed(t *testing.T, dir string, env []string, d deployment, code int) {
	t.Helper()
	state := strings.NewReplacer("/var/lib/pataudit", dir, "%S/pataudit", dir)
	env = slices.Clone(env)
	for key, value := range d.env {
		if strings.HasPrefix(key, "PATAUDIT_APP_") {
			continue // of the test's own App
		}
		env = append(env, key+"="+state.Replace(value))
	}
	args := slices.Clone(d.args)
	for i := range args {
		args[i] = state.Replace(args[i])
	}
	r := prepare(t, dir, nil, env, args...)
	r.start()
	r.ends(code, "")
	if strings.Contains(strings.Join(r.Args, " "), "--quiet") && r.stderr.String() != "" {
		t.Errorf("quiet, and yet it says %s", &r.stderr)
	}
}

// TestSBOM holds that a release's archive is listed by what is linked into its binary, twice the
// same, and that an archive without one is not listed.
func TestSBOM(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	shell := func(script string) error {
		command := exec.Command("sh", "-euc", script, "sh", sbom(t), self)
		command.Dir = dir
		return command.Run()
	}
	if err := shell(`cp "$2" pataudit
		tar -cf - pataudit | gzip -1 >pataudit_1.tar.gz
		for name in a b; do
			sh "$1" pataudit_1.tar.gz $name.json 2026-11-22T06:00:00Z
		done
		cmp a.json b.json`); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "a.json"))
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		SPDXVersion string
		Packages    []struct{ Name, VersionInfo string }
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	versions := map[string]string{}
	for _, p := range document.Packages {
		versions[p.Name] = p.VersionInfo
	}
	cobra := "github.com/spf13/cobra"
	if !strings.Contains(string(top(t, "go.mod")), cobra+" "+versions[cobra]+"\n") ||
		"go"+versions["stdlib"] != runtime.Version() || document.Packages[0].Name != module {
		t.Errorf("it lists %s of %v", document.SPDXVersion, versions)
	}
	if shell(`echo no binary >pataudit.txt
		tar -czf pataudit_1.tar.gz pataudit.txt
		sh "$1" pataudit_1.tar.gz c.json 2026-11-22T06:00:00Z`) == nil {
		t.Error("it lists an archive without a binary")
	}
}

// sbom is the path of the script that lists an archive.
func sbom(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", ".github", "sbom.sh"))
	if err != nil {
		t.Fatal(err)
	}
	return path
}
