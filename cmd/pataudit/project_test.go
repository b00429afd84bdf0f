// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// steered runs a command, which fails for want of files and credentials, and returns it with its
// flags as the project file left them.
func steered(line ...string) (*cobra.Command, error) {
	root := rootCommand(ui.New(time.Now, strings.NewReader(""), io.Discard, io.Discard))
	root.SetArgs(line)
	return root.ExecuteC()
}

// noEnvironment takes out of the environment what wins over a project file.
func noEnvironment(t *testing.T) {
	for _, name := range []string{
		"CI", "GITHUB_ACTIONS", "GITLAB_CI", "GITHUB_API_URL", "PATAUDIT_HISTORY", "PATAUDIT_APP_ID",
		"PATAUDIT_APP_KEY", "PATAUDIT_APP_KEY_FILE", "PATAUDIT_TOKEN", "GITHUB_TOKEN",
	} {
		t.Setenv(name, "")
	}
}

// projectWith sets each key to a value that no flag has by itself.
const projectWith = `version: 1
organizations: [acme]
policy: p.yaml
decisions: d.yaml
baseline: b.yaml
registry: r.yaml
history: h.db
history_required: true
cache: c
outputs: [o.json]
snapshot: s.json
redact: true
sources: [audit-log, classic]
fail_on_requests: true
fail_on_overdue: true
api_url: http://127.0.0.1:9
ca_file: ca.pem
app_id: 7
app_key_file: k.pem
exit_zero: true
allow_incomplete: true
allow_empty: true
allow_public: true
`

// flagValues are what that sets flags to, by their names.
var flagValues = map[string]string{
	"policy": "p.yaml", "decisions": "d.yaml", "baseline": "b.yaml", "history": "h.db",
	"registry":         "r.yaml",
	"history-required": "true", "cache": "c", "snapshot": "s.json", "redact": "true",
	"audit-log": "true", "classic": "true", "fail-on-requests": "true", "fail-on-overdue": "true",
	"api-url": "http://127.0.0.1:9", "ca-file": "ca.pem", "app-id": "7", "app-key": "k.pem",
	"exit-zero": "true", "allow-incomplete": "true", "allow-empty": "true", "allow-public": "true",
}

// otherValues are those of flags that have another name than their key, or are left alone.
var otherValues = map[string]map[string]string{
	"pataudit audit":           {"output": "[o.json]"},
	"pataudit collect":         {"output": "s.json"},
	"pataudit show":            {"from": "s.json"},
	"pataudit decide":          {"from": "s.json"},
	"pataudit baseline create": {"from": "s.json", "output": "b.yaml"},
	"pataudit baseline prune":  {"from": "s.json"},
	// A report is written in another format as it is: what it was judged by is for --verify.
	"pataudit report": {
		"policy": "", "decisions": "", "baseline": "", "registry": "", "history": "",
		"fail-on-requests": "false", "fail-on-overdue": "false", "allow-empty": "false",
	},
}

// TestProjectReaches holds that each key of a project file reaches each flag of its name, in each
// command that has one.
func TestProjectReaches(t *testing.T) {
	noEnvironment(t)
	t.Chdir(t.TempDir())
	if err := os.WriteFile("named.yaml", []byte(projectWith), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, key := range policy.ProjectKeys {
		if !strings.Contains(projectWith, "\n"+key.Name+": ") {
			t.Errorf("no value for %s", key.Name)
		}
	}
	arguments := map[string]string{
		"pataudit show": "token 1", "pataudit decide": "1 keep", "pataudit report": "r.json",
		"pataudit diff": "a.json b.json", "pataudit history add": "a.json b.json",
		"pataudit history show": "latest", "pataudit history forget": "somebody",
		"pataudit policy compare": "a.yaml b.yaml",
	}
	for _, command := range runnable(steeredRoot()) {
		path := command.CommandPath()
		line := strings.Fields(strings.TrimPrefix(path, "pataudit ") + " " + arguments[path])
		ran, err := steered(append(line, "--config", "named.yaml")...)
		if ran.CommandPath() != path {
			t.Errorf("%s ran as %s: %v", path, ran.CommandPath(), err)
			continue
		}
		want := map[string]string{}
		for name, value := range flagValues {
			want[name] = value
		}
		for name, value := range otherValues[path] {
			want[name] = value
		}
		for name, value := range want {
			if f := ran.Flags().Lookup(name); f != nil && f.Value.String() != value {
				t.Errorf("%s: --%s is %q, not %q: %v", path, name, f.Value, value, err)
			}
		}
	}
}

func steeredRoot() *cobra.Command {
	return rootCommand(ui.New(time.Now, nil, io.Discard, io.Discard))
}

// runnable returns the commands that a project file steers.
func runnable(command *cobra.Command) (all []*cobra.Command) {
	if slices.Contains([]string{"init", "config", "completion", "demo", "help", "version"},
		command.Name()) && command.Parent() == command.Root() {
		return nil
	}
	for _, child := range command.Commands() {
		all = append(all, runnable(child)...)
	}
	if !command.HasSubCommands() {
		all = append(all, command)
	}
	return all
}

// TestFoundProjectIsHarmless holds that no file that is only found steers credentials or mercy, or
// leads out of the working folder.
func TestFoundProjectIsHarmless(t *testing.T) {
	noEnvironment(t)
	folder := t.TempDir()
	here, err := filepath.EvalSymlinks(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(folder)
	if err := os.Symlink(t.TempDir(), "link"); err != nil {
		t.Skip(err)
	}
	values := []string{
		"x.json", "json=x.json", "true", "[x.json, json=y]", "audit-log", "sub/x.json", "guide",
		"../x.json", "/tmp/x.json", "json=../x", "../a=b.json", "json=/tmp/x", "link/x.json", "link",
		"json=link/x", "a=link/x.json", "~/x.json", "sqlite:/tmp/x.db", "SQLITE:../x.db", "sqlite:x.db",
		"sqlite:///tmp/x.db", "file:x.db?vfs=other", "postgres://evil.example/h", "http://evil.example",
		`'C:\x.json'`, `'\\evil\x.json'`, `"-"`, "/dev/stdout", "./../x.json", "sub/../../x.json",
		"--exit-zero", "{exit_zero: true}", "1", "{name: x}",
	}
	lines := [][]string{
		{"audit"},
		{"audit", "acme"},
		{"collect"},
		{"show", "token", "1"},
		{"report", "r.json"},
		{"report", "r.json", "--verify", "e.json"},
		{"baseline", "create"},
		{"doctor"},
		{"history", "list"},
		{"decide", "1", "keep"},
	}
	names := []string{"mercy", "organizations"}
	for _, key := range policy.ProjectKeys {
		names = append(names, key.Name)
	}
	harmless := steeredRoot()
	check := func(t rapid.TB, text string, line ...string) {
		checkHarmless(t, harmless, here, text, line)
	}
	for _, name := range names {
		for _, value := range values {
			check(t, "version: 1\n"+name+": "+value+"\n", "audit", "acme")
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		b.WriteString("version: 1\n")
		for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, 3,
			rapid.ID).Draw(t, "keys") {
			value := rapid.SampledFrom(values).Draw(t, name)
			if rapid.IntRange(0, 3).Draw(t, "in an organization") == 0 {
				fmt.Fprintf(&b, "organizations: {acme: {%s: %s}}\n", name, value)
				break
			}
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
		check(t, b.String(), rapid.SampledFrom(lines).Draw(t, "line")...)
	})
}

// checkHarmless holds a command's flags, as a found file of that text leaves them, against those
// of a command that nothing steers.
func checkHarmless(t rapid.TB, harmless *cobra.Command, here, text string, line []string) {
	if err := os.WriteFile("pataudit.yaml", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ran, _ := steered(line...)
	standard, _, err := harmless.Find(strings.Fields(ran.CommandPath())[1:])
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"api-url", "ca-file", "app-id", "app-key", "installation-id", "exit-zero",
		"allow-incomplete", "allow-empty", "allow-public", "set", "fail-on", "only",
	} {
		if f := ran.Flags().Lookup(name); f != nil &&
			f.Value.String() != standard.Flags().Lookup(name).Value.String() {
			t.Errorf("%s: --%s is %q", text, name, f.Value)
		}
	}
	for _, name := range []string{
		"policy", "decisions", "baseline", "history", "cache", "output", "snapshot", "from",
		"evidence",
	} {
		if f := ran.Flags().Lookup(name); f != nil {
			for path := range strings.SplitSeq(strings.Trim(f.Value.String(), "[]"), ",") {
				if path != "" && !inside(here, path) {
					t.Errorf("%s: --%s is %q", text, name, f.Value)
				}
			}
		}
	}
}

// inside reports whether a path is one of a folder, however what opens it reads it.
func inside(folder, path string) bool {
	_, after, _ := strings.Cut(path, "=")
	for _, path := range []string{path, after} {
		if path == "-" || strings.Contains(path, ":") && !strings.HasPrefix(path, "C:") {
			return false
		}
		if !filepath.IsAbs(path) {
			path = filepath.Join(folder, path)
		}
		for { // the part that exists
			real, err := filepath.EvalSymlinks(path)
			if err != nil {
				path = filepath.Dir(path)
				continue
			}
			if real != folder && !strings.HasPrefix(real, folder+string(filepath.Separator)) {
				return false
			}
			break
		}
	}
	return true
}
