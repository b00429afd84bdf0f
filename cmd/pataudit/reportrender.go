// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/report"
)

// rendering writes a saved report in other formats.
type rendering struct {
	viewFlags
	path    string
	saved   *report.Saved // nil: it is read from the path
	number  int64         // of a run in the history; 0: a file's
	letters string        // folder; "" for none
	again   *again
}

func (r *rendering) run(ctx context.Context, ui *ui, formatGiven bool) error {
	ui.quiet = r.quiet
	d, err := r.destination(ui, formatGiven)
	if err != nil {
		return usage(err)
	}
	if ui.files.signer, err = r.sign.signer(d.paths()); err != nil {
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
	ui.files.reads(r.path)
	if err := checkPaths(append(d.paths(), letters.paths()...)); err != nil {
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
	saved, err := r.saved, error(nil)
	if saved == nil {
		saved, err = readReport(r.path, ui.in)
	}
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
	var known []string
	for _, run := range document.Runs {
		for i := range run.Rules {
			known = append(known, run.Rules[i].Rule.ID)
		}
	}
	view, err := r.view(ui, false, known)
	if err != nil {
		return nil, err
	}
	if view, err = document.Narrow(view); err != nil {
		return nil, fmt.Errorf("%s: %w", r.path, err)
	}
	document.View = view
	numbers := map[*audit.Run]int64{}
	if r.number != 0 {
		numbers[document.Runs[0]] = r.number
	}
	document.View.Hints = r.again.hints(document, numbers)
	if document.Tool.Name == "" {
		document.Tool = thisTool()
	}
	if unknown := saved.UnknownRules(rules.All); len(unknown) > 0 {
		ui.notef("this version does not know these rules, and has no page for them: %s",
			strings.Join(unknown, ", "))
	}
	return document, nil
}
