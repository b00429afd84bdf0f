// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// deployment is one way in which .github/deploy has this program run.
type deployment struct {
	args []string
	env  map[string]string // values that are not written there are ""
}

// deployments returns those of all manifests and units, by file.
func deployments(t *testing.T) map[string]deployment {
	t.Helper()
	found := map[string]deployment{}
	for name, w := range workloads(t) {
		c := w.job.Template.Spec.Containers[0]
		d := deployment{c.Args, map[string]string{}}
		for _, v := range c.Env {
			d.env[v.Name] = v.Value
		}
		found[name] = d
	}
	for name, u := range systemdUnits(t, "*.service") {
		d := deployment{env: map[string]string{}}
		words := strings.Fields(u.one(t, "Service", "ExecStart"))
		if !path.IsAbs(words[0]) || path.Base(words[0]) != "pataudit" {
			t.Errorf("%s runs %s", name, words[0])
		}
		d.args = words[1:]
		for _, line := range u["Service"]["Environment"] {
			key, value, _ := strings.Cut(line, "=")
			d.env[key] = value
		}
		found[name] = d
	}
	return found
}

// TestDeployments holds that what others start is understood: each command line by our own parser,
// each variable by somebody who reads it.
func TestDeployments(t *testing.T) {
	ours := variables(t)
	expansion := regexp.MustCompile(`\$\(([^)]*)\)`)
	for name, d := range deployments(t) {
		used := map[string]bool{}
		args := slices.Clone(d.args)
		for i, arg := range args {
			args[i] = expansion.ReplaceAllStringFunc(arg, func(found string) string {
				used[expansion.FindStringSubmatch(found)[1]] = true
				return "1"
			})
			if strings.ContainsAny(args[i], "$%") && !strings.Contains(args[i], "=%S/pataudit/") {
				t.Errorf("%s: nobody expands %s", name, arg)
			}
		}
		if err := parses(args); err != nil {
			t.Errorf("%s: pataudit %s: %v", name, strings.Join(args, " "), err)
		}
		for key := range d.env {
			if !ours[key] && !used[key] {
				t.Errorf("%s sets %s, which nobody reads", name, key)
			}
		}
		for key := range used {
			if _, set := d.env[key]; !set && key != "JOB_COMPLETION_INDEX" {
				t.Errorf("%s: $(%s) is not set", name, key)
			}
		}
	}
}

// parses tells what the command line says of the arguments, short of running them.
func parses(args []string) error {
	command, rest, err := rootCommand(ui.New(time.Now, nil, io.Discard, io.Discard)).Find(args)
	if err != nil {
		return err
	}
	if err := command.ParseFlags(rest); err != nil {
		return err
	}
	return command.ValidateArgs(command.Flags().Args())
}

// variables are those that this program reads by their names.
func variables(t *testing.T) map[string]bool {
	t.Helper()
	quoted := regexp.MustCompile(`"(PATAUDIT_[A-Z_]+|GITHUB_[A-Z_]+)"`)
	found := map[string]bool{}
	for _, source := range sources(t) {
		for _, match := range quoted.FindAllSubmatch(top(t, "cmd", "pataudit", source), -1) {
			found[string(match[1])] = true
		}
	}
	return found
}

// top reads a file of the repository.
func top(t *testing.T, name ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{"..", ".."}, name...)...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestContainerfile holds that the image is one static binary without a shell that nobody runs as
// root, and that every room is copied to where it is built.
func TestContainerfile(t *testing.T) {
	lines := instructions(top(t, "Containerfile"))
	last := 0
	for i, line := range lines {
		if line[0] == "FROM" {
			last = i
		}
	}
	image := map[string]string{}
	for _, line := range lines[last:] {
		image[line[0]] = line[1]
	}
	for key := range image {
		if !slices.Contains([]string{"FROM", "COPY", "USER", "ENTRYPOINT", "LABEL"}, key) {
			t.Errorf("%s has no place in an image without a shell", key)
		}
	}
	if image["FROM"] != "scratch" {
		t.Errorf("the image is made from %s", image["FROM"])
	}
	if want := strconv.Itoa(nobody) + ":" + strconv.Itoa(nobody); image["USER"] != want {
		t.Errorf("it runs as %q, want %s", image["USER"], want)
	}
	var entry []string
	if err := json.Unmarshal([]byte(image["ENTRYPOINT"]), &entry); err != nil ||
		!slices.Equal(entry, []string{"/pataudit"}) {
		t.Errorf("its entry point is %s: %v", image["ENTRYPOINT"], err)
	}
	build, copied := "", []string{}
	for _, line := range lines[:last] {
		build += strings.Join(line, " ") + "\n"
		if line[0] == "COPY" {
			copied = append(copied, strings.Fields(line[1])...)
		}
	}
	for _, want := range []string{
		"CGO_ENABLED=0", "-trimpath", "main.version=$VERSION", "ca-certificates.crt",
		"GOARCH=$TARGETARCH", goRelease(t),
	} {
		if !strings.Contains(build, want) {
			t.Errorf("the build lacks %s", want)
		}
	}
	for room := range rooms {
		if folder, _, _ := strings.Cut(room, "/"); !slices.Contains(copied, folder) {
			t.Errorf("%s is not copied", folder)
		}
	}
}

// instructions splits a Containerfile into instructions and what they say.
func instructions(text []byte) (lines [][]string) {
	text = regexp.MustCompile(`(?m)^#.*\n`).ReplaceAll(text, nil)
	text = bytes.ReplaceAll(text, []byte("\\\n"), nil)
	for line := range strings.Lines(string(text)) {
		if key, said, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			lines = append(lines, []string{key, strings.TrimSpace(said)})
		}
	}
	return lines
}

// goRelease is the release of Go that the module asks for: golang:1.26.
func goRelease(t *testing.T) string {
	t.Helper()
	match := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(top(t, "go.mod"))
	if match == nil {
		t.Fatal("go.mod names no release of Go")
	}
	return "golang:" + string(match[1])
}

// TestRelease holds that whoever builds a release tells the program its version where it looks for
// it, that the action finds the archives by their names, and that `go install` can install the
// module: it refuses one that replaces others.
func TestRelease(t *testing.T) {
	for _, name := range []string{"Makefile", "Containerfile", ".github/goreleaser.yaml"} {
		text := top(t, filepath.FromSlash(name))
		if !bytes.Contains(text, []byte("-X main.version=")) ||
			!bytes.Contains(text, []byte("-trimpath")) {
			t.Errorf("%s builds without a version, or with the paths of its machine", name)
		}
	}
	archives := top(t, ".github", "goreleaser.yaml")
	action := top(t, ".github", "action", "install.sh")
	for name, asked := range map[string]string{
		"{{ .ProjectName }}_{{ .Version }}_{{ .Os }}_{{ .Arch }}": "pataudit_${VERSION#v}_$archive",
		"formats: [tar.gz]\n":            "$archive.tar.gz",
		"name_template: checksums.txt\n": "/checksums.txt",
	} {
		if !bytes.Contains(archives, []byte(name)) || !bytes.Contains(action, []byte(asked)) {
			t.Errorf("a release has %q, and the action asks for %q", name, asked)
		}
	}
	for _, line := range []string{"man bin/man {{ .CommitDate }}\n", "- src: bin/man/*.1\n"} {
		if !bytes.Contains(archives, []byte(line)) {
			t.Errorf("a release has no manual: no %q", line)
		}
	}
	if regexp.MustCompile(`(?m)^\s*(replace|exclude)\b`).Match(top(t, "go.mod")) {
		t.Error("go.mod replaces or excludes modules: go install refuses that")
	}
}
