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

// readFlags are the flags that name files which commands read, or keep; readVariables are what
// names such files where no flag does.
var (
	readFlags = []string{
		"from", "evidence", "policy", "decisions", "baseline", "verify", "last", "history",
		"app-key", "ca-file",
	}
	readVariables = []string{"PATAUDIT_APP_KEY_FILE", historyVariable}
)

// readFiles gives the files that a command reads or keeps. Names of what is no file are among
// them.
func readFiles(command *cobra.Command) (paths []string) {
	add := func(value string) {
		paths = append(paths, value)
		if at, err := history.Parse(value); err == nil && at.File() != "" {
			paths = append(paths, at.File())
		}
	}
	command.Flags().Visit(func(f *pflag.Flag) {
		if !slices.Contains(readFlags, f.Name) {
			return
		}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			for _, value := range list.GetSlice() {
				add(value)
			}
			return
		}
		add(f.Value.String())
	})
	for _, name := range readVariables {
		if value := environment(name); value != "" {
			add(value)
		}
	}
	return paths
}

// spare refuses a target that is one of the files that are read.
func (o *outputs) spare(path string) error {
	target, err := os.Stat(path)
	if err != nil {
		return nil //nolint:nilerr // it replaces nothing
	}
	for _, read := range o.reads {
		if info, err := os.Stat(read); err == nil && os.SameFile(info, target) {
			return fmt.Errorf("the output %s would replace what is read", path)
		}
	}
	return nil
}
