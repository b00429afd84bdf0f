// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// exactly wants an argument for each of the names, in this order.
func exactly(names ...string) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error {
		if len(args) < len(names) {
			return fmt.Errorf("%s is missing: %s", names[len(args)], command.UseLine())
		}
		return noMoreThan(len(names))(command, args)
	}
}

// operand writes a path so that it is no flag.
func operand(path string) string {
	if strings.HasPrefix(path, "-") && path != "-" {
		return "." + string(filepath.Separator) + path
	}
	return path
}

// noMoreThan wants no more than n arguments.
func noMoreThan(n int) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error {
		if len(args) > n {
			return fmt.Errorf("%q is one argument too many: %s", args[n], command.UseLine())
		}
		return nil
	}
}
