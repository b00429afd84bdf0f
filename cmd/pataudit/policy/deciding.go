// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/view"
)

// again returns the command that judges the evidence of an organization by what was decided. It
// names the organization if a project file may say something else for another one, and if no file
// has the evidence.
func (f *decideFlags) again(u *ui.UI, command *cobra.Command, login string) view.Hint {
	i := flags.Invoked(u, command)
	i.Without("rule") // of an audit, it chooses rows
	words := []string{"audit"}
	switch {
	case f.evidence.Organization != "":
		words = append(words, f.evidence.Organization)
	case (u.Tool.ProjectFile != "" || f.evidence.From == "") && flags.LoginForm.MatchString(login):
		words = append(words, login)
	}
	if f.evidence.From != "" {
		i.FromFile(f.evidence.From)
		words = append(words, i.Evidence...)
	}
	return view.Hint{Words: i.Line(words)}
}

// filled refuses what stands in a line to paste where a person's own words belong.
func (f *decideFlags) filled() error {
	for _, said := range []struct{ flag, value, stands, want string }{
		{"by", f.by, view.Who, "your login"},
		{"reason", f.reason, view.Why, "why"},
		{"purpose", f.purpose, view.Purpose, "what the token is for"},
	} {
		if said.value == said.stands {
			return fmt.Errorf("--%s %s: write %s in its place", said.flag, said.stands, said.want)
		}
	}
	return nil
}

func (f *decideFlags) run(u *ui.UI, command *cobra.Command, args []string) error {
	ctx := command.Context()
	if f.path == "" {
		return ui.Usage(errors.New("no decisions file: --decisions FILE"))
	}
	if err := f.filled(); err != nil {
		return ui.Usage(err)
	}
	if f.workbookEvidence != "" && flags.KindOfFile(f.evidence.From) != flags.WorkbookFile {
		return ui.Usagef("--evidence is for the decisions of a workbook, --from audit.xlsx: leave it " +
			"out; a decision of one token takes its evidence by --from")
	}
	if len(args) == 2 && args[1] == audit.Attest {
		return f.attest(ctx, u, args[0])
	}
	rows, err := f.rows(args)
	if err != nil {
		return ui.Usage(err)
	}
	p, text, err := f.files(u.Now())
	if err != nil {
		return offerIDs(ctx, u, &f.evidence, false, err)
	}
	if ids := flags.RuleIDs(p); f.rule != "" && !slices.Contains(ids, f.rule) {
		return ui.Usagef("--rule: %w", flags.NoRule(f.rule, ids))
	}
	run, err := f.evidence.Run(ctx, u, p)
	if err != nil {
		return err
	}
	r := &recording{decideFlags: f, now: u.Now(), run: run, policy: p}
	for _, row := range rows {
		r.record(row)
	}
	if err := r.save(ctx, u, text); err != nil {
		return err
	}
	if len(r.added)+r.there > 0 {
		u.Notef("audit again: %s", f.again(u, command, run.Organization.Login))
	}
	return r.wrong()
}

// files reads the policy and the decisions file, which may not be there yet.
func (f *decideFlags) files(now time.Time) (p *audit.Policy, decisions []byte, err error) {
	if p, err = f.judged.Load(now); err != nil {
		return nil, nil, err
	}
	decisions, err = flags.ReadText(f.path, "decisions")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, ui.Usage(err)
	}
	if len(decisions) > 0 {
		if p.Decisions, err = policy.ParseDecisions(f.path, decisions, p); err != nil {
			return nil, nil, ui.Usage(err)
		}
	}
	return p, decisions, nil
}
