// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// checkPaths refuses two outputs to one file, and one to a file that is read.
func checkPaths(paths []string, read ...string) error {
	seen := map[string]bool{}
	for _, path := range read {
		if info, err := os.Stat(path); err == nil {
			for _, out := range paths {
				if other, err := os.Stat(out); err == nil && os.SameFile(info, other) {
					return fmt.Errorf("the output %s would replace what is read", out)
				}
			}
		}
	}
	for _, path := range paths {
		clean := resolved(path)
		if seen[clean] {
			return fmt.Errorf("two outputs would be written to %s", path)
		}
		seen[clean] = true
	}
	return nil
}

// resolved gives the one path of a file in its folder, however the folder is called.
func resolved(path string) string {
	folder, err := filepath.Abs(filepath.Dir(path))
	if err == nil {
		if real, err := filepath.EvalSymlinks(folder); err == nil {
			folder = real
		}
	}
	return filepath.Join(folder, filepath.Base(path))
}
