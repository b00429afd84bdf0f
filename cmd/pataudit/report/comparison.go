// SPDX-License-Identifier: Apache-2.0

package report

import (
	"context"
	"io"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/comparison"
	"github.com/complytime/pataudit/report/privacy"
	"github.com/complytime/pataudit/report/view"
)

// comparing is a comparison of two runs, as flags ask for it.
type comparing struct {
	sides
	flags.Output

	verbose bool
}

func (d *comparing) run(ctx context.Context, u *ui.UI, args []string, formatGiven bool) error {
	u.Quiet = d.Quiet
	p := ui.PlaceOf(d.AllowPublic)
	u.Public = p.Public
	format, err := comparison.Formats.Lookup(d.Format)
	if err != nil {
		return ui.Usagef("--format: %w", err)
	}
	targets, err := flags.ParseTargets(d.Outputs, comparison.Formats)
	if err != nil {
		return ui.Usage(err)
	}
	printing := formatGiven || !d.Quiet
	if p.Public {
		if printing && !format.Nameless {
			return p.Refuse("diff --format " + format.Name)
		}
		if len(targets) > 0 {
			p.Warn(u)
		}
	}
	u.Files.Reads(args...)
	if err := ui.CheckPaths(targets.Paths()); err != nil {
		return ui.Usage(err)
	}
	c, err := d.compare(ctx, u, args)
	if err != nil {
		return err
	}
	files := &u.Files
	defer files.Discard()
	if err := files.Open(targets.Paths()); err != nil {
		return ui.Failed(err)
	}
	for i, t := range targets {
		paper := *c
		paper.View.Color, paper.View.Width = d.Color == "always", 0
		write := func(w io.Writer) error { return t.Format.Write(w, &paper) }
		if err := files.Write(i, write); err != nil {
			return ui.Failed(err)
		}
	}
	if printing {
		if p.Public {
			c = c.WithoutNames()
		}
		if err := u.Print(func(w io.Writer) error { return format.Write(w, c) }); err != nil {
			return err
		}
	}
	if err := files.Commit(ctx); err != nil {
		return ui.Failed(err)
	}
	return nil
}

// compare reads both sides, and holds one against the other.
func (d *comparing) compare(
	ctx context.Context, u *ui.UI, args []string,
) (*comparison.Comparison, error) {
	var key []byte
	if d.Redact {
		var err error
		if key, err = flags.RedactKey(u); err != nil {
			return nil, ui.Usage(err)
		}
	}
	runs, err := d.sides.read(ctx, u, args)
	if err != nil {
		return nil, err
	}
	if a, b := runs[0].Organization, runs[1].Organization; !a.Same(b) {
		return nil, ui.Usagef("%s is about %s on %s, and %s about %s on %s: only runs of one "+
			"organization can be compared", args[0], a.Login, a.Host, args[1], b.Login, b.Host)
	}
	if d.Redact {
		redacted, err := privacy.Redact(&view.Document{
			Runs: runs, Pseudonymised: d.pseudonymised > 0,
		}, key)
		if err != nil {
			return nil, ui.Usagef("--redact: %w", err)
		}
		runs = redacted.Runs
		d.names = []string{"", ""} // of files: anybody's
	}
	return &comparison.Comparison{
		Old: runs[0], New: runs[1], OldName: d.names[0], NewName: d.names[1],
		Deltas: audit.Diff(runs[0], runs[1]),
		View:   view.View{Width: u.Width(), Color: u.Color(d.Color), Verbose: d.verbose},
	}, nil
}
