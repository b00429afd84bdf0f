// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"
	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report"
)

// block is a fenced block of the README, with the line at which it begins.
type block struct {
	language, text string
	line           int
}

func readmeBlocks(t *testing.T) (blocks []block) {
	t.Helper()
	inside := false
	for i, line := range strings.Split(string(top(t, "README.md")), "\n") {
		fence, isFence := strings.CutPrefix(line, "```")
		switch {
		case isFence && !inside:
			blocks = append(blocks, block{language: fence, line: i + 1})
			inside = true
		case isFence:
			inside = false
		case inside:
			blocks[len(blocks)-1].text += line + "\n"
		}
	}
	return blocks
}

// blockKinds are the kinds of blocks that the README has, and what holds each.
var blockKinds = []struct {
	name, language, begins string
	check                  func(*testing.T, string)
}{
	{"commands", "console", "", checkCommands},
	{"the demo's screen", "text", "complytime ", checkDemo},
	{"a project file", "yaml", "version: 1\norganizations:", checkProject},
	{"a policy", "yaml", "version: 1\nname:", checkPolicy},
	{"steps of a workflow", "yaml", "- ", checkWorkflow},
	{"the picture of the house", "mermaid", "flowchart ", func(*testing.T, string) {}}, // TestPicture
}

// TestReadmeBlocks holds that each block of the README is of a kind that is held, and holds it.
func TestReadmeBlocks(t *testing.T) {
	seen := map[string]bool{}
	for _, b := range readmeBlocks(t) {
		known := false
		for line := range strings.Lines(b.text) {
			if n := utf8.RuneCountInString(line) - 1; n > consoleWidth && b.language != "mermaid" {
				t.Errorf("README.md:%d: %d columns, of which %d are seen: %s", b.line, n, consoleWidth, line)
			}
		}
		for _, kind := range blockKinds {
			if kind.language == b.language && strings.HasPrefix(b.text, kind.begins) {
				known, seen[kind.name] = true, true
				t.Run(fmt.Sprintf("line %d: %s", b.line, kind.name), func(t *testing.T) {
					kind.check(t, b.text)
				})
			}
		}
		if !known {
			t.Errorf("README.md:%d: nothing holds this block", b.line)
		}
	}
	for _, kind := range blockKinds {
		if !seen[kind.name] {
			t.Errorf("the README has no block of %s", kind.name)
		}
	}
}

// checkDemo holds a block against the first lines of the demo on a terminal of that width.
func checkDemo(t *testing.T, shown string) {
	at := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	t.Setenv("COLUMNS", strconv.Itoa(consoleWidth))
	var out, messages bytes.Buffer
	code := run(t.Context(), []string{"pataudit", "demo", t.TempDir()},
		func() time.Time { return at }, nil, &out, &messages)
	if code != ui.ExitClean {
		t.Fatalf("exit code %d: %s", code, &messages)
	}
	if !strings.HasPrefix(out.String(), shown) {
		t.Errorf("the demo begins otherwise:\n%s", &out)
	}
}

// checkProject holds that a project file is one, and that pataudit init writes it, as the script
// shows.
func checkProject(t *testing.T, shown string) {
	if _, err := policy.ParseProject("README.md", []byte(shown), false); err != nil {
		t.Error(err)
	}
	if got := scriptFile(t, "project.yaml"); got != shown {
		t.Errorf("the script's is\n%s", got)
	}
}

// checkPolicy holds that a policy is one.
func checkPolicy(t *testing.T, shown string) {
	if _, err := policy.Parse("README.md", []byte(shown), rules.All); err != nil {
		t.Error(err)
	}
}

// checkWorkflow holds that steps do what a workflow may, and that the action has what they use.
func checkWorkflow(t *testing.T, shown string) {
	var steps []actionStep
	decoder := yaml.NewDecoder(strings.NewReader(shown))
	decoder.KnownFields(true)
	if err := decoder.Decode(&steps); err != nil {
		t.Fatal(err)
	}
	var action actionFile
	readYAML(t, &action, "action.yml")
	checkSteps(t, "README", steps)
	checkUses(t, "README", steps, &action)
}

// readmeScript is the script that runs what the README shows.
func readmeScript(t *testing.T) *txtar.Archive {
	return txtar.Parse(top(t, "testdata", "script", "readme.txtar"))
}

// scriptFile returns a file of that script.
func scriptFile(t *testing.T, name string) string {
	t.Helper()
	for _, file := range readmeScript(t).Files {
		if file.Name == name {
			return string(file.Data)
		}
	}
	t.Fatalf("the script has no %s", name)
	return ""
}

// consoleWidth is how many columns a block may have: more are only seen by scrolling.
const consoleWidth = 100

// checkCommands holds that the script runs each command of a block, and compares what it prints
// with what the block shows below it. A line that begins with # is a comment.
func checkCommands(t *testing.T, shown string) {
	script := readmeScript(t)
	shown = regexp.MustCompile(`(?m)^# .*\n`).ReplaceAllString("\n"+shown, "")
	shown = regexp.MustCompile(`\\\n +`).ReplaceAllString(shown, "")
	for typed := range strings.SplitSeq(strings.TrimPrefix(shown, "\n$ "), "\n$ ") {
		command, output, _ := strings.Cut(typed, "\n")
		checkTyped(t, regexp.MustCompile(` >.*`).ReplaceAllString(command, ""))
		if output = strings.TrimSuffix(output, "\n") + "\n"; output != "\n" &&
			!slices.ContainsFunc(script.Files, func(file txtar.File) bool {
				return string(file.Data) == output &&
					strings.Contains(string(script.Comment), "\ncmp stdout "+file.Name+"\n")
			}) {
			t.Errorf("the script does not compare what %s prints with\n%s", command, output)
		}
	}
}

// TestReadmeText holds that the script runs each command that the README has in its sentences,
// that it lists each format, and that it counts the rules as they are.
func TestReadmeText(t *testing.T) {
	readme := string(top(t, "README.md"))
	for _, b := range readmeBlocks(t) {
		readme = strings.Replace(readme, b.text, "", 1)
	}
	for _, found := range regexp.MustCompile("`((?:bin/)?(?:pataudit|make|go|podman) [^`]+)`").
		FindAllStringSubmatch(readme, -1) {
		checkTyped(t, found[1])
	}
	listed := regexp.MustCompile(`Formats are ([^.]*)\.`).FindStringSubmatch(readme)
	if listed == nil {
		t.Fatal("the README does not list the formats")
	}
	var formats []string
	for _, name := range regexp.MustCompile("`([a-z-]+)`").FindAllStringSubmatch(listed[1], -1) {
		formats = append(formats, name[1])
	}
	if want := report.Formats.Names(); !slices.Equal(formats, want) {
		t.Errorf("the README lists %v, not %v", formats, want)
	}
	counts := regexp.MustCompile(`(\d+) rules`).FindAllStringSubmatch(readme, -1)
	for _, count := range counts {
		if count[1] != strconv.Itoa(len(rules.All)) {
			t.Errorf("the README counts %s rules of %d", count[1], len(rules.All))
		}
	}
	for code := ui.ExitClean; code <= ui.ExitViolationsIncomplete; code++ {
		if !strings.Contains(readme, fmt.Sprintf("\n| %d | ", code)) {
			t.Errorf("the README does not tell exit code %d", code)
		}
	}
	if len(counts) == 0 {
		t.Error("the README does not count the rules")
	}
}

// checkTyped holds that the script runs a command, or that there is one by that name which it
// cannot run.
func checkTyped(t *testing.T, command string) {
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
	case "git":
		if command != "git clone "+audit.Home+" && cd pataudit" {
			t.Errorf("it is not cloned by %s", command)
		}
	case "podman":
		if !strings.Contains(string(top(t, "Containerfile")), "podman build -t pataudit ") {
			t.Errorf("the Containerfile does not say %s", command)
		}
	case "gh", "sha256sum", "tar":
		if !strings.Contains("\n"+scriptFile(t, "install.sh"), "\n"+command+"\n") {
			t.Errorf("the script does not install by %s", command)
		}
	case "source":
		if !strings.Contains(string(readmeScript(t).Comment), "exec bash -c '"+command+"'\n") {
			t.Errorf("the script does not run %s", command)
		}
	default:
		ran := regexp.MustCompile(`(?m)^exits \d ` + regexp.QuoteMeta(command) + `$`)
		if !ran.Match(readmeScript(t).Comment) {
			t.Errorf("the script does not run %q", command)
		}
	}
}

// ruleTable returns the README's table of the rules.
func ruleTable() string {
	var b strings.Builder
	b.WriteString("| rule | what it finds | severity, at most | step |\n| --- | --- | --- | --- |\n")
	guide, err := policy.Guide(rules.All)
	if err != nil {
		panic(err)
	}
	for _, rule := range guide.Rules {
		severity := rule.Severity.String()
		if !rule.Asked {
			severity += ", off by default"
		}
		fmt.Fprintf(&b, "| [%s](audit/rules/%[1]s.md) | %s | %s | %s |\n", rule.Rule.ID,
			rule.Rule.Title, severity, rule.Rule.Guide)
	}
	return b.String()
}

// TestReadmeRules holds that the README has each rule, as pataudit rules lists them. With -update
// it writes the table.
func TestReadmeRules(t *testing.T) {
	readme := string(top(t, "README.md"))
	begin := strings.Index(readme, "| rule |")
	if begin < 0 {
		t.Fatal("the README has no table of rules")
	}
	table, rest, _ := strings.Cut(readme[begin:], "\n\n")
	if table+"\n" == ruleTable() {
		return
	}
	if !*update {
		t.Fatal("the README's table of rules is not theirs: " +
			"go test ./cmd/pataudit -run TestReadmeRules -update")
	}
	text := readme[:begin] + ruleTable() + "\n" + rest
	if err := os.WriteFile(filepath.Join(root, "README.md"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestReadmeLinks holds that what the README leads to in this repository is there.
func TestReadmeLinks(t *testing.T) {
	readme := string(top(t, "README.md"))
	for _, found := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(readme, -1) {
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(found[1]))); err != nil {
			t.Error(err)
		}
	}
	for _, found := range regexp.MustCompile(`\]\(#([^)]+)\)`).FindAllStringSubmatch(readme, -1) {
		heading := strings.ReplaceAll(found[1], "-", " ")
		if !strings.Contains(strings.ToLower(readme), "\n## "+heading+"\n") {
			t.Errorf("the README has no heading #%s", found[1])
		}
	}
}
