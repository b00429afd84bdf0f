// SPDX-License-Identifier: Apache-2.0

// Package render writes a saved report in other formats, as the commands report and history show
// do.
package render

import (
	"context"
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/annotations"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/view"
)

// Rendering writes a saved report in other formats.
type Rendering struct {
	flags.View
	Path       string
	Saved      *json.Saved // nil: it is read from the path
	Number     int64       // of a run in the history; 0: a file's
	Letters    string      // folder; "" for none
	Prefill    bool        // of letters: links to GitHub's form with the settings filled in
	Invocation *flags.Invocation

	Annotations bool // print workflow commands, in place of a report
}

// Run writes what the flags ask for: the report, letters to owners, or annotations.
func (r *Rendering) Run(ctx context.Context, u *ui.UI, formatGiven bool) error {
	u.Quiet = r.Quiet
	shown := r.View
	shown.Quiet = r.Quiet || r.Letters != "" // who writes letters gets a line about them
	if r.Annotations {
		if formatGiven {
			return ui.Usagef("--annotations prints workflow commands, in place of a --format")
		}
		shown.Instead = &annotations.Format
	}
	d, err := shown.Destination(u, formatGiven)
	if err != nil {
		return ui.Usage(err)
	}
	if u.Files.Signer, err = r.Sign.Signer(d.Paths()); err != nil {
		return ui.Usage(err)
	}
	document, err := r.document(u)
	if err != nil {
		return ui.Usage(err)
	}
	if r.Prefill && r.Letters == "" {
		return ui.Usagef("--prefill is for the letters of --owners FOLDER")
	}
	letters, err := r.folder(u, document)
	if err != nil {
		return ui.Usage(err)
	}
	u.Files.Reads(r.Path)
	if err := ui.CheckPaths(append(d.Paths(), letters.paths()...)); err != nil {
		return ui.Usage(err)
	}
	defer u.Files.Discard()
	if err := u.Files.Open(d.Paths()); err != nil {
		return ui.Failed(err)
	}
	if err := letters.write(ctx, &u.Files); err != nil {
		return ui.Failed(err)
	}
	if err := d.Write(ctx, u, document); err != nil {
		return ui.Failed(err)
	}
	letters.note(u)
	return nil
}

// document reads the report, as it is to be shown.
func (r *Rendering) document(u *ui.UI) (*view.Document, error) {
	saved, err := r.Saved, error(nil)
	if saved == nil {
		saved, err = flags.ReadReport(r.Path, u.In)
	}
	if err != nil {
		return nil, err
	}
	document, err := saved.Take(rules.All)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; this is not a JSON report as pataudit wrote it", r.Path, err)
	}
	if document.Pseudonymised && r.Redact {
		return nil, fmt.Errorf("%s is pseudonymised already: nothing is left for %s", r.Path,
			u.Setting("redact"))
	}
	var known []string
	for _, run := range document.Runs {
		for i := range run.Rules {
			known = append(known, run.Rules[i].Rule.ID)
		}
	}
	view, err := r.Shown(u, false, known)
	if err != nil {
		return nil, err
	}
	if view, err = document.Narrow(view); err != nil {
		return nil, fmt.Errorf("%s: %w", r.Path, err)
	}
	document.View = view
	numbers := map[*audit.Run]int64{}
	if r.Number != 0 {
		numbers[document.Runs[0]] = r.Number
	}
	document.View.Hints = r.Invocation.Hints(document, numbers)
	document.View.Deciding = r.Invocation.Deciding(document)
	if document.Tool.Name == "" {
		document.Tool = u.Tool
	}
	if unknown := saved.UnknownRules(rules.All); len(unknown) > 0 {
		u.Notef("this version does not know these rules, and has no page for them: %s",
			strings.Join(unknown, ", "))
	}
	return document, nil
}
