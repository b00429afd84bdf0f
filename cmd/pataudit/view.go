// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report"
)

// viewFlags say what is shown of a report, how, and where it goes. None of them changes a verdict.
type viewFlags struct {
	format   string
	outputs  []string
	only     string
	rules    []string
	severity string
	owners   []string
	repos    []string
	color    string
	quiet    bool
	sign     ui.SignFlag

	redact, allowPublic bool
}

func (f *viewFlags) registerOutput(flags *pflag.FlagSet) {
	flags.StringVar(&f.format, "format", report.Formats[0].Name, "for standard output: "+
		strings.Join(formatNames(), ", "))
	flags.StringArrayVarP(&f.outputs, "output", "o", nil,
		"write a report to `[format=]path`; repeatable")
	f.sign.Register(flags)
}

func (f *viewFlags) registerView(flags *pflag.FlagSet) {
	flags.StringVar(&f.only, "only", "", "rows to show: failing or all (default: as the format does)")
	flags.StringSliceVar(&f.rules, "rule", nil, "show findings of these `rules` only, "+
		"separated by commas")
	flags.StringVar(&f.severity, "severity", "", "show findings at or above this `severity` only")
	flags.StringSliceVar(&f.owners, "owner", nil, "show tokens of these `logins` only, likewise")
	flags.StringSliceVar(&f.repos, "repository", nil, "show tokens that reach these `names` "+
		"only, likewise")
	flags.BoolVar(&f.redact, "redact", false, "pseudonyms for people, tokens, ids and repositories "+
		"that are not public,\nmade with the key in PATAUDIT_REDACT_KEY")
	ui.RegisterAllowPublic(flags, &f.allowPublic)
	flags.StringVar(&f.color, "color", "auto", "auto, always or never; NO_COLOR is honoured")
	flags.BoolVar(&f.quiet, "quiet", false,
		"print errors only, and no report unless --format is given")
}

func formatNames() []string {
	names := make([]string, len(report.Formats))
	for i, format := range report.Formats {
		names[i] = format.Name
	}
	return names
}

// view gives the view of the flags, where there are these rules.
func (f *viewFlags) view(u *ui.UI, verbose bool, rules []string) (report.View, error) {
	view := report.View{
		Width: u.Width(), Verbose: verbose, Only: f.only,
		Filter: report.Filter{Rules: f.rules, Owners: f.owners, Repositories: f.repos},
	}
	var err error
	if view.Color, err = u.Color(f.color); err != nil {
		return view, err
	}
	if !slices.Contains([]string{"", report.OnlyFailing, report.OnlyAll}, f.only) {
		return view, fmt.Errorf("--only %q is neither failing nor all", f.only)
	}
	for _, id := range f.rules {
		if !slices.Contains(rules, id) {
			return view, fmt.Errorf("--rule: %w", noRule(id, rules))
		}
	}
	if f.severity != "" {
		if view.Filter.Severity, err = audit.ParseSeverity(f.severity); err != nil {
			return view, fmt.Errorf("--severity: %w", err)
		}
	}
	return view, nil
}

// destination is where a document goes.
type destination struct {
	targets   []target // files; a snapshot has no format
	stdout    *report.Format
	redactKey []byte // nil: nothing is pseudonymised
	colored   bool   // the files, too
}

// destination gives that of the flags, and guards a public place.
func (f *viewFlags) destination(u *ui.UI, formatGiven bool) (d destination, err error) {
	format, err := report.Lookup(f.format)
	if err != nil {
		return d, fmt.Errorf("--format: %w", err)
	}
	if formatGiven || !f.quiet {
		d.stdout = &format
	}
	if format.Binary && ui.IsTerminal(u.Out) {
		return d, fmt.Errorf("--format %s is not for a terminal: use -o FILE", format.Name)
	}
	d.colored = f.color == "always"
	for _, value := range f.outputs {
		t, err := parseTarget(value)
		if err != nil {
			return d, err
		}
		d.targets = append(d.targets, t)
	}
	if f.redact {
		if d.redactKey, err = redactKey(); err != nil {
			return d, err
		}
	}
	return d, d.guard(u, ui.PlaceOf(f.allowPublic, os.Getenv))
}

// redactKey gives the key that makes pseudonyms.
func redactKey() ([]byte, error) {
	key := []byte(os.Getenv("PATAUDIT_REDACT_KEY"))
	if n := len(bytes.TrimSpace(key)); n < report.LeastRedactKey {
		return nil, fmt.Errorf("--redact needs a secret key of at least %d bytes in "+
			"PATAUDIT_REDACT_KEY, which has %d: keep it, for the same key makes the same pseudonyms",
			report.LeastRedactKey, n)
	}
	return key, nil
}

// paths are those of the files.
func (d *destination) paths() []string {
	paths := make([]string, len(d.targets))
	for i, t := range d.targets {
		paths[i] = t.path
	}
	return paths
}

// write writes the document to the first of the opened files and to standard output, and puts all
// files in their places.
func (d *destination) write(ctx context.Context, u *ui.UI, document *report.Document) (err error) {
	u.Clear()
	view := document.View
	d.warnOfNothing(u, document)
	if d.redactKey != nil {
		if document, err = report.Redact(document, d.redactKey); err != nil {
			return fmt.Errorf("--redact: %w", err)
		}
	}
	paper, screen := *document, *document // a file is read in other places
	paper.View.Color, paper.View.Hints = view.Color && d.colored, new(again).hints(document, nil)
	screen.View.Links = view.Color && u.Links()
	screen.View.Hints = d.suggest(document.View.Hints)
	files := &u.Files
	for i, t := range d.targets {
		if t.format.Write == nil {
			continue // the snapshot: kept already
		}
		if err := files.Write(i, func(w io.Writer) error {
			return t.format.Write(w, &paper)
		}); err != nil {
			return err
		}
	}
	if d.stdout != nil && ctx.Err() == nil {
		if err := ui.WriteStdout(u.Out, func(w io.Writer) error {
			return d.stdout.Write(w, &screen)
		}); err != nil {
			return ui.StdoutError(err)
		}
	}
	return files.Commit(ctx)
}

// warnOfNothing says what a filter asks for in vain: it may be misspelt. Where everybody reads the
// log, nobody is told who has no token.
func (d *destination) warnOfNothing(u *ui.UI, document *report.Document) {
	if u.Public {
		return
	}
	for _, name := range document.View.Filter.Unmatched(document.Runs) {
		u.Warnf("no token matches --%s", name)
	}
}

// guard keeps names from standard output and the job's summary. Files are the workflow's own to
// keep: it is told so.
func (d *destination) guard(u *ui.UI, p ui.Place) error {
	u.Public = p.Public
	u.Nameless = p.Public || d.redactKey != nil
	if !p.Public {
		return nil
	}
	if d.stdout != nil {
		format, err := p.Nameless(*d.stdout, "standard output")
		if err != nil {
			return err
		}
		d.stdout = &format
	}
	files := false
	for i, t := range d.targets {
		if p.Summary == "" || !ui.OneFile(t.path, p.Summary) {
			files = true
			continue
		}
		var err error
		if d.targets[i].format, err = p.Nameless(t.format, "the job's summary"); err != nil {
			return err
		}
	}
	if files {
		p.Warn(u)
	}
	return nil
}
