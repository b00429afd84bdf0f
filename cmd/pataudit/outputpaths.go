// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"path/filepath"
)

// checkPaths refuses two outputs to one file.
func checkPaths(paths []string) error {
	seen := map[string]bool{}
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
