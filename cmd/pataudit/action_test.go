// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/report"
	"github.com/complytime/pataudit/report/json"
)

// actionFile is action.yml, with every key that it may have.
type actionFile struct {
	Name, Description, Author string

	Branding map[string]string
	Inputs   map[string]struct{ Description, Default string }
	Outputs  map[string]struct{ Description, Value string }
	Runs     struct {
		Using string
		Steps []actionStep
	}
}

// actionStep is a step of an action or of a workflow.
type actionStep struct {
	Name, ID, If, Uses, Shell, Run string

	With, Env map[string]string
}

// root is the project's top, from here.
var root = filepath.Join("..", "..")

// readYAML reads a file of which each key is known.
func readYAML(t interface{ Fatal(args ...any) }, file any, path ...string) {
	data, err := os.ReadFile(filepath.Join(append([]string{root}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(file); err != nil {
		t.Fatal(filepath.Join(path...), err)
	}
}

var (
	expression = regexp.MustCompile(`\$\{\{\s*(.*?)\s*\}\}`)
	pinned     = regexp.MustCompile(`^[\w-]+/[\w/-]+@[0-9a-f]{40}$`)
)

// checkSteps holds that no text from outside becomes part of a script, and that what others made
// is pinned.
func checkSteps(t *testing.T, where string, steps []actionStep) {
	t.Helper()
	for i, s := range steps {
		if strings.Contains(s.Run, "${{") {
			t.Errorf("%s: step %d: an expression is part of its script", where, i)
		}
		if (s.Run == "") == (s.Uses == "") {
			t.Errorf("%s: step %d runs nothing, or two things", where, i)
		}
		if s.Uses != "" && !pinned.MatchString(s.Uses) &&
			!strings.HasPrefix(s.Uses, "complytime/pataudit@") {
			t.Errorf("%s: %s is not pinned by its commit", where, s.Uses)
		}
	}
}

// inputsIn adds the inputs that a text names.
func inputsIn(text string, used map[string]bool) {
	for _, m := range regexp.MustCompile(`\binputs\.([\w-]+)`).FindAllStringSubmatch(text, -1) {
		used[m[1]] = true
	}
}

// TestAction holds that each input is explained and used, that what reaches a script comes through
// the environment and is read there, and that each output comes from there.
func TestAction(t *testing.T) {
	var action actionFile
	readYAML(t, &action, "action.yml")
	checkSteps(t, "action.yml", action.Runs.Steps)
	used := map[string]bool{}
	for _, s := range action.Runs.Steps {
		for _, text := range append(slices.Collect(maps.Values(s.With)), s.If) {
			inputsIn(text, used)
		}
		if s.Run == "" {
			continue
		}
		script := scriptOf(t, s)
		for name, value := range s.Env {
			if match := expression.FindString(value); match == "" || match != value {
				t.Errorf("%s: %s is no expression", s.Name, name)
				continue
			}
			inputsIn(value, used)
			if read := regexp.MustCompile(`\$\{?` + name + `\b`); name != "PATAUDIT_HISTORY" &&
				name != "ACTION_PATH" && !read.MatchString(script) {
				t.Errorf("%s: nothing reads %s", s.Name, name)
			}
		}
	}
	for name, input := range action.Inputs {
		if input.Description == "" || !used[name] {
			t.Errorf("input %s is not explained, or not used", name)
		}
	}
	for name := range used {
		if _, ok := action.Inputs[name]; !ok {
			t.Errorf("there is no input %s", name)
		}
	}
	for name, o := range action.Outputs {
		if o.Description == "" || o.Value != "${{ steps.audit.outputs."+name+" }}" {
			t.Errorf("output %s: %+v", name, o)
		}
	}
}

// scriptOf reads the script that a step of the action runs, nothing but a file of the action, with
// those that it takes in.
func scriptOf(t *testing.T, s actionStep) string {
	t.Helper()
	path, ok := strings.CutPrefix(strings.Trim(s.Run, `"`), "$ACTION_PATH/")
	if !ok || s.Shell != "bash" {
		t.Fatalf("%s: runs %s by %s", s.Name, s.Run, s.Shell)
	}
	path = filepath.Join(root, filepath.FromSlash(path))
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode()&0o111 == 0 {
		t.Errorf("%s is not executable", path)
	}
	script, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all := string(script)
	for _, m := range regexp.MustCompile(`(?m)^\. .*/(\w+\.sh)"$`).FindAllStringSubmatch(all, -1) {
		taken, err := os.ReadFile(filepath.Join(filepath.Dir(path), m[1]))
		if err != nil {
			t.Fatal(err)
		}
		all += string(taken)
	}
	return all
}

// TestActionFormats holds that the action writes each format, to a file that tells which.
func TestActionFormats(t *testing.T) {
	for _, tool := range []string{"bash", "jq", "git"} { // of these tests and of the scripts action*
		if _, err := exec.LookPath(tool); err != nil && os.Getenv("PATAUDIT_TEST_FULL") == "1" {
			t.Fatal(err)
		} else if err != nil {
			t.Skip(err)
		}
	}
	script, err := os.ReadFile(filepath.Join(root, ".github", "action", "audit.sh"))
	if err != nil {
		t.Fatal(err)
	}
	var action actionFile
	readYAML(t, &action, "action.yml")
	names := strings.FieldsFunc(action.Inputs["formats"].Description, func(r rune) bool {
		return strings.ContainsRune(" ,.:", r)
	})
	function := regexp.MustCompile(`(?ms)^file\(\) \{$.*?^\}$`).Find(script)
	for _, f := range report.Formats {
		out, err := exec.Command("bash", "-c", string(function)+"\nfile "+f.Name).Output()
		got, _ := report.Formats.ForPath(strings.TrimSpace(string(out)))
		if err != nil || got.Name != f.Name {
			t.Errorf("%s: %s, %v", f.Name, out, err)
		}
		if f.Name != json.Format.Name && !slices.Contains(names, f.Name) {
			t.Errorf("the input formats does not name %s", f.Name)
		}
	}
}

// TestActionBuild builds pataudit as the action does where that is asked for.
func TestActionBuild(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip(err)
	}
	top, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	install := exec.Command(filepath.Join(top, ".github", "action", "install.sh"))
	install.Env = append(os.Environ(), "VERSION=", "SHA256=", "BUILD=true",
		"ACTION_REF=v0.1.0",
		"RUNNER_TEMP="+folder, "ACTION_PATH="+top, "GITHUB_PATH="+filepath.Join(folder, "path"))
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command(filepath.Join(folder, "pataudit-bin", "pataudit"), "version").Output()
	if err != nil || !strings.HasPrefix(string(out), "pataudit v0.1.0\n") {
		t.Errorf("%s, %v", out, err)
	}
}
