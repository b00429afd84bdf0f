// SPDX-License-Identifier: Apache-2.0

package gemara

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// readerProgram is a program around the library with which complytime's tools read Gemara. It
// refuses what it does not know.
const readerProgram = `package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/gemaraproj/go-gemara"
	"github.com/gemaraproj/go-gemara/fetcher"
)

func main() {
	for _, path := range os.Args[1:] {
		var err error
		if strings.Contains(path, ".catalog.") {
			_, err = gemara.Load[gemara.ControlCatalog](context.Background(), &fetcher.File{}, path)
		} else {
			_, err = gemara.Load[gemara.EvaluationLog](context.Background(), &fetcher.File{}, path)
		}
		if err != nil {
			fmt.Println(path, err)
		}
	}
}
`

// steps are what the schema requires of an assessment, and the library cannot read: it holds
// functions there.
var (
	stepsYAML = regexp.MustCompile(`(?m)^ +steps:\n +- .*\n`)
	stepsJSON = regexp.MustCompile(`(?s)\s+"steps": \[[^\]]*\],`)
)

// TestGemaraReader reads every document with complytime's library. The schema itself is no module:
// in a checkout of github.com/gemaraproj/gemara, cue vet -c -d '#EvaluationLog' . FILE asks it.
func TestGemaraReader(t *testing.T) {
	if os.Getenv("PATAUDIT_TEST_FULL") != "1" {
		t.Skip("needs a library from the module proxy: PATAUDIT_TEST_FULL=1")
	}
	folder := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	put("main.go", readerProgram)
	put("go.mod", "module reader\n\ngo 1.26.0\n")
	goes(t, folder, "get", "github.com/gemaraproj/go-gemara@v0.8.0")
	goes(t, folder, "build", "-o", "reader")
	read := func(paths ...string) string {
		command := exec.CommandContext(t.Context(), filepath.Join(folder, "reader"), paths...)
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return string(out)
	}
	var paths []string
	for name, d := range reporttest.MachineDocuments() {
		for ext, f := range map[string]view.Format{
			".gemara.yaml": Format, ".gemara.json": Format, ".catalog.gemara.yaml": Catalog,
		} {
			text := stepsJSON.ReplaceAllString(string(reporttest.Write(t, f.At(ext), d)), "")
			paths = append(paths, put(name+ext, stepsYAML.ReplaceAllString(text, "")))
		}
	}
	if complaints := read(paths...); complaints != "" {
		t.Error(complaints)
	}
	wrong := strings.Replace(
		string(reporttest.Write(t, Format, reporttest.Document(reporttest.Calm()))),
		"result: Passed",
		"result: Waived",
		1,
	)
	if read(put("wrong.yaml", stepsYAML.ReplaceAllString(wrong, ""))) == "" {
		t.Error("the judge accepts a result that is none")
	}
}

// goes runs the go command in a folder of its own.
func goes(t *testing.T, folder string, args ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", args...)
	command.Dir = folder
	command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("go %v: %v: %s", args, err, out)
	}
}
