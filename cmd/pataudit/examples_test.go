// SPDX-License-Identifier: Apache-2.0

package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// workflowFile is a workflow, with every key that ours have.
type workflowFile struct {
	Name        string
	On          yaml.Node
	Permissions *map[string]string
	Concurrency struct {
		Group  string
		Cancel *bool `yaml:"cancel-in-progress"`
	}
	Defaults struct{ Run struct{ Shell string } }
	Jobs     map[string]struct {
		If, Needs   string
		RunsOn      string `yaml:"runs-on"`
		Timeout     int    `yaml:"timeout-minutes"`
		Permissions *map[string]string
		Env         map[string]string
		Steps       []actionStep
	}
}

// TestExamples holds that the example workflows use the action as it is, and say what they need.
func TestExamples(t *testing.T) {
	var action actionFile
	readYAML(t, &action, "action.yml")
	files, err := filepath.Glob(filepath.Join(root, ".github", "examples", "*.yml"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		var w workflowFile
		readYAML(t, &w, ".github", "examples", name)
		for _, job := range w.Jobs {
			checkUses(t, name, job.Steps, &action)
			checkNeeds(t, name, job.Steps)
			for _, s := range job.Steps {
				if s.Run != "" && w.Defaults.Run.Shell != "bash" {
					t.Errorf("%s: a failing pipe goes on", name)
				}
			}
		}
	}
}

// checkNeeds holds that a workflow's first lines name all that must be there before it can run,
// and that it takes each file that people decide in, by a name that is the same everywhere.
func checkNeeds(t *testing.T, name string, steps []actionStep) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, ".github", "examples", name))
	if err != nil {
		t.Fatal(err)
	}
	header, rest, _ := strings.Cut(string(text), "\nname: ")
	needs := []string{"It needs, before the first run:"}
	given := regexp.MustCompile(`\$\{\{ ((?:vars|secrets)\.\w+)`)
	for _, m := range given.FindAllStringSubmatch(rest, -1) {
		needs = append(needs, m[1])
	}
	for _, s := range steps {
		if !strings.HasPrefix(s.Uses, "complytime/pataudit@") {
			continue
		}
		if s.With["mode"] == "check" {
			continue
		}
		needs = append(needs, "Personal access", "token requests", "Members", "Metadata")
		for _, input := range []string{"policy", "decisions", "baseline"} {
			file := input + ".yaml"
			needs = append(needs, file)
			ifThere := "${{ hashFiles('" + file + "') != '' && '" + file + "' || '' }}"
			if got := s.With[input]; got != file && got != ifThere {
				t.Errorf("%s: %s is %q", name, input, got)
			}
		}
	}
	for _, need := range needs {
		if !strings.Contains(header, need) {
			t.Errorf("%s does not say that it needs %s", name, need)
		}
	}
}

// checkUses holds that the App's token is for the whole organization, and that this action has the
// inputs and outputs that are used.
func checkUses(t *testing.T, where string, steps []actionStep, action *actionFile) {
	t.Helper()
	ours := ""
	for _, s := range steps {
		name, _, _ := strings.Cut(s.Uses, "@")
		if name == "actions/create-github-app-token" && s.With["owner"] == "" {
			t.Errorf("%s: the token is for one repository alone", where)
		}
		if name == "complytime/pataudit" {
			ours = s.ID
			for input := range s.With {
				if _, ok := action.Inputs[input]; !ok {
					t.Errorf("%s: there is no input %s", where, input)
				}
			}
		}
		texts := append(slices.Collect(maps.Values(s.With)), s.If)
		for _, text := range append(texts, slices.Collect(maps.Values(s.Env))...) {
			for _, m := range regexp.MustCompile(`steps\.(\w+)\.outputs\.([\w-]+)`).
				FindAllStringSubmatch(text, -1) {
				if _, ok := action.Outputs[m[2]]; m[1] == ours && !ok {
					t.Errorf("%s: there is no output %s", where, m[2])
				}
			}
		}
	}
	if ours == "" {
		t.Errorf("%s: pataudit has no id, or is not there", where)
	}
}
