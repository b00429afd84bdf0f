// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report"
)

// comparing tells what changed between two runs.
type comparing struct {
	sides

	format      string
	outputs     []string
	color       string
	redact      bool
	allowPublic bool
	quiet       bool
	verbose     bool
}

func diffCommand(u *ui.UI) *cobra.Command {
	d := &comparing{}
	command := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "What changed between two reports, snapshots or stored runs, worst first",
		Long: `Diff tells what changed of an organization's tokens: new and gone ones, rights that were
gained or lost, renewals, owners in another role, findings that were opened, closed or waived.
What is worse comes first, a row for each token; of the rest it lists the names.

OLD and NEW are each a JSON report of pataudit audit, a snapshot, or a run of the history:
run:12, run:latest, or run:previous, the one before the latest. - is standard input, for one of
the two. A report is taken as it was judged. A snapshot is judged as of its own date, by the
policy that --policy, --set, --decisions and --baseline name, or by the built-in guide.

Nothing is called new, gone or closed because a run did not see it, and rules that only one of
the two asked are not compared. A JSON report knows repositories by their names alone: one that
was renamed reads as one lost and one gained. Snapshots and stored runs know their ids.

Exit codes: 0 done, whatever changed, 1 it could not be read from the history or written, 2 usage,
or a file that cannot be compared.`,
		Example: `  pataudit diff run:previous run:latest
  pataudit diff last-week.json today.json
  pataudit diff run:12 audit.json -o diff.md --quiet
  pataudit diff old-evidence.json evidence.json --policy policy.yaml --format json`,
		Args: ui.Exactly("OLD", "NEW"),
		RunE: func(command *cobra.Command, args []string) error {
			d.judges = judges(command)
			return d.run(command.Context(), u, args, command.Flags().Changed("format"))
		},
	}
	set := command.Flags()
	set.SortFlags = false
	set.StringVar(&d.format, "format", report.ComparisonFormats[0].Name, "for standard output: "+
		"table, json or markdown (at most 60 KiB, for an issue)")
	set.StringArrayVarP(&d.outputs, "output", "o", nil,
		"write it to `[format=]path`; repeatable")
	set.StringVar(&d.organization, "organization", "",
		"`login`, where a report or the history has several")
	d.store.Register(set)
	d.store.RegisterHost(set)
	d.judged.Register(set)
	set.StringVar(&d.judged.Baseline, "baseline", "", "`file` with findings that are known debt")
	set.BoolVar(&d.redact, "redact", false, "pseudonyms for people, tokens, ids and repositories "+
		"that are not public,\nmade with the key in PATAUDIT_REDACT_KEY")
	ui.RegisterAllowPublic(set, &d.allowPublic)
	set.StringVar(&d.color, "color", "auto", "auto, always or never; NO_COLOR is honoured")
	set.BoolVar(&d.verbose, "verbose", false, "show a row for every token that is worse, and "+
		"every name")
	set.BoolVar(&d.quiet, "quiet", false,
		"print errors only, and no table unless --format is given")
	return command
}

// judges gives the flags that are given and are for judging.
func judges(command *cobra.Command) (given []string) {
	for _, flag := range []string{"policy", "decisions", "fail-on", "set", "baseline"} {
		if command.Flags().Changed(flag) {
			given = append(given, "--"+flag)
		}
	}
	return given
}

func (d *comparing) run(ctx context.Context, u *ui.UI, args []string, formatGiven bool) error {
	u.Quiet = d.quiet
	p := ui.PlaceOf(d.allowPublic, os.Getenv)
	u.Public = p.Public
	format, err := report.LookupComparison(d.format)
	if err != nil {
		return ui.Usagef("--format: %w", err)
	}
	paths, formats, err := d.targets()
	if err != nil {
		return ui.Usage(err)
	}
	printing := formatGiven || !d.quiet
	if p.Public {
		if printing && format.Public == nil {
			return ui.Usage(p.Refuse("diff --format " + format.Name))
		}
		format.Write = format.Public
		if len(paths) > 0 {
			p.Warn(u)
		}
	}
	u.Files.Reads(args...)
	if err := ui.CheckPaths(paths); err != nil {
		return ui.Usage(err)
	}
	c, err := d.compare(ctx, u, args)
	if err != nil {
		return err
	}
	files := &u.Files
	defer files.Discard()
	if err := files.Open(paths); err != nil {
		return ui.Failed(err)
	}
	for i := range paths {
		paper := *c
		paper.View.Color, paper.View.Width = d.color == "always", 0
		if err := files.Write(i, func(w io.Writer) error {
			return formats[i].Write(w, &paper)
		}); err != nil {
			return ui.Failed(err)
		}
	}
	if printing {
		err := ui.WriteStdout(u.Out, func(w io.Writer) error { return format.Write(w, c) })
		if err != nil {
			return ui.Printed(err)
		}
	}
	if err := files.Commit(ctx); err != nil {
		return ui.Failed(err)
	}
	return nil
}

// targets reads the values of --output.
func (d *comparing) targets() (paths []string, formats []report.ComparisonFormat, err error) {
	for _, value := range d.outputs {
		format, path, err := comparisonTarget(value)
		if err != nil {
			return nil, nil, fmt.Errorf("--output: %w", err)
		}
		paths, formats = append(paths, path), append(formats, format)
	}
	return paths, formats, nil
}

func comparisonTarget(value string) (report.ComparisonFormat, string, error) {
	if name, path, ok := strings.Cut(value, "="); ok && path != "" {
		format, err := report.LookupComparison(name)
		if err == nil || !strings.ContainsAny(name, "./\\") {
			return format, path, err
		}
	}
	format, err := report.ComparisonFormatFor(value)
	return format, value, err
}

// compare reads both sides, and holds one against the other.
func (d *comparing) compare(
	ctx context.Context, u *ui.UI, args []string,
) (*report.Comparison, error) {
	color, err := u.Color(d.color)
	if err != nil {
		return nil, err
	}
	var key []byte
	if d.redact {
		if key, err = flags.RedactKey(); err != nil {
			return nil, ui.Usage(err)
		}
	}
	runs, err := d.sides.read(ctx, u, args)
	if err != nil {
		return nil, err
	}
	if a, b := runs[0].Organization, runs[1].Organization; !sameOrganization(a, b) {
		return nil, ui.Usagef("%s is about %s on %s, and %s about %s on %s: only runs of one "+
			"organization can be compared", args[0], a.Login, a.Host, args[1], b.Login, b.Host)
	}
	if d.redact {
		redacted, err := report.Redact(&report.Document{
			Runs: runs, Pseudonymised: d.pseudonymised > 0,
		}, key)
		if err != nil {
			return nil, ui.Usagef("--redact: %w", err)
		}
		runs = redacted.Runs
		d.names = []string{"", ""} // of files: anybody's
	}
	return &report.Comparison{
		Old: runs[0], New: runs[1], OldName: d.names[0], NewName: d.names[1],
		Deltas: audit.Diff(runs[0], runs[1]),
		View:   report.View{Width: u.Width(), Color: color, Verbose: d.verbose},
	}, nil
}

// sameOrganization tells by id, for an organization may change its name; by name where an id is
// not known.
func sameOrganization(a, b *audit.Organization) bool {
	if a.Host != b.Host {
		return false
	}
	if a.ID != 0 && b.ID != 0 {
		return a.ID == b.ID
	}
	return strings.EqualFold(a.Login, b.Login)
}
