// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"cmp"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/records"
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

// Hints returns what to type next about each run of a document, and of nil about all of it.
// numbers are those of the runs in the history.
func (a *Invocation) Hints(
	d *view.Document, numbers map[*audit.Run]int64,
) map[*audit.Run][]view.Hint {
	hints := map[*audit.Run][]view.Hint{}
	if d.Pseudonymised {
		return hints
	}
	single := !d.Several && len(d.Runs) == 1 && len(d.Failed) == 0
	for _, run := range d.Runs {
		token, rule := d.Foremost(run)
		of := &hinted{Invocation: a, run: run, number: numbers[run]}
		if token != nil {
			of.add("Explain one token", of.show(token))
		}
		if known := slices.ContainsFunc(rules.All, func(r *audit.Rule) bool {
			return r.ID == rule
		}); known {
			of.add("Explain a rule", a.Line([]string{"rules", rule}, "policy", "set"))
		}
		if a.Root == nil {
			hints[run] = of.hints
			continue
		}
		if !run.Complete && LoginForm.MatchString(run.Organization.Login) {
			of.add("What the App must see", of.setup())
		}
		if single {
			of.whole(&d.View)
		}
		hints[run] = of.hints
	}
	if a.Command != nil && !single {
		hints[nil] = []view.Hint{{For: fileForPeople, Words: a.file()}}
	}
	return hints
}

// fileForPeople is what a hint is good for that makes a workbook.
const fileForPeople = "A file for people"

// hinted collects the hints about one run.
type hinted struct {
	*Invocation
	run    *audit.Run
	number int64 // in the history; 0: in none
	hints  []view.Hint
}

func (h *hinted) add(what string, words []string) {
	if words != nil {
		h.hints = append(h.hints, view.Hint{For: what, Words: words})
	}
}

// whole adds the hints that are about the one run of a report.
func (h *hinted) whole(v *view.View) {
	if h.Command != nil {
		h.add(fileForPeople, h.file(h.dated()...))
	}
	if h.run.Summary.Violating > 0 && h.run.Debt == nil && !h.ReadBack {
		h.add("Fail only on what is new",
			h.about([]string{"baseline", "create", "-o", "baseline.yaml"}))
	}
	if h.number != 0 && h.run.Since != nil && h.run.Since.Run != 0 {
		h.add("What changed", h.Line([]string{
			"diff", records.RunPrefix + strconv.FormatInt(h.run.Since.Run, 10),
			records.RunPrefix + strconv.FormatInt(h.number, 10),
		}, "history"))
	}
	if h.Command != nil && !h.ReadBack && v.Only != view.OnlyAll {
		all := *h.Invocation
		all.given = slices.Clone(h.given)
		all.Without("only")
		h.add("Every token", append(all.Line(h.Command), append(h.dated(), "--only", "all")...))
	}
}

// show returns the command that explains a token: as it is stored, else by the evidence.
func (h *hinted) show(token *audit.Token) []string {
	words := []string{"show", "token", token.Identity().String()}
	switch {
	case h.Root == nil:
		return h.Line(words)
	case h.number != 0:
		return h.Line(append(words, "--run", strconv.FormatInt(h.number, 10)), "history")
	}
	return h.about(words)
}

// about returns a command on what was judged; nil if it is gone, as standard input is.
func (h *hinted) about(words []string) []string {
	switch {
	case h.Live:
		words = append(words, "--organization", h.run.Organization.Login)
	case h.Evidence == nil:
		return nil
	}
	return append(h.Line(append(words, h.Evidence...)), h.dated()...)
}

// dated returns the instant at which evidence was judged that has none of its own.
func (h *hinted) dated() []string {
	if h.ReadBack || !h.run.CollectedAt.IsZero() || h.has("as-of") {
		return nil
	}
	return []string{"--as-of", h.run.AsOf.UTC().Format(time.RFC3339Nano)}
}

func (h *hinted) setup() []string {
	words := []string{"setup", h.run.Organization.Login}
	if h.has("audit-log", "classic") {
		words = append(words, "--enterprise")
	}
	return h.Line(words)
}

// file writes the report into a workbook.
func (a *Invocation) file(more ...string) []string {
	return append(append(a.Line(a.Command), more...), "-o", "audit.xlsx")
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
