// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// readFlags are the flags that name files which commands read. A history is noted where it is
// found out which one is meant, and arguments by the commands that have files for them.
var readFlags = []string{
	"from", "evidence", "policy", "decisions", "baseline", "registry", "verify", "last", "app-key",
	"ca-file", "sign",
}

// readFiles returns the files that a command reads by its flags and the environment. Names of what
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
	return append(paths, ui.Environment("PATAUDIT_APP_KEY_FILE"))
}
