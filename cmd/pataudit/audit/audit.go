// SPDX-License-Identifier: Apache-2.0

// Package audit has the commands that ask GitHub: audit, collect, and demo, which asks a GitHub of
// our own.
package audit

import (
	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// auditFlags are the flags of the main job.
type auditFlags struct {
	source           flags.Source
	judged           flags.Policy
	repositories     flags.Reach
	extras           flags.Enterprise
	allInstallations bool
	shard            shard
	remembered       records.SaveFlags
	from             string
	asOf             string
	snapshot         string
	flags.View

	exitZero, allowIncomplete, allowEmpty bool
}

// Command returns the main job.
func Command(u *ui.UI) *cobra.Command {
	f := new(auditFlags)
	command := &cobra.Command{
		Use:   "audit [ORG...]",
		Short: "Collect, judge, report: the main job",
		Long: `Audit lists the approved fine-grained tokens of an organization, judges them by the token
guide, and prints a table. Exit codes: 0 clean, 1 could not do the job, or not save the run,
2 usage, 3 violations, 4 incomplete evidence, 5 both.

Several organizations are audited at once, by the same policy, into one report with a part for
each. One that cannot be audited leaves the others whole, and makes the whole incomplete.

With --history every run is remembered, and the report tells what changed since the last complete
one: new and gone tokens, wider permissions, findings opened and fixed, and what is overdue.

Credentials are a GitHub App's: PATAUDIT_APP_ID and PATAUDIT_APP_KEY_FILE (or PATAUDIT_APP_KEY),
or an installation token of it in PATAUDIT_TOKEN or GITHUB_TOKEN.`,
		Example: `  pataudit audit complytime
  pataudit audit complytime -o audit.xlsx -o audit.json --snapshot evidence.json
  pataudit audit --from evidence.json --only all
  pataudit audit complytime --history pataudit.db -o audit.html
  pataudit audit --all-installations -o audit.xlsx
  gh api --paginate /orgs/complytime/personal-access-tokens | pataudit audit complytime --from -`,
		RunE: func(command *cobra.Command, args []string) error {
			job, err := f.job(u, command, args)
			if err != nil {
				return ui.Usage(err)
			}
			return job.run(command.Context(), u)
		},
	}
	set := command.Flags()
	f.source.Register(set)
	set.BoolVar(&f.allInstallations, "all-installations", false,
		"audit every organization in which the App is installed")
	set.StringVar(&f.shard.text, "shard", "", "audit only part `I/N` of the organizations: 0/4 to "+
		"3/4, or 1/4 to 4/4")
	f.remembered.Register(set)
	f.repositories.Register(set)
	f.extras.Register(set)
	set.StringVar(&f.from, "from", "", "judge a snapshot, or a bare list of grants, from `file`; "+
		"- is standard input")
	f.judged.Register(set)
	f.judged.RegisterVerdict(set)
	set.StringVar(&f.asOf, "as-of", "", "judge as of this `time`: 2026-11-22, or RFC 3339 "+
		"(default: GitHub's clock when the list was read)")
	f.RegisterOutput(set)
	set.StringVar(&f.snapshot, "snapshot", "", "save the evidence to `file`")
	f.RegisterView(set)
	set.BoolVar(&f.exitZero, "exit-zero", false, "exit 0 on violations, if nothing is missing")
	set.BoolVar(&f.allowIncomplete, "allow-incomplete", false, "exit as if the evidence were "+
		"complete; the reports still say that it is not")
	set.BoolVar(&f.allowEmpty, "allow-empty", false, "an organization without tokens is clean")
	return command
}
