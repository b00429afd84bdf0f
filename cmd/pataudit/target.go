// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report"
)

// target is one file to be written: a report in a format, or a snapshot.
type target struct {
	path   string
	format report.Format // zero for a snapshot
}

// parseTarget reads a value of --output: [FORMAT=]PATH.
func parseTarget(value string) (target, error) {
	name, path, named := strings.Cut(value, "=")
	format, err := report.Lookup(name)
	if !named || err != nil && !mistyped(name, path) {
		path = value
		format, err = report.ForPath(path)
	} else if err != nil {
		err = fmt.Errorf("%w; a file that is called %s is ./%[2]s", err, value)
	}
	switch {
	case path == "-" || ui.IsStream(path):
		return target{}, fmt.Errorf("--output %q names no file: %s writes to standard output", value,
			strings.TrimSpace("--format "+format.Name))
	case path == "" || strings.HasSuffix(path, string(filepath.Separator)):
		return target{}, fmt.Errorf("--output %q names no file", value)
	}
	return target{path, format}, err
}

// mistyped reports whether a text that is no format's name was meant as one in NAME=PATH, and is
// not the beginning of a path like dt=2026-11-30/audit.json.
func mistyped(name, path string) bool {
	const separators = `/\`
	if strings.ContainsAny(name, "."+separators) {
		return false
	}
	return !strings.ContainsAny(path, separators) || audit.Nearest(name, formatNames()) != ""
}
