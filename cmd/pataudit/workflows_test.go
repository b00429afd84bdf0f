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
)

// This file looks at action.yml and all workflows as a security reviewer does.

// riskyTriggers run with secrets on what somebody outside wrote.
var riskyTriggers = regexp.MustCompile(
	`\b(pull_request_target|workflow_run|issue_comment|issues):\s*$`)

// chosen is what whoever opens a pull request or an issue chooses.
var chosen = regexp.MustCompile(`github\.(head_ref|ref_name|event\.(?:` +
	`pull_request\.(?:head|title|body)|` +
	`issue|comment|review|commits|head_commit|inputs|client_payload))`)

// used is a line that uses an action of others, with the release that its commit is of.
var used = regexp.MustCompile(`(?m)^ *(?:- )?uses: (\S+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$`)

// ours is a line that uses this action: of the first release no commit is known yet, so it says
// what is better.
var ours = regexp.MustCompile(`uses: complytime/pataudit@v0\.1\.0 # .*full commit SHA`)

// actionFiles returns the paths of action.yml and of all workflows, from the project's top.
func actionFiles(t *testing.T) (files []string) {
	t.Helper()
	for _, folder := range []string{"workflows", "examples"} {
		entries, err := os.ReadDir(filepath.Join(root, ".github", folder))
		if err != nil || len(entries) == 0 {
			t.Fatal(entries, err)
		}
		for _, entry := range entries {
			files = append(files, filepath.Join(".github", folder, entry.Name()))
		}
	}
	return append(files, "action.yml")
}

// TestPins holds that what others made is pinned by its commit, with its release beside it, and is
// one release everywhere.
func TestPins(t *testing.T) {
	pins, files := map[string]string{}, actionFiles(t)
	for _, name := range append(files, "README.md") {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		lines := regexp.MustCompile(`(?m)^ *(?:- )?uses: .*$`).FindAllString(string(text), -1)
		for _, line := range lines {
			m := used.FindStringSubmatch(line)
			if m == nil {
				if !ours.MatchString(line) {
					t.Errorf("%s: %s", name, line)
				}
				continue
			}
			owner := strings.Join(strings.SplitN(m[1], "/", 3)[:2], "/")
			pin := m[2] + " " + m[3]
			if pins[owner] != "" && pins[owner] != pin {
				t.Errorf("%s: %s is %s, elsewhere %s", name, m[1], pin, pins[owner])
			}
			pins[owner] = pin
		}
	}
}

// TestWorkflows holds that a workflow may do little, and each job no more than it says why; that
// nobody outside starts one with secrets, or writes what it runs; and that no credential is left
// behind, nor a cache of others released.
func TestWorkflows(t *testing.T) {
	for _, name := range actionFiles(t) {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		checkLines(t, name, string(text))
		if name == "action.yml" {
			continue // TestAction looks at its steps
		}
		var w workflowFile
		readYAML(t, &w, strings.Split(filepath.ToSlash(name), "/")...)
		if w.Permissions == nil || len(*w.Permissions) > 0 || w.Concurrency.Group == "" ||
			w.Concurrency.Cancel == nil {
			t.Errorf("%s: permissions or concurrency", name)
		}
		for id, job := range w.Jobs {
			where := name + ": " + id
			if job.Permissions == nil || job.Timeout == 0 || job.RunsOn != "ubuntu-latest" {
				t.Errorf("%s: permissions, timeout or runner", where)
			}
			for _, text := range slices.Collect(maps.Values(job.Env)) {
				if strings.Contains(text, "secrets.") {
					t.Errorf("%s: every step has a secret", where)
				}
			}
			checkSteps(t, where, job.Steps)
			checkCredentials(t, where, job.Steps)
		}
	}
}

// checkLines looks at a file line by line.
func checkLines(t *testing.T, name, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		code, comment, _ := strings.Cut(line, " # ")
		key := strings.TrimSpace(code)
		switch {
		case strings.HasPrefix(key, "#"):
		case riskyTriggers.MatchString(key):
			t.Errorf("%s: is started by whoever likes: %s", name, line)
		case chosen.MatchString(code) && !strings.HasPrefix(key, "github.event.pull_request.head.repo."):
			t.Errorf("%s: takes what others chose: %s", name, line)
		case strings.HasSuffix(key, ": write") && comment == "":
			t.Errorf("%s: does not say what for: %s", name, line)
		case strings.Contains(code, "write-all"), strings.Contains(code, "read-all"),
			strings.Contains(code, "toJSON("), strings.Contains(code, "secrets: inherit"),
			strings.Contains(code, "GITHUB_ENV"), strings.Contains(code, "continue-on-error"):
			t.Errorf("%s: too much: %s", name, line)
		}
	}
}

// checkCredentials holds that a checkout leaves no token in the folder, that the App's token can
// do no more than read what an audit asks, and that a release takes nothing from a cache.
func checkCredentials(t *testing.T, where string, steps []actionStep) {
	t.Helper()
	for _, s := range steps {
		switch action, _, _ := strings.Cut(s.Uses, "@"); action {
		case "actions/checkout":
			if s.With["persist-credentials"] != "false" {
				t.Errorf("%s: a checkout keeps its token", where)
			}
		case "actions/create-github-app-token":
			permissions := 0
			for name, value := range s.With {
				if strings.HasPrefix(name, "permission-") {
					if permissions++; value != "read" {
						t.Errorf("%s: %s is %s", where, name, value)
					}
				}
			}
			if permissions != 4 || s.With["client-id"] == "" {
				t.Errorf("%s: the App's token has %d permissions, client id %q", where, permissions,
					s.With["client-id"])
			}
		case "actions/setup-go":
			if strings.Contains(where, "release.yml") && s.With["cache"] != "false" {
				t.Errorf("%s: releases what others cached", where)
			}
		case "actions/cache":
			t.Errorf("%s: a cache", where)
		}
	}
}
