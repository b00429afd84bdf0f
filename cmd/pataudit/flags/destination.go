// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report"
	"github.com/complytime/pataudit/report/html"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/oscal"
	"github.com/complytime/pataudit/report/privacy"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/xlsx"
)

// Destination is where a document goes.
type Destination struct {
	Targets[*view.Document] // files; a snapshot has no format
	stdout                  *view.Format
	redactKey               []byte // nil: nothing is pseudonymised
	colored                 bool   // the files, too
}

// Destination returns that of the flags, and guards a public place.
func (f *View) Destination(u *ui.UI, formatGiven bool) (d Destination, err error) {
	format, err := report.Formats.Lookup(f.Format)
	if err != nil {
		return d, fmt.Errorf("--format: %w", err)
	}
	if f.Instead != nil {
		format = *f.Instead
	}
	if formatGiven || f.Instead != nil || !f.Quiet {
		d.stdout = &format
	}
	if format.Binary && ui.IsTerminal(u.Out) {
		return d, fmt.Errorf("--format %s is not for a terminal: use -o FILE", format.Name)
	}
	d.colored = f.Color == "always"
	if d.Targets, err = ParseTargets(f.Outputs, report.Formats); err != nil {
		return d, err
	}
	if f.systemPlan != "" && !d.writes(oscal.Format) {
		return d, fmt.Errorf("--ssp is for OSCAL: add -o FILE%s, or --format oscal",
			oscal.Format.Ext[0])
	}
	if f.Redact {
		if d.redactKey, err = RedactKey(u); err != nil {
			return d, err
		}
	}
	return d, d.guard(u, ui.PlaceOf(f.AllowPublic))
}

// writes reports whether something is written in a format.
func (d *Destination) writes(format view.Format) bool {
	return d.stdout != nil && d.stdout.Name == format.Name ||
		slices.ContainsFunc(d.Targets, func(t Target[*view.Document]) bool {
			return t.Format.Name == format.Name
		})
}

// guard keeps names from standard output and the job's summary. Files are the workflow's own to
// keep: a note says so.
func (d *Destination) guard(u *ui.UI, p ui.Place) error {
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
	for i, t := range d.Targets {
		if p.Summary == "" || !ui.OneFile(t.Path, p.Summary) {
			files = true
			continue
		}
		var err error
		if d.Targets[i].Format, err = p.Nameless(t.Format, "the job's summary"); err != nil {
			return err
		}
	}
	if files {
		p.Warn(u)
	}
	return nil
}

// RedactKey returns the key that makes pseudonyms.
func RedactKey(u *ui.UI) ([]byte, error) {
	key := []byte(os.Getenv("PATAUDIT_REDACT_KEY"))
	if n := len(bytes.TrimSpace(key)); n < privacy.LeastKey {
		return nil, fmt.Errorf("%s needs a secret key of at least %d bytes in "+
			"PATAUDIT_REDACT_KEY, which has %d: keep it, for the same key makes the same pseudonyms",
			u.Setting("redact"), privacy.LeastKey, n)
	}
	return key, nil
}

// Write writes the document to the first of the opened files and to standard output, and puts all
// files in their places.
func (d *Destination) Write(ctx context.Context, u *ui.UI, document *view.Document) error {
	d.WarnUnmatched(u, document)
	if err := d.Fill(document, u.Files.Write); err != nil {
		return err
	}
	if ctx.Err() == nil {
		if err := d.Print(u, document); err != nil {
			return err
		}
	}
	return u.Files.Commit(ctx)
}

// Fill writes the document to the files, by a function that writes the one of a number.
func (d *Destination) Fill(
	document *view.Document, write func(i int, write func(io.Writer) error) error,
) error {
	color := document.View.Color
	document, err := d.redacted(document)
	if err != nil {
		return err
	}
	paper := *document // a file is read in other places
	paper.View.Width = 0
	paper.View.Color, paper.View.Hints = color && d.colored, new(Invocation).Hints(document, nil)
	paper.View.Deciding = map[*audit.Run]*view.Deciding{}
	for run, deciding := range document.View.Deciding {
		paper.View.Deciding[run] = deciding.Elsewhere()
	}
	for i := range d.Targets {
		f := &d.Targets[i].Format
		if f.Write == nil {
			continue // the snapshot: kept already
		}
		if err := write(i, func(w io.Writer) error { return f.Write(w, &paper) }); err != nil {
			return err
		}
	}
	return nil
}

// Print writes the document to standard output.
func (d *Destination) Print(u *ui.UI, document *view.Document) error {
	if d.stdout == nil {
		return nil
	}
	u.Clear()
	color := document.View.Color
	document, err := d.redacted(document)
	if err != nil {
		return err
	}
	screen := *document
	screen.View.Links = color && u.Links()
	screen.View.Hints = d.pruneHints(document.View.Hints)
	return u.Print(func(w io.Writer) error { return d.stdout.Write(w, &screen) })
}

// redacted returns the document with pseudonyms, if that is asked for.
func (d *Destination) redacted(document *view.Document) (*view.Document, error) {
	if d.redactKey == nil {
		return document, nil
	}
	document, err := privacy.Redact(document, d.redactKey)
	if err != nil {
		return nil, fmt.Errorf("--redact: %w", err)
	}
	return document, nil
}

// Verifiable returns the path of a JSON report that can be verified with its snapshot, and of the
// snapshot, among the files; "" if there is none.
func (d *Destination) Verifiable() (saved, evidence string) {
	for _, t := range d.Targets {
		switch {
		case t.Format.Write == nil:
			evidence = t.Path
		case t.Format.Name == json.Format.Name && d.redactKey == nil:
			saved = t.Path
		}
	}
	return saved, evidence
}

// WarnUnmatched prints what a filter asks for in vain: it may be misspelt. Where everybody reads
// the log, nobody is told who has no token.
func (d *Destination) WarnUnmatched(u *ui.UI, document *view.Document) {
	if u.Public {
		return
	}
	for _, name := range document.View.Filter.Unmatched(document.Runs) {
		u.Warnf("no token matches --%s", name)
	}
}

// pruneHints takes out of the hints what is written already.
func (d *Destination) pruneHints(
	hints map[*audit.Run][]view.Hint,
) map[*audit.Run][]view.Hint {
	if !slices.ContainsFunc(d.Targets, func(t Target[*view.Document]) bool {
		return t.Format.Name == xlsx.Format.Name || t.Format.Name == html.Format.Name
	}) {
		return hints
	}
	left := maps.Clone(hints)
	for run, list := range left {
		left[run] = slices.DeleteFunc(slices.Clone(list), func(h view.Hint) bool {
			return h.For == fileForPeople
		})
	}
	return left
}
