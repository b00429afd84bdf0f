// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
)

const module = "github.com/complytime/pataudit"

// rooms tells what of ours each room may import outside of its tests. A new room fails until it
// stands here.
var rooms = map[string][]string{
	"audit":                   {},
	"audit/rules":             {"audit"},
	"audit/policy":            {"audit"},
	"audit/github":            {"audit", "audit/github/api"},
	"audit/github/api":        {"audit"},
	"audit/github/githubtest": {},
	"audit/snapshot":          {"audit"},
	"audit/history":           {"audit"},
	"report": {
		"audit", "report/csv", "report/gemara", "report/html", "report/json", "report/junit",
		"report/markdown", "report/oscal", "report/safe", "report/sarif", "report/table",
		"report/view", "report/xlsx",
	},
	"report/safe":       {"audit"},
	"report/rulepage":   {"audit", "report/safe"},
	"report/encode":     {"audit"},
	"report/view":       {"audit", "report/safe"},
	"report/words":      {"audit", "report/view", "report/safe", "report/rulepage"},
	"report/reporttest": {"audit", "report/view"},
	"report/comparison": {
		"audit", "report/encode", "report/json", "report/markdown", "report/privacy",
		"report/safe", "report/screen", "report/view", "report/words",
	},
	"report/annotations": {
		"audit", "report/safe", "report/view", "report/words",
	},
	"report/letters": {
		"audit", "report/rulepage", "report/safe", "report/view", "report/words",
	},
	"report/json": {
		"audit", "report/encode", "report/privacy", "report/rulepage", "report/view",
		"report/words",
	},
	"report/xlsx": {
		"audit", "report/rulepage", "report/safe", "report/view", "report/words",
	},
	"report/html": {
		"audit", "report/rulepage", "report/safe", "report/view", "report/words",
	},
	"report/table": {
		"audit", "report/rulepage", "report/safe", "report/screen", "report/show",
		"report/view", "report/words",
	},
	"report/markdown": {
		"audit", "report/rulepage", "report/safe", "report/view", "report/words",
	},
	"report/show": {
		"audit", "report/encode", "report/rulepage", "report/safe", "report/screen",
		"report/view", "report/words",
	},
	"report/screen": {
		"audit", "report/rulepage", "report/safe", "report/view", "report/words",
	},
	"report/privacy": {
		"audit", "report/rulepage", "report/safe", "report/view", "report/words",
	},
	"report/gemara": {
		"audit", "report/encode", "report/safe", "report/rulepage", "report/view", "report/words",
	},
	"report/oscal": {
		"audit", "report/encode", "report/rulepage", "report/safe", "report/view", "report/words",
	},
	"report/sarif": {
		"audit", "report/encode", "report/rulepage", "report/safe", "report/view", "report/words",
	},
	"report/junit": {
		"audit", "report/safe", "report/view", "report/words",
	},
	"report/csv": {
		"audit", "report/safe", "report/view", "report/words",
	},
	"cmd/pataudit":         {"audit", "report/...", "cmd/pataudit/..."},
	"cmd/pataudit/ui":      {"audit", "audit/github/...", "report/..."},
	"cmd/pataudit/records": {"audit/...", "report/...", "cmd/pataudit/ui"},
	"cmd/pataudit/flags":   {"audit/...", "report/...", "cmd/pataudit/ui", "cmd/pataudit/records"},
	"cmd/pataudit/render": {
		"audit", "audit/rules", "report/...", "cmd/pataudit/ui", "cmd/pataudit/flags",
	},
	"cmd/pataudit/verify": {
		"audit/...", "report/...", "cmd/pataudit/ui", "cmd/pataudit/records", "cmd/pataudit/flags",
	},
	"cmd/pataudit/dossier": {
		"audit", "audit/history", "report/...", "cmd/pataudit/ui", "cmd/pataudit/records",
	},
	"cmd/pataudit/audit": {
		"audit/...", "report/...", "cmd/pataudit/ui", "cmd/pataudit/records", "cmd/pataudit/flags",
	},
	"cmd/pataudit/app": {
		"audit/github/...", "report/...", "cmd/pataudit/ui", "cmd/pataudit/flags",
	},
	"cmd/pataudit/policy": {
		"audit", "audit/rules", "audit/policy", "report/...", "cmd/pataudit/ui", "cmd/pataudit/flags",
	},
	"cmd/pataudit/project": {
		"audit", "audit/rules", "audit/policy", "report/safe", "cmd/pataudit/ui",
		"cmd/pataudit/records", "cmd/pataudit/flags",
	},
	"cmd/pataudit/report": {
		"audit", "audit/rules", "audit/history", "report/...", "cmd/pataudit/ui",
		"cmd/pataudit/records", "cmd/pataudit/flags", "cmd/pataudit/render", "cmd/pataudit/verify",
	},
	"cmd/pataudit/history": {
		"audit/...", "report/...", "cmd/pataudit/ui", "cmd/pataudit/records", "cmd/pataudit/flags",
		"cmd/pataudit/render", "cmd/pataudit/verify", "cmd/pataudit/dossier",
	},
}

// mayImport reports whether one of the allowed rooms is this one: "report/..." is report and all
// rooms below it.
func mayImport(allowed []string, room string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		tree, isTree := strings.CutSuffix(a, "/...")
		return a == room || isTree && (tree == room || strings.HasPrefix(room, tree+"/"))
	})
}

// aRoom is a folder with a package of ours, as go list tells of it.
type aRoom struct {
	ImportPath string
	Imports    []string
	GoFiles    []string
}

// name is the room's folder.
func (r *aRoom) name() string { return strings.TrimPrefix(r.ImportPath, module+"/") }

// roomsThere lists the rooms that there are.
func roomsThere(t *testing.T) (there []aRoom) {
	t.Helper()
	command := exec.Command("go", "list", "-json=ImportPath,Imports,GoFiles", "./...")
	command.Dir = filepath.Join("..", "..")
	listed, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	for decoder := json.NewDecoder(bytes.NewReader(listed)); ; {
		var room aRoom
		if err := decoder.Decode(&room); errors.Is(err, io.EOF) {
			return there
		} else if err != nil {
			t.Fatal(err)
		}
		there = append(there, room)
	}
}

// TestHouse holds who may import whom, and that the words of the product need no library.
func TestHouse(t *testing.T) {
	there := roomsThere(t)
	for _, room := range there {
		name := room.name()
		allowed, known := rooms[name]
		if !known {
			t.Errorf("%s is no room of the house: enter it in the table", name)
		}
		for _, imported := range room.Imports {
			inner, ours := strings.CutPrefix(imported, module+"/")
			switch {
			case ours && !mayImport(allowed, inner):
				t.Errorf("%s imports %s", name, inner)
			case !ours && name == "audit" && strings.Contains(imported, "."):
				t.Errorf("audit imports %s: the words need the standard library only", imported)
			case ours && inner == "audit/github/githubtest" &&
				(name != "cmd/pataudit/audit" || !importedOnlyBy(t, name, room.GoFiles, inner, "demo.go")):
				t.Errorf("%s imports githubtest elsewhere than in demo.go", name)
			}
		}
	}
	if len(there) != len(rooms) {
		t.Errorf("%d rooms found, %d in the table", len(there), len(rooms))
	}
}

// importedOnlyBy reports whether no file but the named one of a folder imports a room.
func importedOnlyBy(t *testing.T, folder string, files []string, room, name string) bool {
	t.Helper()
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join("..", "..", folder, file))
		if err != nil {
			t.Fatal(err)
		}
		if file != name && bytes.Contains(text, []byte(`"`+module+"/"+room+`"`)) {
			return false
		}
	}
	return true
}

// machineWords are the names of report/words that each room which writes for machines may use:
// what a subject or the state of a claim is called, and the sentence that a finding, a claim or a
// verdict has in the format's own field for one. All else is a code, or data of report/view.
var machineWords = map[string][]string{
	"report/sarif":  {"Subject", "Sentence", "Reasons", "Remainders", "Claimed"},
	"report/oscal":  {"Subject", "Sentence", "Reasons", "Remainders", "Claimed", "ClaimState"},
	"report/gemara": {"Subject", "Sentence", "Reasons", "Remainders", "Claimed"},
	// The denial is a text to paste: a key of version 1.
	"report/json": {"Denial"},
	// The row of an organization has its verdict in words, as those of tokens have theirs. Topic is
	// each of the topics.
	"report/csv": {"Head", "Topic"},
	// A property is a topic and its text; the text of a case is what a CI server shows of a finding
	// or a claim.
	"report/junit": {
		"Head", "Topic", "OwnerLogin", "Waiver", "Term", "ClaimState", "ClaimOutcome",
	},
}

// TestMachineWords holds that the rooms which write for machines use no other words, and all of
// these.
func TestMachineWords(t *testing.T) {
	for room, allowed := range machineWords {
		var used []string
		files, err := filepath.Glob(filepath.Join("..", "..", room, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", room, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				if s, is := n.(*ast.SelectorExpr); is {
					if of, is := s.X.(*ast.Ident); is && of.Name == "words" && of.Obj == nil {
						name := s.Sel.Name
						if strings.HasPrefix(name, "Topic") {
							name = "Topic"
						}
						used = append(used, name)
					}
				}
				return true
			})
			for _, imported := range parsed.Imports {
				if imported.Path.Value == `"`+module+`/report/words"` && imported.Name != nil {
					t.Errorf("%s calls report/words %s", file, imported.Name.Name)
				}
			}
		}
		for _, name := range used {
			if !slices.Contains(allowed, name) {
				t.Errorf("%s uses words.%s: take data from report/view, or enter it in the table", room,
					name)
			}
		}
		for _, name := range allowed {
			if !slices.Contains(used, name) {
				t.Errorf("%s does not use words.%s: take it from the table", room, name)
			}
		}
	}
}

// sources lists the files of the command and of its rooms, but for tests.
func sources(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"*.go", "*/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return slices.DeleteFunc(files, func(file string) bool {
		return strings.HasSuffix(file, "_test.go")
	})
}

// TestOneClock holds that the time comes in by one door: as an argument of run.
func TestOneClock(t *testing.T) {
	for _, file := range sources(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		if file == "main.go" {
			want = 1
		}
		if n := bytes.Count(text, []byte("time.Now")); n != want {
			t.Errorf("%s asks for the time %d times, not %d: it is UI.Now that knows", file, n, want)
		}
	}
}

// TestCommands holds that a command is a file of its own, of at most 150 lines with its help.
func TestCommands(t *testing.T) {
	for _, file := range sources(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		commands := bytes.Count(text, []byte("cobra.Command{"))
		if lines := bytes.Count(text, []byte("\n")); commands > 1 || commands > 0 && lines > 150 {
			t.Errorf("%s has %d commands in %d lines: move what is not the command", file, commands, lines)
		}
	}
}

// topLevel is what the top of the repository may hold.
var topLevel = []string{
	"cmd", "audit", "report", "testdata", "go.mod", "go.sum", "Makefile", "README.md", "LICENSE",
	".ci", ".git", ".github", ".gitignore", ".golangci.yml", "action.yml", "Containerfile",
	"bin", "pataudit-demo", // made by make, not committed
}

// TestFiles holds the top level, the licence's line, and the length of lines and files.
func TestFiles(t *testing.T) {
	root := filepath.Join("..", "..")
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !slices.Contains(topLevel, entry.Name()) {
			t.Errorf("%s does not belong at the top", entry.Name())
		}
	}
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if !bytes.HasPrefix(text, []byte("// SPDX-License-Identifier: Apache-2.0\n")) {
			t.Errorf("%s does not begin with the licence", path)
		}
		if lines := bytes.Count(text, []byte("\n")); lines > 300 && entry.Name() != "doc.go" &&
			!strings.HasSuffix(path, "_test.go") { // a manual is one text, for people
			t.Errorf("%s has %d lines: split it", path, lines)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestGuideAsks holds that the default policy asks every rule, but for the one that needs an
// organization's own record of decisions.
func TestGuideAsks(t *testing.T) {
	guide, err := policy.Guide(rules.All)
	if err != nil {
		t.Fatal(err)
	}
	if len(guide.Rules) != len(rules.All) {
		t.Errorf("the guide has %d of %d rules", len(guide.Rules), len(rules.All))
	}
	for _, rule := range guide.Rules {
		id := rule.Rule.ID
		if asked := id != "unreviewed-token" && id != "unregistered-bot"; rule.Asked != asked {
			t.Errorf("%s: asked %v", id, rule.Asked)
		}
		required := id != "owner-without-2fa" && id != "self-approved"
		if rule.Asked && rule.Required != required {
			t.Errorf("%s: required %v", id, rule.Required)
		}
	}
}

// The boxes and the arrows of the README's picture of the house.
var (
	pictureForm = regexp.MustCompile("(?s)```mermaid\n(.*?)```")
	boxForm     = regexp.MustCompile(`(?m)^ *(\w+)\["([^"]+)"\]$`)
	arrowForm   = regexp.MustCompile(`(?m)^ *(\w+(?: & \w+)*) --> (\w+(?: & \w+)*)$`)
)

// picture reads the boxes, each with its rooms, and where the arrows of each lead.
func picture(t *testing.T) (boxes, arrows map[string][]string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	drawn := pictureForm.FindSubmatch(text)
	if drawn == nil {
		t.Fatal("the README has no picture of the house")
	}
	boxes, arrows = map[string][]string{}, map[string][]string{}
	for _, box := range boxForm.FindAllSubmatch(drawn[1], -1) {
		boxes[string(box[1])] = strings.Split(string(box[2]), "<br>")
	}
	for _, arrow := range arrowForm.FindAllSubmatch(drawn[1], -1) {
		for _, from := range strings.Split(string(arrow[1]), " & ") {
			arrows[from] = append(arrows[from], strings.Split(string(arrow[2]), " & ")...)
		}
	}
	return boxes, arrows
}

// TestPicture holds that the README's picture has each room once, that the table allows each of
// its arrows to each room of the box where it begins, that arrows lead to all that a room imports,
// and that none leads back up.
func TestPicture(t *testing.T) {
	boxes, arrows := picture(t)
	boxOf := map[string]string{}
	for box, inside := range boxes {
		for _, room := range inside {
			if _, known := rooms[room]; !known || boxOf[room] != "" {
				t.Errorf("the picture has %s: once too often", room)
			}
			boxOf[room] = box
		}
	}
	for room := range rooms {
		if boxOf[room] == "" {
			t.Errorf("%s is not in the README's picture", room)
		}
	}
	for from, all := range arrows {
		if boxes[from] == nil {
			t.Errorf("an arrow leads from %s, which is no box", from)
		}
		for _, to := range all {
			for _, room := range boxes[from] {
				if !slices.ContainsFunc(boxes[to], func(into string) bool {
					return mayImport(rooms[room], into)
				}) {
					t.Errorf("an arrow leads from %s (%s) to %s: the table has none", from, room, to)
				}
			}
		}
	}
	below := map[string]map[string]bool{} // the boxes to which arrows lead, one after another
	var walk func(box string, above ...string) map[string]bool
	walk = func(box string, above ...string) map[string]bool {
		if slices.Contains(above, box) {
			t.Fatalf("arrows lead from %s back to it", box)
		}
		if below[box] == nil {
			reached := map[string]bool{}
			for _, to := range arrows[box] {
				reached[to] = true
				maps.Copy(reached, walk(to, append(above, box)...))
			}
			below[box] = reached
		}
		return below[box]
	}
	for _, room := range roomsThere(t) {
		from := boxOf[room.name()]
		for _, imported := range room.Imports {
			inner, ours := strings.CutPrefix(imported, module+"/")
			if to := boxOf[inner]; ours && from != to && !walk(from)[to] {
				t.Errorf("%s imports %s, and no arrow leads from %s to %s", room.name(), inner, from, to)
			}
		}
	}
}
