// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadmeFormats holds that the README lists each format.
func TestReadmeFormats(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "`--format " + strings.Join(formatNames(), `\|`) + "`"; !strings.Contains(string(text),
		want) {
		t.Errorf("README does not say %s", want)
	}
}
