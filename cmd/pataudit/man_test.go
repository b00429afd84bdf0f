// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// requests are the words of man's language that pages have, and what else is no text in them.
var (
	requests = regexp.MustCompile(`^\.(TH|SH|PP|TP|nf|fi)\b`)
	escapes  = regexp.MustCompile(`\\(e|-|&|f[BIR]|\((aq|ga|ha|ti|dq)|\[u[0-9A-F]{4,6}\])`)
)

// TestMan holds that each command that help lists has a page, with each of its flags, of the day
// that is named; and that groff, where there is one, finds nothing to warn of.
func TestMan(t *testing.T) {
	dir := t.TempDir()
	if code, _, stderr := typed(t, "man", dir, "2026-11-22T23:00:00Z"); code != ui.ExitClean {
		t.Fatal(stderr)
	}
	groff, _ := exec.LookPath("groff")
	n := 0
	for command, words := range allCommands() {
		path := filepath.Join(dir, strings.Join(append([]string{"pataudit"}, words...), "-")+".1")
		page, err := os.ReadFile(path)
		if command.HasParent() && !command.IsAvailableCommand() {
			if err == nil {
				t.Errorf("%s is there", path)
			}
			continue
		}
		if err != nil {
			t.Error(err)
			continue
		}
		n++
		if !bytes.Contains(page, []byte(` 1 "2026\-11\-22" "pataudit `)) {
			t.Errorf("%s is of another day: %.80s", path, page)
		}
		command.Flags().VisitAll(func(f *pflag.Flag) {
			if has := bytes.Contains(page, []byte(`\fB\-\-`+roff(f.Name)+`\fR`)); has == f.Hidden {
				t.Errorf("%s: --%s: %v", path, f.Name, has)
			}
		})
		isText(t, string(page))
		if groff == "" {
			continue
		}
		said, err := exec.Command(groff, "-man", "-ww", "-z", "-Tutf8", path).CombinedOutput()
		if err != nil || len(said) > 0 {
			t.Errorf("%s: %v\n%s", path, err, said)
		}
	}
	if found, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(found) != n || n < 30 {
		t.Errorf("%d pages of %d commands: %v", len(found), n, err)
	}
}

// isText holds that a page has no word of man's language but those that pages are made of.
func isText(t interface{ Errorf(string, ...any) }, page string) {
	for line := range strings.SplitSeq(page, "\n") {
		first := strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'")
		if first && !requests.MatchString(line) ||
			strings.Contains(escapes.ReplaceAllString(line, ""), `\`) ||
			strings.ContainsFunc(line, func(r rune) bool { return r > '~' }) {
			t.Errorf("man reads more than text: %q", line)
		}
	}
}

// TestManText holds the same of any text.
func TestManText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := new(manual)
		text := rapid.StringOf(rapid.SampledFrom([]rune(".'\\-\"`^~ a\nS…é"))).Draw(t, "text")
		m.section("DESCRIPTION", text)
		isText(t, m.String())
		shown := slices.Collect(strings.SplitSeq(m.String(), "\n"))
		for line := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
			if line != "" && !slices.Contains(shown, `\&`+roff(line)) &&
				!slices.Contains(shown, roff(line)) {
				t.Errorf("%q is lost", line)
			}
		}
	})
}
