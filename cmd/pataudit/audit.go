// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report"
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

func auditCommand(u *ui.UI) *cobra.Command {
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
	set.SortFlags = false
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

// job is one audit, ready to run: everything that the user can get wrong has been checked.
type job struct {
	subjects  []subject      // in the order of the report; one, unless several
	several   bool           // a report with a part for each, however many there are
	installed *github.Client // whose App's installations are the subjects; nil: they are named
	fromFile  bool
	snapshot  string // that is judged; "" if the evidence is not of one

	policy       *audit.Policy
	baseline     string // the file that the policy's is from
	repositories flags.Reach
	extras       flags.Enterprise
	shard        shard
	keeper       records.Keeper
	asOf         time.Time
	view         report.View
	again        *flags.Invocation
	flags.Destination

	exitZero, allowIncomplete bool
}

// job makes the job of the flags, with its source.
func (f *auditFlags) job(u *ui.UI, command *cobra.Command, args []string) (*job, error) {
	j, err := f.prepare(u, command.Flags().Changed("format"))
	if err != nil {
		return nil, err
	}
	j.again = f.again(u, command, args)
	return j, f.choose(u, args, j)
}

// again tells hints how the audit was typed. Evidence that was saved need not be asked for again.
func (f *auditFlags) again(u *ui.UI, command *cobra.Command, args []string) *flags.Invocation {
	a := flags.Invoked(u, command)
	a.Command = append([]string{"audit"}, args...)
	switch {
	case f.snapshot != "":
		a.FromFile(f.snapshot)
		a.Command = append([]string{"audit"}, a.Evidence...)
	case f.from == "-":
		a.Command = nil
	case f.from != "":
		a.FromFile(f.from)
		a.Command = append(a.Command, a.Evidence...)
		if len(args) > 0 {
			a.Evidence = append(a.Evidence, "--organization", args[0])
		}
	default:
		a.Live = true
	}
	return a
}

// prepare makes the job of the flags, but for its source.
func (f *auditFlags) prepare(u *ui.UI, formatGiven bool) (*job, error) {
	u.Quiet = f.Quiet
	j := &job{
		exitZero: f.exitZero, allowIncomplete: f.allowIncomplete, repositories: f.repositories,
		extras: f.extras, again: new(flags.Invocation),
	}
	if err := cmp.Or(f.repositories.Check(), f.shard.parse()); err != nil {
		return nil, err
	}
	j.shard = f.shard
	var err error
	if j.Destination, err = f.Destination(u, formatGiven); err != nil {
		return nil, err
	}
	if err := f.addSnapshot(&j.Destination); err != nil {
		return nil, err
	}
	if u.Files.Signer, err = f.Sign.Signer(j.Paths()); err != nil {
		return nil, err
	}
	if j.policy, err = f.judged.Load(u.Now()); err != nil {
		return nil, err
	}
	j.policy.AllowEmpty, j.baseline = f.allowEmpty, f.judged.Baseline
	j.policy.HistoryRequired = f.remembered.Required
	if j.keeper, err = f.keeper(u, j.policy); err != nil {
		return nil, err
	}
	j.policy.Skip = f.repositories.Skip()
	if j.asOf, err = ui.ParseTime(f.asOf); err != nil {
		return nil, fmt.Errorf("--as-of: %w", err)
	}
	if err := j.keeper.Judges(j.policy, j.extras.Facts(), j.asOf); err != nil {
		return nil, err
	}
	j.view, err = f.Shown(u, f.source.Verbose, flags.RuleIDs(j.policy))
	return j, err
}

// keeper gives what remembers the run.
func (f *auditFlags) keeper(u *ui.UI, p *audit.Policy) (records.Keeper, error) {
	at, err := f.remembered.Location(u)
	if err == nil && p.FailOnOverdue && (at == nil || len(p.SLA) == 0) {
		err = errors.New("--fail-on-overdue needs a history that tells since when a finding stands, " +
			"and sla in the policy: sla: {critical: 7d, high: 30d, medium: 90d}")
	}
	if err == nil && f.remembered.Batch != "" && (f.from != "" || f.snapshot != "") {
		err = errors.New("--batch is for organizations that are asked: what another worker has done " +
			"leaves nothing for --from and --snapshot")
	}
	if err != nil {
		return records.Keeper{}, err
	}
	endpoint, err := f.source.Endpoint()
	if err != nil {
		return records.Keeper{}, err
	}
	return records.Keeper{At: at, Batch: f.remembered.Batch, Host: endpoint.Host, Tool: u.Tool}, nil
}

// addSnapshot saves the evidence, too, if that is asked for.
func (f *auditFlags) addSnapshot(d *flags.Destination) error {
	if f.snapshot != "" {
		if f.Redact {
			return errors.New("--snapshot holds names, and --redact leaves them out: save the evidence " +
				"by itself, with pataudit collect")
		}
		if err := flags.SnapshotPath(f.snapshot); err != nil {
			return fmt.Errorf("--snapshot: %w", err)
		}
		d.Targets = append(d.Targets, flags.Target{Path: f.snapshot})
	}
	return ui.CheckPaths(d.Paths())
}
