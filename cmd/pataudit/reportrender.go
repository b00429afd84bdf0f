// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
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

func (r *rendering) run(ctx context.Context, u *ui.UI, formatGiven bool) error {
	u.Quiet = r.quiet
	d, err := r.destination(u, formatGiven)
	if err != nil {
		return ui.Usage(err)
	}
	if u.Files.Signer, err = r.sign.Signer(d.paths()); err != nil {
		return ui.Usage(err)
	}
	document, err := r.document(u)
	if err != nil {
		return ui.Usage(err)
	}
	letters, err := r.folder(u, document)
	if err != nil {
		return ui.Usage(err)
	}
	u.Files.Reads(r.path)
	if err := ui.CheckPaths(append(d.paths(), letters.paths()...)); err != nil {
		return ui.Usage(err)
	}
	defer u.Files.Discard()
	if err := u.Files.Open(d.paths()); err != nil {
		return ui.Failed(err)
	}
	if err := letters.write(ctx, &u.Files); err != nil {
		return ui.Failed(err)
	}
	if err := d.write(ctx, u, document); err != nil {
		return ui.Failed(err)
	}
	letters.tell(u)
	return nil
}

// document reads the report, as it is to be shown.
func (r *rendering) document(u *ui.UI) (*report.Document, error) {
	saved, err := r.saved, error(nil)
	if saved == nil {
		saved, err = readReport(r.path, u.In)
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
	view, err := r.view(u, false, known)
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
		u.Notef("this version does not know these rules, and has no page for them: %s",
			strings.Join(unknown, ", "))
	}
	return document, nil
}
