// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit/history"
)

// readFlags are the flags that name files which commands read. A history is noted where it is
// found out which one is meant, and arguments by the commands that have files for them.
var readFlags = []string{
	"from", "evidence", "policy", "decisions", "baseline", "verify", "last", "app-key", "ca-file",
	"sign",
}

// readFiles gives the files that a command reads by its flags and the environment. Names of what
// is no file may be among them.
func readFiles(command *cobra.Command) (paths []string) {
	command.Flags().Visit(func(f *pflag.Flag) {
		if !slices.Contains(readFlags, f.Name) {
			return
		}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			paths = append(paths, list.GetSlice()...)
			return
		}
		paths = append(paths, f.Value.String())
	})
	return append(paths, environment("PATAUDIT_APP_KEY_FILE"))
}

// reads notes files that a command reads: no output takes the place of one.
func (o *outputs) reads(paths ...string) { o.read = append(o.read, paths...) }

// keeps notes the files of a history.
func (o *outputs) keeps(at *history.Location) {
	for _, beside := range []string{"", "-wal", "-shm", "-journal"} { // SQLite's own
		if at.File() != "" {
			o.reads(at.File() + beside)
		}
	}
}

// spare refuses a target that is one of the files that are read, or kept: also if that is yet to
// be made.
func (o *outputs) spare(path string) error {
	target, err := os.Stat(path)
	for _, read := range o.read {
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
