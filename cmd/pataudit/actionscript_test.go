// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// action runs action.yml as a runner would: each of its scripts, by bash, with an environment of
// its own. It leaves what the last one printed in stdout, what all printed in log, the action's
// outputs in outputs, and what was added to the summary and to PATH in summary.md and path.
func action(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: action CODE [INPUT=VALUE...]")
	}
	var file actionFile
	readYAML(fatal{ts}, &file, "action.yml")
	top, err := filepath.Abs(root)
	ts.Check(err)
	known := map[string]string{
		"github.action_path": top, "github.action_ref": cmp.Or(ts.Getenv("REF"), "v0.1.0"),
		"github.repository_owner": "complytime",
	}
	for name, input := range file.Inputs {
		known["inputs."+name] = expand(ts, input.Default, known)
	}
	given(ts, args[1:], known, "inputs.")
	for _, name := range []string{"output", "summary.md", "path"} {
		ts.Check(os.WriteFile(ts.MkAbs(name), nil, 0o600))
	}
	code, log := 0, ""
	for _, s := range file.Runs.Steps {
		if s.Run != "" && code == 0 {
			code = script(ts, s.Run, s.Env, known)
			checkLog(ts)
			log += ts.ReadFile("stdout")
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs("log"), []byte(log), 0o600))
	written := outputsOf(ts)
	for name, value := range written {
		known["steps.audit.outputs."+name] = value
	}
	checkOutputs(ts, written)
	var all bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(file.Outputs)) {
		value := file.Outputs[name].Value
		if key := expression.FindStringSubmatch(value)[1]; known[key] != "" {
			fmt.Fprintf(&all, "%s=%s\n", name, known[key])
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs("outputs"), all.Bytes(), 0o600))
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// step runs one step of an example workflow, in the current folder. What it wrote for later steps
// is in outputs.
func step(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: step CODE WORKFLOW ID [EXPRESSION=VALUE...]")
	}
	var file workflowFile
	readYAML(fatal{ts}, &file, ".github", "examples", args[1])
	known := map[string]string{}
	given(ts, args[3:], known, "")
	ts.Check(os.WriteFile(filepath.Join(ts.Getenv("WORK"), "output"), nil, 0o600))
	for _, job := range file.Jobs {
		i := slices.IndexFunc(job.Steps, func(s actionStep) bool { return s.ID == args[2] })
		if i < 0 {
			ts.Fatalf("%s has no step %s", args[1], args[2])
		}
		env := maps.Clone(job.Env)
		maps.Copy(env, job.Steps[i].Env)
		if code := script(ts, job.Steps[i].Run, env, known); strconv.Itoa(code) != args[0] {
			ts.Fatalf("exit code %d, want %s", code, args[0])
		}
	}
}

// fatal ends a script as a test is ended.
type fatal struct{ *testscript.TestScript }

func (f fatal) Fatal(args ...any) { f.Fatalf("%s", fmt.Sprint(args...)) }

// given reads NAME=VALUE, where a VALUE of @FILE is what the file holds.
func given(ts *testscript.TestScript, args []string, known map[string]string, prefix string) {
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if _, there := known[prefix+name]; !ok || prefix != "" && !there {
			ts.Fatalf("there is no %s%s", prefix, name)
		}
		if path, ok := strings.CutPrefix(value, "@"); ok {
			value = strings.TrimSuffix(ts.ReadFile(path), "\n")
		}
		known[prefix+name] = value
	}
}

// expand puts the values of expressions into a text.
func expand(ts *testscript.TestScript, text string, known map[string]string) string {
	return expression.ReplaceAllStringFunc(text, func(match string) string {
		name := expression.FindStringSubmatch(match)[1]
		value, ok := known[name]
		if !ok {
			ts.Fatalf("the expression %s has no value", name)
		}
		return value
	})
}

// script runs a step's script as the runner runs bash.
func script(ts *testscript.TestScript, run string, env, known map[string]string) int {
	work := ts.Getenv("WORK")
	temp := filepath.Join(work, "temp")
	ts.Check(os.MkdirAll(temp, 0o700))
	words := []string{
		"GITHUB_ACTIONS=true", "RUNNER_TEMP=" + temp, "PATAUDIT_APP_KEY_FILE=", "PATAUDIT_APP_ID=",
		"GITHUB_OUTPUT=" + filepath.Join(work, "output"),
		"GITHUB_STEP_SUMMARY=" + filepath.Join(work, "summary.md"),
		"GITHUB_PATH=" + filepath.Join(work, "path"), "GITHUB_RUN_ID=77",
		"GITHUB_REPOSITORY=complytime/audits",
	}
	for name, value := range env {
		words = append(words, name+"="+expand(ts, value, known))
	}
	words = append(words, "bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", run)
	err := ts.Exec("env", words...)
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		return exit.ExitCode()
	}
	ts.Check(err)
	return 0
}

// outputsOf reads what a step wrote for later ones; of two values the last counts.
func outputsOf(ts *testscript.TestScript) map[string]string {
	written := map[string]string{}
	for line := range strings.Lines(ts.ReadFile(filepath.Join(ts.Getenv("WORK"), "output"))) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if !ok {
			ts.Fatalf("an output without a name: %q", line)
		}
		written[name] = value
	}
	return written
}

var (
	annotation = regexp.MustCompile(`^::(error|warning|notice) title=pataudit::[\w ,.:;'-]+$`)
	counted    = regexp.MustCompile(`::\d+ (\w+): (?:tokens by their|findings that stand) `)
	stopped    = regexp.MustCompile(`^::stop-commands::([0-9a-f]{32})$`)
	enums      = map[string]*regexp.Regexp{
		"verdict": regexp.MustCompile(
			`^(clean|violations|incomplete|violations_incomplete|failed)$`),
		"complete": regexp.MustCompile(`^(true|false)$`),
		"reports":  regexp.MustCompile(`^/[\w/.-]+$`),
		"json":     regexp.MustCompile(`^/[\w/.-]+/audit\.json$`),
		"sarif":    regexp.MustCompile(`^/[\w/.-]+/audit\.sarif$`),
	}
	number = regexp.MustCompile(`^[0-9]{1,9}$`)
)

// checkLog holds that the runner finds no command in what was printed but ours, of which each
// severity has one at most, and that what pataudit prints holds none even where it is not obeyed.
func checkLog(ts *testscript.TestScript) {
	mark, seen := "", map[string]bool{}
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		line = strings.TrimRight(line, "\r\n")
		start := stopped.FindStringSubmatch(line)
		switch {
		case mark != "" && line == "::"+mark+"::":
			mark = ""
		case mark == "" && start != nil:
			mark = start[1]
		case strings.HasPrefix(strings.TrimSpace(line), "::"):
			if mark != "" || !annotation.MatchString(line) {
				ts.Fatalf("a command that is not ours: %q", line)
			}
			if m := counted.FindStringSubmatch(line); m != nil && seen[m[1]] {
				ts.Fatalf("a second annotation: %q", line)
			} else if m != nil {
				seen[m[1]] = true
			}
		case strings.Contains(line, "##["):
			ts.Fatalf("a command of the old kind: %q", line)
		}
	}
	if mark != "" {
		ts.Fatalf("commands were not resumed")
	}
}

// checkOutputs holds that the outputs are numbers, enumerations and our own paths.
func checkOutputs(ts *testscript.TestScript, written map[string]string) {
	for name, value := range written {
		want := number
		if enum, ok := enums[name]; ok {
			want = enum
		}
		if !want.MatchString(value) {
			ts.Fatalf("output %s is %q", name, value)
		}
	}
}

// publish makes a release of this pataudit, or of another program, for the script's own curl.
func publish(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: publish VERSION [PROGRAM]")
	}
	program, err := exec.LookPath("pataudit")
	ts.Check(err)
	if len(args) > 1 {
		program = ts.MkAbs(args[1])
	}
	text := fmt.Sprintf("#!/bin/sh\nexec '%s' \"$@\"\n", program)
	var archive bytes.Buffer
	packed := gzip.NewWriter(&archive)
	files := tar.NewWriter(packed)
	ts.Check(files.WriteHeader(&tar.Header{Name: "pataudit", Mode: 0o755, Size: int64(len(text))}))
	_, err = files.Write([]byte(text))
	ts.Check(errors.Join(err, files.Close(), packed.Close()))
	ts.Check(os.MkdirAll(ts.MkAbs("release"), 0o700))
	var sums bytes.Buffer
	for _, system := range []string{"linux", "darwin"} {
		for _, machine := range []string{"amd64", "arm64"} {
			name := fmt.Sprintf("pataudit_%s_%s_%s.tar.gz", args[0][1:], system, machine)
			ts.Check(os.WriteFile(ts.MkAbs("release/"+name), archive.Bytes(), 0o600))
			fmt.Fprintf(&sums, "%x  %s\n%x  %[2]s.spdx.json\n", sha256.Sum256(archive.Bytes()), name,
				sha256.Sum256(nil))
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs("release/checksums.txt"), sums.Bytes(), 0o600))
	bundle := fmt.Sprintf("release/pataudit_%s.intoto.jsonl", args[0][1:])
	ts.Check(os.WriteFile(ts.MkAbs(bundle), nil, 0o600))
	ts.Setenv("SUM", fmt.Sprintf("%x", sha256.Sum256(archive.Bytes())))
}
