// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// A variable of the shell that is not set leaves a flag with an empty value, or with the next flag
// for a value. Neither may read as a flag that was left out: the audit would be a milder one, or
// of something else.

// strict makes a command, and all below it, refuse empty flags and arguments.
func strict(command *cobra.Command) {
	command.InitDefaultHelpFlag() // before it is made too late
	for _, set := range []*pflag.FlagSet{command.Flags(), command.PersistentFlags()} {
		set.SortFlags = false // helps list them as they are registered
		set.VisitAll(func(f *pflag.Flag) { makeStrict(f, set) })
	}
	command.Args = noneEmpty(command.Args)
	for _, child := range command.Commands() {
		strict(child)
	}
}

// makeStrict puts a strict value in front of a flag's own.
func makeStrict(f *pflag.Flag, set *pflag.FlagSet) {
	value := strictValue{f.Value, set}
	list, ok := f.Value.(pflag.SliceValue)
	if !ok {
		f.Value = value
		return
	}
	if f.DefValue == "[]" {
		f.DefValue = "" // which pflag leaves out of the help only where it knows the type
	}
	f.Value = strictList{value, list}
}

// strictValue is the value of a flag that cannot be set to nothing.
type strictValue struct {
	pflag.Value

	flags *pflag.FlagSet // of its command
}

// errEmpty is the error of a flag that is there, and its value is not.
var errEmpty = errors.New("is empty")

// Set refuses a value that is empty, or another flag of the command.
func (v strictValue) Set(text string) error {
	name, long := strings.CutPrefix(text, "--")
	name, _, _ = strings.Cut(name, "=")
	short, isShort := strings.CutPrefix(text, "-")
	switch {
	case strings.TrimSpace(text) == "":
		return errEmpty
	case long && v.flags.Lookup(name) != nil,
		isShort && len(short) == 1 && v.flags.ShorthandLookup(short) != nil:
		return fmt.Errorf("%s is a flag, and no value", text)
	}
	return v.Value.Set(text)
}

// strictList is the value of a flag with several values, which are trimmed.
type strictList struct {
	strictValue
	pflag.SliceValue
}

// Set refuses a list with an empty value in it.
func (v strictList) Set(text string) error {
	if v.Type() != flags.ListType {
		return v.strictValue.Set(text)
	}
	parts := strings.Split(text, ",")
	for i, part := range parts {
		if parts[i] = strings.TrimSpace(part); parts[i] == "" {
			return errEmpty
		}
	}
	return v.strictValue.Set(strings.Join(parts, ","))
}

// flagError returns in our words what pflag says of a flag.
func flagError(command *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	var unknown *pflag.NotExistError
	args := command.Flags().Args() // before the flag
	switch {
	case command.HasSubCommands() && len(args) > 0:
		return noCommand(command, args[0])
	case errors.As(err, &unknown):
		return noFlag(command, unknown)
	case errors.As(err, &missing):
		return fmt.Errorf("--%s has no value", missing.GetFlag().Name)
	case errors.As(err, &invalid) && errors.Is(err, errEmpty):
		return fmt.Errorf("--%s has an empty value: is a variable not set? Leave the flag out if "+
			"nothing is meant", invalid.GetFlag().Name)
	case errors.As(err, &invalid) && errors.As(invalid.Unwrap(), new(*ui.NoChoiceError)):
		return fmt.Errorf("--%s %w", invalid.GetFlag().Name, invalid.Unwrap())
	case errors.As(err, &invalid):
		return fmt.Errorf("--%s: %s", invalid.GetFlag().Name, invalidReason(invalid))
	}
	return err
}

// invalidReason returns what is wrong with a flag's value.
func invalidReason(err *pflag.InvalidValueError) string {
	kind := ""
	switch err.GetFlag().Value.Type() {
	case "bool":
		kind = "neither true nor false"
	case "int", "int64":
		kind = "not a whole number"
	case "duration":
		kind = "not a duration such as 90s or 15m"
	default:
		return err.Unwrap().Error()
	}
	return fmt.Sprintf("%q is %s", err.GetValue(), kind)
}

// noneEmpty refuses an empty argument before it looks at the others.
func noneEmpty(next cobra.PositionalArgs) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error {
		for i, arg := range args {
			if strings.TrimSpace(arg) == "" {
				return fmt.Errorf("argument %d is empty: is a variable not set? %s", i+1,
					command.UseLine())
			}
		}
		if next == nil {
			return nil
		}
		return next(command, args)
	}
}
