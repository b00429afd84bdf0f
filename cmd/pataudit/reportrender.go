// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/report"
)

// rendering writes a saved report in other formats.
type rendering struct {
	viewFlags
	path    string
	letters string // folder; "" for none
}

func (r *rendering) run(ctx context.Context, ui *ui, formatGiven bool) error {
	ui.quiet = r.quiet
	d, err := r.destination(ui, formatGiven)
	if err != nil {
		return usage(err)
	}
	document, err := r.document(ui)
	if err != nil {
		return usage(err)
	}
	letters, err := r.folder(ui, document)
	if err != nil {
		return usage(err)
	}
	if err := checkPaths(append(d.paths(), letters.paths()...), r.path); err != nil {
		return usage(err)
	}
	defer ui.files.discard()
	if err := ui.files.open(d.paths()); err != nil {
		return failed(err)
	}
	if err := letters.write(ctx, &ui.files); err != nil {
		return failed(err)
	}
	if err := d.write(ctx, ui, document); err != nil {
		return failed(err)
	}
	letters.tell(ui)
	return nil
}

// document reads the report, as it is to be shown.
func (r *rendering) document(ui *ui) (*report.Document, error) {
	saved, err := readReport(r.path, ui.in)
	if err != nil {
		return nil, err
	}
	document, err := saved.Document(rules.All)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; this is not a JSON report as pataudit wrote it", r.path, err)
	}
	if document.Pseudonymised && r.redact {
		return nil, fmt.Errorf("%s is pseudonymised already", r.path)
	}
	view, err := r.view(ui, false, func(id string) bool {
		return slices.ContainsFunc(document.Runs, func(run *audit.Run) bool {
			return slices.ContainsFunc(run.Rules, func(c audit.RuleCount) bool {
				return c.Rule.ID == id
			})
		})
	})
	if err != nil {
		return nil, err
	}
	if view, err = document.Narrow(view); err != nil {
		return nil, fmt.Errorf("%s: %w", r.path, err)
	}
	view.Command = "pataudit report " + r.path
	document.View = view
	if document.Tool.Name == "" {
		document.Tool = thisTool()
	}
	if unknown := saved.UnknownRules(rules.All); len(unknown) > 0 {
		ui.notef("this version does not know these rules, and has no page for them: %s",
			strings.Join(unknown, ", "))
	}
	return document, nil
}

// folder is where letters go. The zero value writes none.
type folder struct {
	path    string
	letters []*report.Letter
	unowned int
}

// folder prepares the letters, if they are asked for.
func (r *rendering) folder(ui *ui, document *report.Document) (*folder, error) {
	if r.letters == "" {
		return &folder{}, nil
	}
	if r.redact {
		return nil, errors.New("--owners writes to people, and --redact leaves them out")
	}
	if info, err := os.Stat(r.letters); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("--owners %s is not a folder", r.letters)
	}
	letters, unowned, err := report.Letters(document)
	if err != nil {
		return nil, fmt.Errorf("--owners: %w", err)
	}
	if p := placeOf(r.allowPublic, os.Getenv); p.public && len(r.outputs) == 0 {
		p.warn(ui) // else it was said of those
	}
	return &folder{r.letters, letters, unowned}, nil
}

// paths are those of the letters, and of their index at the end.
func (f *folder) paths() (paths []string) {
	if f.path == "" {
		return nil
	}
	for _, l := range f.letters {
		paths = append(paths, filepath.Join(f.path, l.File()))
	}
	return append(paths, filepath.Join(f.path, report.LettersIndex))
}

// write writes the letters beside their places, one after another: there may be more of them than
// a program may hold open.
func (f *folder) write(ctx context.Context, files *outputs) error {
	if f.path == "" {
		return nil
	}
	if err := os.Mkdir(f.path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("making the folder for the letters: %w", err)
	}
	for i, path := range f.paths() {
		if err := ctx.Err(); err != nil {
			return err
		}
		write := func(w io.Writer) error { return report.WriteLettersIndex(w, f.letters) }
		if i < len(f.letters) {
			write = f.letters[i].Write
		}
		if err := files.add(path, write); err != nil {
			return err
		}
	}
	return nil
}

// tell says what was written.
func (f *folder) tell(ui *ui) {
	if f.path == "" {
		return
	}
	ui.notef("%s: %d letters, and %s, which says whose they are", f.path, len(f.letters),
		report.LettersIndex)
	if f.unowned > 0 {
		ui.warnf("%d tokens need something to be done, and have no owner that is known", f.unowned)
	}
}
