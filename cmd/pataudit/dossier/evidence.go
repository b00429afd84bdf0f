// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/view"
)

// evidenceFlags are which runs are put into which file.
type evidenceFlags struct {
	history  records.ReadFlags
	period   records.PeriodFlags
	expected string
	path     string
	sign     ui.SignFlag
}

// Command returns the command that writes the file for an auditor.
func Command(u *ui.UI) *cobra.Command {
	f := new(evidenceFlags)
	command := &cobra.Command{
		Use:   "evidence ORG --from DAY --to DAY -o FILE.zip",
		Short: "Everything about the runs of a period in one file, for an auditor",
		Long: `Evidence puts the runs of a period into one zip file: each one's report, evidence,
findings and decisions, the policies and what changed in them, tables of runs, decisions and
controls, sums to check them by, and STATEMENT.md, a page that says who was examined, when, by
what, against what, what was excepted, where there are gaps, and what is not covered. An earlier
run that one of them compares with is there, too. The same history and period give the same bytes;
a period that is not over ends now. With --sign, the statement has the command that checks the
signature.

It names people: keep it confidential. There is no --redact: evidence with pseudonyms has another
digest than the one that was judged, and cannot be judged again. Exit codes: 0 written, 4 written,
and the period has no complete run, as the statement says, 1 the organization is not in the
history, or the file could not be written, 2 usage.`,
		Example: `  pataudit history evidence acme --from 2026-01-01 --to 2027-01-01 -o evidence.zip
  pataudit history evidence acme --from 2026-10-01 --to 2027-01-01 --expected 1d -o q4.zip`,
		Args: ui.Exactly("ORG"),
		RunE: func(command *cobra.Command, args []string) error {
			return f.run(command.Context(), u, args[0])
		},
	}
	set := command.Flags()
	f.history.Register(set)
	f.history.RegisterHost(set)
	f.period.Register(set)
	set.StringVar(&f.expected, "expected", "7d", "how often a complete run is expected: longer "+
		"`intervals` are told as gaps")
	set.StringVarP(&f.path, "output", "o", "", "`file` to write: evidence.zip")
	f.sign.Register(set)
	return command
}

func (f *evidenceFlags) run(ctx context.Context, u *ui.UI, login string) error {
	d, err := newDossier(&f.period, f.expected, u.Now().UTC())
	if err != nil {
		return ui.Usage(err)
	}
	if !d.future.IsZero() {
		u.Notef("--to %s is in the future: the period ends now", view.DayOf(d.future))
	}
	if f.path == "" {
		return ui.Usagef("no file for the evidence: -o FILE.zip")
	}
	if u.Files.Signer, err = f.sign.Signer([]string{f.path}); err != nil {
		return ui.Usage(err)
	}
	if u.Files.Signer != nil {
		d.signed = f.path
	}
	if p := ui.PlaceOf(false); p.Public {
		p.Warn(u)
	}
	return f.history.With(ctx, u, func(store *history.Store) error {
		if err := d.choose(ctx, &f.history, store, login); err != nil {
			return err
		}
		for _, p := range d.missing {
			u.Warnf("%s", records.ProblemWords(p))
		}
		return d.save(ctx, u, store, f.path)
	})
}
