// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/view"
)

// Invocation is how a report was come by, for hints: what they suggest is about the same evidence,
// and judged by the same files and flags. The zero value is of a report that is saved. It is read
// in other places by others, so that its hints name no file, no flag and no organization.
type Invocation struct {
	Program  string         // as it was invoked
	Root     *cobra.Command // whose commands say which flags they take
	given    []*pflag.Flag  // the flags, but for those that say how and where a report is shown
	decided  bool           // the project file names the decisions file, for decide, too
	Command  []string       // that makes the report again, without its flags; nil: nothing does
	Evidence []string       // the flags that name what was judged; nil: none do
	Live     bool           // it was asked of GitHub, which can be asked again
	ReadBack bool           // the report was judged before
	Run      int64          // of the history, that it is of; 0: not known
}

// Invoked returns how a command was typed.
func Invoked(u *ui.UI, command *cobra.Command) *Invocation {
	decisions := command.Flags().Lookup("decisions")
	return &Invocation{
		Program: u.Program, Root: command.Root(), given: repeated(command),
		decided: decisions != nil && !decisions.Changed && decisions.Value.String() != "",
	}
}

// shownBy are the flags that say how a report is shown, and where it goes.
var shownBy = []string{
	"format", "output", "sign", "snapshot", "owners", "quiet", "verbose", "color", "help",
}

// repeated returns the flags of a command that were given and are to be repeated.
func repeated(command *cobra.Command) (flags []*pflag.Flag) {
	command.Flags().Visit(func(f *pflag.Flag) {
		if !slices.Contains(shownBy, f.Name) {
			flags = append(flags, f)
		}
	})
	return flags
}

// Without takes flags out.
func (a *Invocation) Without(names ...string) {
	a.given = slices.DeleteFunc(a.given, func(f *pflag.Flag) bool {
		return slices.Contains(names, f.Name)
	})
}

// FromFile names the file that has the evidence: GitHub is not asked any more, but a list does not
// say of which one it is.
func (a *Invocation) FromFile(path string) {
	var source Source
	set := pflag.NewFlagSet("", pflag.ContinueOnError)
	source.Register(set)
	set.VisitAll(func(f *pflag.Flag) {
		if f.Name != "api-url" {
			a.Without(f.Name)
		}
	})
	a.Without("from")
	a.Evidence = []string{"--from", path}
}

// ourName is the program where nobody knows how it was called.
const ourName = "pataudit"

// ProgramName returns the name of this program as it is typed. What "go run" builds is gone
// afterwards.
func ProgramName(name string) string {
	if strings.Contains(filepath.ToSlash(name), "/go-build") {
		return ourName
	}
	return name
}

// Typed returns a command as it is typed in a shell, to call this program as it was called.
func Typed(u *ui.UI, words ...string) string {
	return view.Hint{Words: append([]string{cmp.Or(u.Program, ourName)}, words...)}.String()
}

// has reports whether one of the flags was given.
func (a *Invocation) has(names ...string) bool {
	return slices.ContainsFunc(a.given, func(f *pflag.Flag) bool {
		return slices.Contains(names, f.Name)
	})
}

// Line returns a command with those of the flags that it takes, too: of them, only those that are
// named if any are.
func (a *Invocation) Line(words []string, only ...string) []string {
	line := append([]string{cmp.Or(a.Program, ourName)}, words...)
	if a.Root == nil {
		return line
	}
	command, _, err := a.Root.Find(words)
	if err != nil {
		return nil
	}
	for _, f := range a.given {
		everywhere := command.Root().PersistentFlags().Lookup(f.Name) != nil // the project file's
		if !everywhere && (command.Flags().Lookup(f.Name) == nil ||
			len(only) > 0 && !slices.Contains(only, f.Name)) {
			continue
		}
		line = append(line, flagWords(f)...)
	}
	return line
}
