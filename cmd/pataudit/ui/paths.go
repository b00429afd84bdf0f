// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"fmt"
	"os"
	"path/filepath"
)

// CheckPaths refuses two outputs to one file.
func CheckPaths(paths []string) error {
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

// resolved returns the one path of a file in its folder, however the folder is called.
func resolved(path string) string {
	folder, err := filepath.Abs(filepath.Dir(path))
	if err == nil {
		if real, err := filepath.EvalSymlinks(folder); err == nil {
			folder = real
		}
	}
	return filepath.Join(folder, filepath.Base(path))
}

// Reads notes files that a command reads: no output takes the place of one.
func (o *Files) Reads(paths ...string) { o.Read = append(o.Read, paths...) }

// spare refuses a target that is one of the files that are read, or kept: also if that is yet to
// be made.
func (o *Files) spare(path string) error {
	target, err := os.Stat(path)
	for _, read := range o.Read {
		same := read != "" && resolved(read) == resolved(path)
		if info, readErr := os.Stat(read); err == nil && readErr == nil {
			same = os.SameFile(info, target)
		}
		if same {
			return fmt.Errorf("the output %s would replace what is read", path)
		}
	}
	return nil
}
