// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

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

// noMoreThan wants no more than n arguments.
func noMoreThan(n int) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error {
		if len(args) > n {
			return fmt.Errorf("%q is one argument too many: %s", args[n], command.UseLine())
		}
		return nil
	}
}
