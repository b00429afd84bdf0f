// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report"
	"github.com/complytime/pataudit/report/view"
)

// Target is one file to be written: a D in a format, or a snapshot.
type Target[D any] struct {
	Path   string
	Format view.FormatOf[D] // zero for a snapshot
}

// Targets are files to be written.
type Targets[D any] []Target[D]

// Paths returns those of the files.
func (t Targets[D]) Paths() []string {
	paths := make([]string, len(t))
	for i := range t {
		paths[i] = t[i].Path
	}
	return paths
}

// ParseTargets reads the values of --output, each [FORMAT=]PATH, with the formats that there are.
func ParseTargets[D any](values []string, formats view.Formats[D]) (Targets[D], error) {
	targets := make(Targets[D], len(values))
	for i, value := range values {
		format, path, err := parseTarget(value, formats)
		if err != nil {
			return nil, err
		}
		targets[i] = Target[D]{path, format.At(path)}
	}
	return targets, nil
}

// CheckOutputs refuses what are no values of --output for a report.
func CheckOutputs(values []string) error {
	_, err := ParseTargets(values, report.Formats)
	return err
}

func parseTarget[D any](
	value string, formats view.Formats[D],
) (format view.FormatOf[D], path string, err error) {
	name, path, named := strings.Cut(value, "=")
	format, err = formats.Lookup(name)
	if !named || err != nil && !mistyped(name, path, formats.Names()) {
		name, path = "", value
		format, err = formats.ForPath(path)
	} else if err != nil {
		err = fmt.Errorf("%w; a file that is called %s is ./%[2]s", err, value)
	}
	switch {
	case path == "-" || ui.IsStream(path):
		err = fmt.Errorf("--output %q names no file: %s writes to standard output", value,
			strings.TrimSpace("--format "+name))
	case path == "" || strings.HasSuffix(path, string(filepath.Separator)):
		err = fmt.Errorf("--output %q names no file", value)
	}
	return format, path, err
}

// mistyped reports whether a text that is no format's name was meant as one in NAME=PATH, and is
// not the beginning of a path like dt=2026-11-30/audit.json.
func mistyped(name, path string, names []string) bool {
	const separators = `/\`
	if strings.ContainsAny(name, "."+separators) {
		return false
	}
	return !strings.ContainsAny(path, separators) || audit.Nearest(name, names) != ""
}
