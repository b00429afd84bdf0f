// SPDX-License-Identifier: Apache-2.0

// Package project sets what the project file has, where neither a flag nor the environment sets
// it; and it has the commands about that file: init and config.
package project

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// reader reads the project file once for the command that runs.
type reader struct {
	u     *ui.UI
	named string // by --config; "" if a file may be found
	none  bool   // --no-config

	looked bool
	file   *policy.Project // nil: none
	err    error
}

// Register sets what the project file has for every command below a root.
func Register(u *ui.UI, root *cobra.Command) {
	r := &reader{u: u}
	set := root.PersistentFlags()
	set.StringVar(&r.named, "config", "", "project `file` (default: pataudit.yaml or "+
		".github/pataudit.yaml, if there is one and no CI)")
	set.BoolVar(&r.none, "no-config", false, "read no project file")
	root.AddCommand(configCommand(u, r))
	for _, command := range root.Commands() {
		if !without[command.Name()] {
			r.serve(command)
		}
	}
	root.AddCommand(initCommand(u))
}

// without are the commands that no project file steers.
var without = map[string]bool{
	"config": true, "completion": true, "demo": true, "help": true, "man": true,
	"version": true,
}

// serve puts the file's settings in front of a command, and of all below it.
func (r *reader) serve(command *cobra.Command) {
	for _, child := range command.Commands() {
		r.serve(child)
	}
	if command.RunE == nil {
		return
	}
	if complete := command.ValidArgsFunction; complete != nil {
		command.ValidArgsFunction = func(command *cobra.Command, args []string, typed string) (
			[]cobra.Completion, cobra.ShellCompDirective,
		) {
			_ = r.apply(command, args) // what is wrong is said when the command runs
			return complete(command, args, typed)
		}
	}
	check, run := command.Args, command.RunE
	command.Args = func(command *cobra.Command, args []string) error {
		args, err := r.arguments(command, args)
		if err != nil || check == nil {
			return err
		}
		return check(command, args)
	}
	command.RunE = func(command *cobra.Command, args []string) error {
		args, err := r.arguments(command, args)
		if err == nil {
			err = r.apply(command, args)
		}
		if err != nil {
			return ui.Usage(err)
		}
		return run(command, args)
	}
}

// project returns the file's settings; nil if there is no file.
func (r *reader) project() (*policy.Project, error) {
	if !r.looked {
		r.looked = true
		if r.file, r.err = read(r.u, r.named, r.none); r.file != nil {
			r.u.Files.Reads(r.file.Name)
			r.u.Tool.ProjectFile = filepath.Base(r.file.Name)
			r.u.Tool.ProjectDigest = r.file.Digest
		}
	}
	return r.file, r.err
}

// organizationCommands are those whose arguments are organizations, with how many they take at
// most; 0 is any number.
var organizationCommands = map[string]int{
	"audit": 0, "collect": 1, "doctor": 1, "setup": 1,
	"history check": 0, "history trend": 1, "history evidence": 1,
}

// fileCommands are those whose one argument is a file that the project names by a key.
var fileCommands = map[string]string{
	"baseline prune": "baseline", "policy check": "policy", "policy test": "policy",
}

// nameOf returns the name of a command without the program's: "history check".
func nameOf(command *cobra.Command) string {
	_, name, _ := strings.Cut(command.CommandPath(), " ")
	return name
}

// arguments returns those of a command, or the project's if there is none.
func (r *reader) arguments(command *cobra.Command, args []string) ([]string, error) {
	p, err := r.project()
	if p == nil || err != nil || len(args) > 0 {
		return args, err
	}
	name := nameOf(command)
	if key, takes := fileCommands[name]; takes {
		setting, err := p.Of(key, r.meant(command, nil))
		if err != nil || setting.Values == nil {
			return args, err
		}
		return []string{valueIn(p, setting.Key, setting.Values[0])}, nil
	}
	most, takes := organizationCommands[name]
	if !takes || name == "audit" && (given(command, "from") || given(command, "all-installations")) {
		return args, nil // other evidence is meant
	}
	for _, o := range p.Organizations {
		args = append(args, o.Login)
	}
	if most > 0 && len(args) > most {
		return nil, fmt.Errorf("%s names %d organizations, and %s is about one: name it: %s",
			p.Name, len(args), name, command.UseLine())
	}
	return args, nil
}

// meant returns the organizations that a command is about; none if it names none.
func (r *reader) meant(command *cobra.Command, args []string) []string {
	if _, takes := organizationCommands[nameOf(command)]; takes && len(args) > 0 {
		return args
	}
	if nameOf(command) == "decide" && len(args) == 2 && args[1] == audit.Attest {
		return args[:1]
	}
	if f := command.Flags().Lookup("organization"); f != nil && f.Changed {
		return []string{f.Value.String()}
	}
	return nil
}

// given reports whether a command has a flag, and it was given.
func given(command *cobra.Command, name string) bool {
	f := command.Flags().Lookup(name)
	return f != nil && f.Changed
}
