// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// This file runs action.yml and the example workflows.

// A job runs steps as a runner would: each script by bash, with an environment of its own; of what
// others made only the call is kept, in the file uses.
type job struct {
	*testscript.TestScript

	known map[string]string // what expressions are worth
	code  int               // of the first step that failed
}

// action runs action.yml. It leaves what the last script printed in stdout, what all printed in
// log, the action's outputs in outputs, and what was added to the summary and to PATH in
// summary.md and path.
func action(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: action CODE [INPUT=VALUE...]")
	}
	j := newJob(ts)
	inputs := map[string]string{}
	given(ts, args[1:], inputs)
	written := j.action(inputs)
	var all bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(written)) {
		fmt.Fprintf(&all, "%s=%s\n", name, written[name])
	}
	ts.Check(os.WriteFile(ts.MkAbs("outputs"), all.Bytes(), 0o600))
	j.ended(args[0])
}

// workflow runs an example workflow, in the current folder, in which its checkout is.
func workflow(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: workflow CODE WORKFLOW [EXPRESSION=VALUE...]")
	}
	var file workflowFile
	readYAML(fatal{ts}, &file, ".github", "examples", args[1])
	j := newJob(ts)
	given(ts, args[2:], j.known)
	for _, one := range file.Jobs {
		if one.If == "" || j.truth(one.If) {
			j.run(one.Steps, one.Env)
		}
	}
	j.ended(args[0])
}

func newJob(ts *testscript.TestScript) *job {
	for _, name := range []string{"summary.md", "path", "log", "uses"} {
		ts.Check(os.WriteFile(filepath.Join(ts.Getenv("WORK"), name), nil, 0o600))
	}
	return &job{ts, map[string]string{
		"github.token": "ghs_workflow", "github.repository": "complytime/audits",
		"github.repository_owner": "complytime", "github.event_name": "schedule",
		"runner.temp":          filepath.Join(ts.Getenv("WORK"), "temp"),
		"vars.PATAUDIT_APP_ID": "1", "vars.PATAUDIT_CLIENT_ID": "Iv23lipataudit",
		"secrets.PATAUDIT_APP_KEY": "key",
	}, 0}
}

func (j *job) ended(want string) {
	if strconv.Itoa(j.code) != want {
		j.Fatalf("exit code %d, want %s", j.code, want)
	}
}

// action runs action.yml with these inputs, and returns its outputs.
func (j *job) action(inputs map[string]string) map[string]string {
	var file actionFile
	readYAML(fatal{j.TestScript}, &file, "action.yml")
	top, err := filepath.Abs(root)
	j.Check(err)
	scripts, err := filepath.Glob(filepath.Join(top, ".github", "action", "*.sh"))
	j.Check(err)
	for _, path := range scripts { // so that Go tests again when one has changed
		_, err := os.ReadFile(path)
		j.Check(err)
	}
	inner := &job{j.TestScript, map[string]string{}, 0}
	for name, value := range j.known {
		if !strings.HasPrefix(name, "steps.") {
			inner.known[name] = value
		}
	}
	inner.known["github.action_path"] = top
	inner.known["github.action_ref"] = cmp.Or(j.Getenv("REF"), "v0.1.0")
	for name, input := range file.Inputs {
		inner.known["inputs."+name] = inner.expand(input.Default)
	}
	for name, value := range inputs {
		if _, there := file.Inputs[name]; !there {
			j.Fatalf("there is no input %s", name)
		}
		inner.known["inputs."+name] = value
	}
	inner.run(file.Runs.Steps, nil)
	j.code = cmp.Or(j.code, inner.code)
	outputs := map[string]string{}
	for name, output := range file.Outputs {
		if value := inner.expand(output.Value); value != "" {
			outputs[name] = value
		}
	}
	return outputs
}

// run runs steps, each unless its condition is not met or, without one, a step before it failed.
func (j *job) run(steps []actionStep, env map[string]string) {
	for _, s := range steps {
		condition := cmp.Or(s.If, "success()")
		if !strings.Contains(condition, "()") {
			condition = "success() && " + condition
		}
		if !j.truth(condition) {
			continue
		}
		with := map[string]string{}
		for name, value := range s.With {
			with[name] = j.expand(value)
		}
		var outputs map[string]string
		code, name := 0, strings.Split(s.Uses, "@")[0]
		switch name {
		case "":
			all := maps.Clone(s.Env)
			if all == nil {
				all = map[string]string{}
			}
			maps.Copy(all, env)
			code, outputs = j.script(s.Run, all)
			checkLog(j.TestScript)
			j.append("log", j.ReadFile("stdout"))
		case "complytime/pataudit":
			before := j.code
			j.code = 0
			outputs = j.action(with)
			code, j.code = j.code, before
		case "actions/create-github-app-token":
			outputs = map[string]string{"token": "ghs_script"}
		default:
			j.append("uses", fmt.Sprintf("%s %v\n", name, with))
		}
		for name, value := range outputs {
			j.known["steps."+s.ID+".outputs."+name] = value
		}
		j.known["steps."+s.ID+".outcome"] = map[bool]string{true: "success", false: "failure"}[code == 0]
		j.code = cmp.Or(j.code, code)
	}
}

// append adds to a file of the script.
func (j *job) append(name, text string) {
	path := filepath.Join(j.Getenv("WORK"), name)
	before, err := os.ReadFile(path)
	j.Check(err)
	j.Check(os.WriteFile(path, append(before, text...), 0o600))
}

// step runs one step of an example workflow, in the current folder. What it wrote for later steps
// is in output.
func step(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: step CODE WORKFLOW ID [EXPRESSION=VALUE...]")
	}
	var file workflowFile
	readYAML(fatal{ts}, &file, ".github", "examples", args[1])
	j := newJob(ts)
	given(ts, args[3:], j.known)
	for _, one := range file.Jobs {
		i := slices.IndexFunc(one.Steps, func(s actionStep) bool { return s.ID == args[2] })
		if i < 0 {
			ts.Fatalf("%s has no step %s", args[1], args[2])
		}
		j.run([]actionStep{{ID: args[2], Run: one.Steps[i].Run, Env: one.Steps[i].Env}}, one.Env)
	}
	j.ended(args[0])
}

// fatal ends a script as a test is ended.
type fatal struct{ *testscript.TestScript }

func (f fatal) Fatal(args ...any) { f.Fatalf("%s", fmt.Sprint(args...)) }

// given reads NAME=VALUE, where a VALUE of @FILE is what the file holds.
func given(ts *testscript.TestScript, args []string, values map[string]string) {
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok {
			ts.Fatalf("%q is not NAME=VALUE", arg)
		}
		if path, ok := strings.CutPrefix(value, "@"); ok {
			value = strings.TrimSuffix(ts.ReadFile(path), "\n")
		}
		values[name] = value
	}
}

// expand puts the values of expressions into a text.
func (j *job) expand(text string) string {
	return expression.ReplaceAllStringFunc(text, func(match string) string {
		return j.value(expression.FindStringSubmatch(match)[1])
	})
}

// truth reports whether a condition is met.
func (j *job) truth(condition string) bool {
	if m := expression.FindStringSubmatch(condition); m != nil {
		condition = m[1]
	}
	value := j.value(condition)
	return value != "" && value != "false"
}

// value returns what an expression is worth, of those that ours have: operands between || and &&,
// which bind as in GitHub's expressions, each a comparison or an operand.
func (j *job) value(text string) string {
	for _, operator := range []struct {
		sign string
		ends bool // an operand that is this ends it
	}{{"||", true}, {"&&", false}} {
		left, right, found := strings.Cut(text, operator.sign)
		if !found {
			continue
		}
		if j.truth(left) == operator.ends {
			return j.value(left)
		}
		return j.value(right)
	}
	for _, sign := range []string{"==", "!="} {
		if left, right, found := strings.Cut(text, sign); found {
			return strconv.FormatBool((j.value(left) == j.value(right)) == (sign == "=="))
		}
	}
	text = strings.TrimSpace(text)
	value, known := j.known[text]
	path, isHash := strings.CutPrefix(strings.TrimSuffix(text, "')"), "hashFiles('")
	switch {
	case text == "success()":
		return strconv.FormatBool(j.code == 0)
	case text == "!cancelled()":
		return "true"
	case isHash:
		if _, err := os.Stat(j.MkAbs(path)); err != nil {
			return ""
		}
		return "hash"
	case strings.HasPrefix(text, "'"):
		return strings.Trim(text, "'")
	case !known && !strings.HasPrefix(text, "steps."):
		j.Fatalf("the expression %s has no value", text)
	}
	return value
}

// script runs a step's script as the runner runs bash, and returns what it wrote for later steps.
func (j *job) script(run string, env map[string]string) (int, map[string]string) {
	work := j.Getenv("WORK")
	temp, output := filepath.Join(work, "temp"), filepath.Join(work, "output")
	j.Check(os.MkdirAll(temp, 0o700))
	j.Check(os.WriteFile(output, nil, 0o600))
	words := []string{
		"GITHUB_ACTIONS=true", "RUNNER_TEMP=" + temp, "PATAUDIT_APP_KEY_FILE=", "PATAUDIT_APP_ID=",
		"GITHUB_OUTPUT=" + output, "GITHUB_STEP_SUMMARY=" + filepath.Join(work, "summary.md"),
		"GITHUB_PATH=" + filepath.Join(work, "path"), "GITHUB_RUN_ID=77",
		"GITHUB_REPOSITORY=complytime/audits",
		"GITHUB_SERVER_URL=" + cmp.Or(j.Getenv("SERVER"), "https://github.com"),
	}
	for name, value := range env {
		words = append(words, name+"="+j.expand(value))
	}
	words = append(words, "bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", run)
	err := j.Exec("env", words...)
	written := outputsOf(j.TestScript)
	checkOutputs(j.TestScript, written)
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		return exit.ExitCode(), written
	}
	j.Check(err)
	return 0, written
}
