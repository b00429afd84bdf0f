// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// TestReadmeFormats holds that the README lists each format.
func TestReadmeFormats(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	want := "`--format " + strings.Join(flags.FormatNames(), `\|`) + "`"
	if !strings.Contains(string(text), want) {
		t.Errorf("README does not say %s", want)
	}
}

// TestReadmeCommands holds that every command of pataudit that the README shows is run by the
// script of its name, and that what it shows as their output is held there, too.
func TestReadmeCommands(t *testing.T) {
	script := strings.Split(string(top(t, "testdata", "script", "readme.txtar")), "\n")
	ran := regexp.MustCompile(`^exits \d (pataudit .*)`)
	run := map[string]bool{}
	for _, line := range script {
		if found := ran.FindStringSubmatch(line); found != nil {
			run[found[1]] = true
		}
	}
	comment := regexp.MustCompile(` +(#|>).*`)
	inText := regexp.MustCompile("`((?:pataudit|make) [^`]+)`")
	shown := 0
	inConsole := false
	for line := range strings.Lines(string(top(t, "README.md"))) {
		line = strings.TrimSuffix(line, "\n")
		typed, isTyped := strings.CutPrefix(line, "$ ")
		switch {
		case strings.HasPrefix(line, "```"):
			inConsole = line == "```console"
		case inConsole && isTyped:
			shown++
			checkTyped(t, comment.ReplaceAllString(typed, ""), run)
		case inConsole && !slices.Contains(script, line):
			t.Errorf("the script does not hold the output %q", line)
		case !inConsole:
			for _, found := range inText.FindAllStringSubmatch(line, -1) {
				shown++
				checkTyped(t, found[1], run)
			}
		}
	}
	if shown < 20 {
		t.Errorf("the README shows %d commands", shown)
	}
}

// checkTyped holds that a command is run by the script, or is one of the few that it cannot run.
func checkTyped(t *testing.T, command string, run map[string]bool) {
	t.Helper()
	words := strings.Fields(command)
	switch words[0] {
	case "make":
		if !strings.Contains(string(top(t, "Makefile")), "\n"+words[1]+":") {
			t.Errorf("there is no %s", command)
		}
	case "export":
		ours := variables(t)
		for _, word := range words[1:] {
			if name, _, _ := strings.Cut(word, "="); !ours[name] {
				t.Errorf("nobody reads %s", name)
			}
		}
	case "go":
		if command != "go install "+module+"/cmd/pataudit@latest" {
			t.Errorf("it is not installed by %s", command)
		}
	default:
		if !run[command] {
			t.Errorf("the script does not run %q", command)
		}
	}
}

// TestReadmePolicy holds that the README's policy is one, and that its options are audit's.
func TestReadmePolicy(t *testing.T) {
	readme := string(top(t, "README.md"))
	found := regexp.MustCompile("(?s)```yaml\n(version: .*?)```").FindStringSubmatch(readme)
	if found == nil {
		t.Fatal("the README shows no policy")
	}
	if _, err := policy.Parse("README.md", []byte(found[1]), rules.All); err != nil {
		t.Error(err)
	}
	command, _, err := rootCommand(ui.New(time.Now, nil, nil, nil)).Find([]string{"audit"})
	if err != nil {
		t.Fatal(err)
	}
	options := 0
	for line := range strings.Lines(readme) {
		if !strings.HasPrefix(line, "| `--") {
			continue
		}
		named, _, _ := strings.Cut(line[2:], " | ")
		for _, option := range regexp.MustCompile("`--([a-z-]+)").FindAllStringSubmatch(named, -1) {
			options++
			if command.Flags().Lookup(option[1]) == nil {
				t.Errorf("audit has no option --%s", option[1])
			}
		}
	}
	if options < 20 {
		t.Errorf("the README lists %d options", options)
	}
}

// TestReadmeProject holds that the project file of the README is the script's.
func TestReadmeProject(t *testing.T) {
	_, rest, _ := strings.Cut(string(top(t, "README.md")), "```yaml\nversion: 1\norganizations:")
	shown, _, found := strings.Cut(rest, "```")
	if !found || !strings.Contains(string(top(t, "testdata", "script", "readme.txtar")), shown) {
		t.Errorf("the script does not have the project file:%s", shown)
	}
}

// TestManual holds that the commands with which the manual begins are ours.
func TestManual(t *testing.T) {
	commands := regexp.MustCompile(`(?m)^\tpataudit (.*?)(?: …| {2,}|$)`).FindAllStringSubmatch(
		string(top(t, "cmd", "pataudit", "doc.go")), -1)
	if len(commands) < 10 {
		t.Errorf("the manual begins with %d commands", len(commands))
	}
	for _, found := range commands {
		if err := parses(strings.Fields(found[1])); err != nil {
			t.Errorf("pataudit %s: %v", found[1], err)
		}
	}
}
