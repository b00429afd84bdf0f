// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
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
	"audit/github":            {"audit"},
	"audit/github/githubtest": {},
	"audit/snapshot":          {"audit"},
	"audit/history":           {"audit"},
	"report":                  {"audit", "report/..."},
	"report/safe":             {"audit"},
	"report/rulepage":         {"report/safe"},
	"report/encode":           {"audit"},
	"report/view":             {"audit", "report/safe", "report/rulepage"},
	"report/words":            {"audit", "report/view", "report/safe", "report/rulepage"},
	"report/reporttest":       {"audit", "report/view"},
	"report/xlsx": {
		"audit", "report/privacy", "report/rulepage", "report/safe", "report/view",
		"report/words",
	},
	"report/html": {
		"audit", "report/rulepage", "report/safe", "report/view", "report/words",
	},
	"report/table": {
		"audit", "report/privacy", "report/rulepage", "report/safe", "report/screen",
		"report/show", "report/view", "report/words",
	},
	"report/markdown": {
		"audit", "report/privacy", "report/safe", "report/view", "report/words",
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
	"cmd/pataudit/ui":      {"audit", "audit/github", "report/..."},
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
		"audit/github", "report/...", "cmd/pataudit/ui", "cmd/pataudit/flags",
	},
	"cmd/pataudit/policy": {
		"audit", "audit/rules", "audit/policy", "report/...", "cmd/pataudit/ui", "cmd/pataudit/flags",
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

// TestHouse holds who may import whom, and that the words of the product need no library.
func TestHouse(t *testing.T) {
	command := exec.Command("go", "list", "-json=ImportPath,Imports,GoFiles", "./...")
	command.Dir = filepath.Join("..", "..")
	listed, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(listed))
	seen := 0
	for {
		var room struct {
			ImportPath string
			Imports    []string
			GoFiles    []string
		}
		if err := decoder.Decode(&room); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		seen++
		name := strings.TrimPrefix(room.ImportPath, module+"/")
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
	if seen != len(rooms) {
		t.Errorf("%d rooms found, %d in the table", seen, len(rooms))
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
		if lines := bytes.Count(text, []byte("\n")); lines > 300 &&
			!strings.HasSuffix(path, "_test.go") {
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
		if asked := id != "unreviewed-token"; rule.Asked != asked {
			t.Errorf("%s: asked %v", id, rule.Asked)
		}
		required := id != "owner-without-2fa" && id != "self-approved"
		if rule.Asked && rule.Required != required {
			t.Errorf("%s: required %v", id, rule.Required)
		}
	}
}
