// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestThreats holds that each line of the threat model names tests that there are, or says why it
// is not defended.
func TestThreats(t *testing.T) {
	root := filepath.Join("..", "..")
	model, err := os.ReadFile(filepath.Join(root, ".github", "SECURITY.md"))
	if err != nil {
		t.Fatal(err)
	}
	text, tests := string(model), map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	if err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, match := range declared.FindAllSubmatch(source, -1) {
			tests[string(match[1])] = true
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`((?:Test|Fuzz)\\w+)`")
	for _, match := range named.FindAllStringSubmatch(text, -1) {
		if !tests[match[1]] {
			t.Errorf("there is no %s", match[1])
		}
	}
	scripts := regexp.MustCompile("`(\\w+\\.txtar)`")
	for _, match := range scripts.FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat(filepath.Join(root, "testdata", "script", match[1])); err != nil {
			t.Error(err)
		}
	}
	rows := 0
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if !strings.HasPrefix(line, "| ") || strings.Contains(line, "What becomes of it") {
			continue
		}
		if rows++; !strings.Contains(line, "`") && !strings.Contains(line, "not defended") {
			t.Errorf("neither a test nor why it is not defended: %s", cells[0])
		}
	}
	if rows < 30 {
		t.Errorf("%d lines", rows)
	}
}
