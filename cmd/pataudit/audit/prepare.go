// SPDX-License-Identifier: Apache-2.0

package audit

import (
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
	*auditFlags
	subjects  []subject      // in the order of the report; one, unless several
	several   bool           // a report with a part for each, however many there are
	installed *github.Client // whose App's installations are the subjects; nil: they are named
	evidence  string         // the snapshot that is judged; "" if the evidence is not of one

	policy  *audit.Policy
	options audit.Options // as the flags say
	keeper  records.Keeper
	view    view.View
	again   *flags.Invocation
	flags.Destination
}

// job makes the job of the flags, with its source.
func (f *auditFlags) job(u *ui.UI, command *cobra.Command, args []string) (*job, error) {
	j, err := f.prepare(u, command.Flags().Changed("format"))
	if err != nil {
		return nil, err
	}
	j.again = f.invocation(u, command, args)
	if err := j.choose(u, args); err != nil {
		return nil, err
	}
	return j, j.remember(u)
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
	j := &job{auditFlags: f, again: new(flags.Invocation)}
	if err := f.shard.parse(); err != nil {
		return nil, err
	}
	var err error
	if j.Destination, err = f.Destination(u, formatGiven); err != nil {
		return nil, err
	}
	if err := j.addSnapshot(u); err != nil {
		return nil, err
	}
	if u.Files.Signer, err = f.Sign.Signer(j.Paths()); err != nil {
		return nil, err
	}
	if j.policy, err = f.judged.Load(u.Now()); err != nil {
		return nil, err
	}
	f.source.Contacts = j.policy.Contacts()
	j.options = f.judged.Options()
	j.options.AllowEmpty, j.options.HistoryRequired = f.allowEmpty, f.remembered.Required
	j.options.Skip = f.repositories.Skip()
	if j.options.AsOf, err = ui.ParseTime(f.asOf); err != nil {
		return nil, fmt.Errorf("--as-of: %w", err)
	}
	j.view, err = f.Shown(u, f.source.Verbose, flags.RuleIDs(j.policy))
	return j, err
}

// remember puts into the job what remembers its runs, and what they are judged by.
func (j *job) remember(u *ui.UI) error {
	at, err := j.remembered.Location(u)
	if err == nil && j.options.FailOnOverdue && (at == nil || len(j.policy.SLA) == 0) {
		err = errors.New("--fail-on-overdue needs a history that tells since when a finding stands, " +
			"and sla in the policy: sla: {critical: 7d, high: 30d, medium: 90d}")
	}
	if err == nil && j.remembered.Batch != "" && (j.from != "" || j.snapshot != "") {
		err = errors.New("--batch is for organizations that are asked: what another worker has done " +
			"leaves nothing for --from and --snapshot")
	}
	if err != nil {
		return err
	}
	endpoint, err := j.source.Endpoint()
	if err != nil {
		return err
	}
	j.keeper = records.Keeper{
		At: at, Batch: j.remembered.Batch, Host: endpoint.Host, Tool: u.Tool,
	}
	return j.keeper.Judges(j.policy, j.options, j.extras.Facts())
}

// addSnapshot saves the evidence, too, if that is asked for.
func (j *job) addSnapshot(u *ui.UI) error {
	if j.snapshot != "" {
		if j.Redact {
			return fmt.Errorf("%s holds names, and %s leaves them out: save the evidence by itself, "+
				"with pataudit collect", u.Setting("snapshot"), u.Setting("redact"))
		}
		if err := flags.SnapshotPath(j.snapshot); err != nil {
			return fmt.Errorf("--snapshot: %w", err)
		}
		j.Targets = append(j.Targets, flags.Target[*view.Document]{Path: j.snapshot})
	}
	return ui.CheckPaths(j.Paths())
}
