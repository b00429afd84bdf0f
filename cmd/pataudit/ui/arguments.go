// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
)

// Exactly refuses all but an argument for each of the names, in this order.
func Exactly(names ...string) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error {
		if len(args) < len(names) {
			return fmt.Errorf("%s is missing: %s", names[len(args)], command.UseLine())
		}
		return NoMoreThan(len(names))(command, args)
	}
}

// Operand writes a path so that it is no flag.
func Operand(path string) string {
	if strings.HasPrefix(path, "-") && path != "-" {
		return "." + string(filepath.Separator) + path
	}
	return path
}

// NoMoreThan refuses more than n arguments.
func NoMoreThan(n int) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error {
		if len(args) > n {
			return fmt.Errorf("%q is one argument too many: %s", args[n], command.UseLine())
		}
		return nil
	}
}

// Environment returns a variable of the environment, without the newline that files and shells
// leave at its end. One that is empty or blank is not set: a workflow sets to nothing what it has
// no secret for.
func Environment(name string) string {
	if value := os.Getenv(name); strings.TrimSpace(value) != "" {
		return strings.TrimRight(value, "\r\n")
	}
	return ""
}

// DidYouMean returns ": did you mean NAME?" with the one of the names that may be meant, and with
// what stands before it: the one that begins with what was typed, or is near it. Where there is
// none, it returns the other text.
func DidYouMean(typed string, names []string, before, other string) string {
	near := audit.Nearest(typed, names)
	if begun := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return !strings.HasPrefix(name, typed)
	}); len(begun) == 1 {
		near = begun[0]
	}
	if near == "" {
		return other
	}
	return ": did you mean " + before + near + "?"
}
