// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/audit/snapshot"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
)

// Collect returns the command that saves evidence.
func Collect(u *ui.UI) *cobra.Command {
	c := new(collecting)
	command := &cobra.Command{
		Use:   "collect ORG -o FILE",
		Short: "Save the evidence as a snapshot; judge nothing",
		Long: `Collect reads everything that the policy's rules need and saves it. The snapshot can be
judged later, as often as needed and without GitHub: pataudit audit --from FILE. Exit codes:
0 complete, 1 could not do the job, 2 usage, 4 saved, but incomplete. With --repositories failing
or none, rules that need repositories cannot be judged from the snapshot.`,
		Example: `  pataudit collect complytime -o evidence.json
  pataudit audit --from evidence.json`,
		Args: ui.Exactly("ORG"),
		RunE: func(command *cobra.Command, args []string) error {
			if err := flags.CheckLogin(args[0]); err != nil {
				return ui.Usage(err)
			}
			if c.path == "" {
				return ui.Usage(errors.New("no file for the snapshot: -o FILE"))
			}
			if err := flags.SnapshotPath(c.path); err != nil {
				return ui.Usage(err)
			}
			var err error
			if u.Files.Signer, err = c.sign.Signer([]string{c.path}); err != nil {
				return ui.Usage(err)
			}
			u.Quiet = c.source.Quiet
			if c.registry, err = flags.LoadRegistry(c.registered); err != nil {
				return ui.Usage(err)
			}
			c.source.Contacts = c.registry.Contacts()
			client, err := c.source.Client(u)
			if err != nil {
				return ui.Usage(err)
			}
			return c.run(command.Context(), u, client.Organization(args[0]))
		},
	}
	set := command.Flags()
	set.StringVarP(&c.path, "output", "o", "", "`file` to save the snapshot to")
	c.sign.Register(set)
	set.BoolVar(&c.source.Quiet, "quiet", false, "print errors only")
	c.source.Register(set)
	c.repositories.Register(set)
	c.extras.Register(set)
	flags.RegisterRegistry(set, &c.registered)
	return command
}

// collecting is the job of the command.
type collecting struct {
	source       flags.Source
	repositories flags.Reach
	extras       flags.Enterprise
	path         string
	registered   string // the file of the registry
	registry     *audit.Registry
	sign         ui.SignFlag
}

// run collects and saves.
func (c *collecting) run(ctx context.Context, u *ui.UI, organization audit.Source) error {
	files := &u.Files
	defer files.Discard()
	if err := files.Open([]string{c.path}); err != nil {
		return ui.Failed(err)
	}
	p, err := policy.Guide(rules.All)
	if err != nil {
		return ui.Failed(err)
	}
	p.Registry = c.registry
	options := audit.Options{Skip: c.repositories.Skip()}
	evidence, err := organization.Collect(ctx, p.Needs(options.Skip)|c.extras.Facts())
	if err != nil {
		return ui.Failed(err)
	}
	c.extras.Warn(u, evidence)
	if err := c.repositories.Learn(ctx, organization, evidence, p, options); err != nil {
		return ui.Failed(err)
	}
	if err := files.Write(0, func(w io.Writer) error {
		evidence.Digest, err = snapshot.Save(w, evidence)
		return err
	}); err != nil {
		return ui.Failed(err)
	}
	if err := files.Commit(ctx); err != nil {
		return ui.Failed(err)
	}
	return noteCollected(u, audit.Evaluate(evidence, p, options), c.path)
}

// noteCollected prints what was saved. Whether it is enough is the run's to say; what the rules
// find is not told here.
func noteCollected(u *ui.UI, run *audit.Run, path string) error {
	u.Notef("%s: %s of %s, %s", path, safe.Plural(run.Summary.Tokens, "token"),
		run.Organization.Login, run.Digest)
	if run.Complete {
		return nil
	}
	for _, reason := range run.Incomplete.Texts() {
		u.Warnf("incomplete: %s", reason)
	}
	return ui.Exit(ui.ExitIncomplete)
}
