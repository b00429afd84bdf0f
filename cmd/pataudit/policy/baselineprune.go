// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

func baselinePrune(u *ui.UI) *cobra.Command {
	f := flags.Evidence{More: audit.FactSelection | audit.FactRepositories}
	var judged flags.Policy
	command := &cobra.Command{
		Use:   "prune FILE",
		Short: "Drop the debt that is paid; it cannot come back unseen",
		Args:  ui.Exactly("FILE"),
		RunE: func(command *cobra.Command, args []string) error {
			judged.Baseline = args[0]
			text, err := flags.ReadText(args[0], "the baseline")
			if err != nil {
				return ui.Usage(err)
			}
			p, err := judged.Load(u.Now())
			if err != nil {
				return ui.Usage(err)
			}
			run, err := f.Run(command.Context(), u, p)
			if err != nil {
				return err
			}
			if err := flags.CheckBaseline(args[0], p.Baseline, run.Organization); err != nil {
				return ui.Usage(err)
			}
			pruned := policy.Prune(p.Baseline, run)
			if err := writeBaseline(command.Context(), u, args[0], text, pruned.Kept, p); err != nil {
				return err
			}
			waived := ""
			if n := run.Debt.Waived; n > 0 {
				waived = fmt.Sprintf(" (%d of them waived by a decision)", n)
			}
			u.Notef("%s: %d dropped%s, %d left%s", args[0], len(pruned.Dropped), waived,
				len(pruned.Kept.Debts), unjudged(pruned.Unjudged, run))
			return nil
		},
	}
	set := command.Flags()
	judged.Register(set)
	f.RegisterHistory(set)
	f.Register(set)
	f.Extras.Register(set)
	return command
}

// unjudged returns how many debts a run could not tell of, and which of their rules it did not ask
// for want of a flag.
func unjudged(debts []audit.Debt, run *audit.Run) string {
	if len(debts) == 0 {
		return ""
	}
	var wants []string
	for i := range run.Rules {
		rule := &run.Rules[i]
		if rule.Asked || !slices.ContainsFunc(debts, func(d audit.Debt) bool {
			return d.Rule == rule.Rule.ID
		}) {
			continue
		}
		switch needs := rule.Rule.Needs; {
		case needs.Has(audit.FactHistory):
			wants = append(wants, rule.Rule.ID+" needs --history")
		case needs.Has(audit.FactApproval):
			wants = append(wants, rule.Rule.ID+" needs --audit-log")
		default:
			wants = append(wants, rule.Rule.ID+" is not asked")
		}
	}
	text := fmt.Sprintf(", %d of them not judged", len(debts))
	if len(wants) > 0 {
		text += " (" + strings.Join(wants, ", ") + ")"
	}
	return text
}
