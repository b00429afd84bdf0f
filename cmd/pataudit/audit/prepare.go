// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/view"
)

// job is one audit, ready to run: everything that the user can get wrong has been checked.
type job struct {
	subjects  []subject      // in the order of the report; one, unless several
	several   bool           // a report with a part for each, however many there are
	installed *github.Client // whose App's installations are the subjects; nil: they are named
	fromFile  bool
	snapshot  string // that is judged; "" if the evidence is not of one

	policy       *audit.Policy
	builtIn      bool          // the policy is the token guide, for no file is named
	options      audit.Options // as the flags say
	baseline     string        // the file that the policy's is from
	repositories flags.Reach
	extras       flags.Enterprise
	shard        shard
	keeper       records.Keeper
	view         view.View
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
	j.again = f.invocation(u, command, args)
	if err := f.choose(u, args, j); err != nil {
		return nil, err
	}
	return j, f.remember(u, j)
}

// invocation returns how the audit was typed, for hints. Evidence that was saved need not be asked
// for again.
func (f *auditFlags) invocation(
	u *ui.UI, command *cobra.Command, args []string,
) *flags.Invocation {
	a := flags.Invoked(u, command)
	a.Command = append([]string{"audit"}, args...)
	switch {
	case f.snapshot != "":
		a.FromFile(f.snapshot)
		if u.Tool.ProjectFile == "" || len(args) != 1 {
			args = nil
		}
		a.Command = append(append([]string{"audit"}, args...), a.Evidence...)
		if len(args) > 0 { // for which the project file may say something else
			a.Evidence = append(a.Evidence, "--organization", args[0])
		}
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

// prepare makes the job of the flags, but for its source and its history.
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
	if err := f.addSnapshot(u, &j.Destination); err != nil {
		return nil, err
	}
	if u.Files.Signer, err = f.Sign.Signer(j.Paths()); err != nil {
		return nil, err
	}
	if j.policy, err = f.judged.Load(u.Now()); err != nil {
		return nil, err
	}
	f.source.Contacts = j.policy.Contacts()
	j.options, j.baseline = f.judged.Options(), f.judged.Baseline
	j.builtIn = f.judged.Path == ""
	j.options.AllowEmpty, j.options.HistoryRequired = f.allowEmpty, f.remembered.Required
	j.options.Skip = f.repositories.Skip()
	if j.options.AsOf, err = ui.ParseTime(f.asOf); err != nil {
		return nil, fmt.Errorf("--as-of: %w", err)
	}
	j.view, err = f.Shown(u, f.source.Verbose, flags.RuleIDs(j.policy))
	return j, err
}

// remember puts into the job what remembers its runs, and what they are judged by.
func (f *auditFlags) remember(u *ui.UI, j *job) error {
	at, err := f.remembered.Location(u)
	p := j.policy
	if err == nil && j.options.FailOnOverdue && (at == nil || len(p.SLA) == 0) {
		err = errors.New("--fail-on-overdue needs a history that tells since when a finding stands, " +
			"and sla in the policy: sla: {critical: 7d, high: 30d, medium: 90d}")
	}
	if err == nil && f.remembered.Batch != "" && (f.from != "" || f.snapshot != "") {
		err = errors.New("--batch is for organizations that are asked: what another worker has done " +
			"leaves nothing for --from and --snapshot")
	}
	if err != nil {
		return err
	}
	endpoint, err := f.source.Endpoint()
	if err != nil {
		return err
	}
	j.keeper = records.Keeper{
		At: at, Batch: f.remembered.Batch, Host: endpoint.Host, Tool: u.Tool,
	}
	return j.keeper.Judges(p, j.options, j.extras.Facts())
}

// addSnapshot saves the evidence, too, if that is asked for.
func (f *auditFlags) addSnapshot(u *ui.UI, d *flags.Destination) error {
	if f.snapshot != "" {
		if f.Redact {
			return fmt.Errorf("%s holds names, and %s leaves them out: save the evidence by itself, "+
				"with pataudit collect", u.Setting("snapshot"), u.Setting("redact"))
		}
		if err := flags.SnapshotPath(f.snapshot); err != nil {
			return fmt.Errorf("--snapshot: %w", err)
		}
		d.Targets = append(d.Targets, flags.Target{Path: f.snapshot})
	}
	return ui.CheckPaths(d.Paths())
}
