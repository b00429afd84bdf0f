// SPDX-License-Identifier: Apache-2.0

package report

import (
	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/comparison"
)

// Diff returns the command that prints what changed between two runs.
func Diff(u *ui.UI) *cobra.Command {
	d, judging := &comparing{}, flags.Group()
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
			d.judges = flags.Given(judging)
			return d.run(command.Context(), u, args, command.Flags().Changed("format"))
		},
	}
	set := command.Flags()
	set.StringVar(&d.Format, "format", comparison.Formats[0].Name, "for standard output: "+
		"table, json or markdown (at most 60 KiB, for an issue)")
	ui.Offer(set, "format", comparison.Formats.Names())
	set.StringArrayVarP(&d.Outputs, "output", "o", nil,
		"write it to `[format=]path`; repeatable")
	set.StringVar(&d.organization, "organization", "",
		"`login`, where a report or the history has several")
	d.store.Register(set)
	d.store.RegisterHost(set)
	d.judged.Register(judging)
	judging.StringVar(&d.judged.Baseline, "baseline", "",
		"`file` with findings that are accepted debt")
	set.AddFlagSet(judging)
	d.RegisterNames(set)
	set.BoolVar(&d.verbose, "verbose", false, "show a row for every token that is worse, and "+
		"every name")
	set.BoolVar(&d.Quiet, "quiet", false,
		"print errors only, and no table unless --format is given")
	return command
}
