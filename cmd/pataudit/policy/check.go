// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
)

func policyCheck(u *ui.UI) *cobra.Command {
	var f flags.Policy
	var evidence flags.Evidence
	var allowPublic bool
	command := &cobra.Command{
		Use:   "check FILE",
		Short: "Check a policy file, and print what it asks: the effective policy",
		Long: `Check tells all that is wrong with a policy file at once. With evidence it also says which
override, decision, allowed name or glob matches nothing there, which login beside an owner's id
has changed, and the ids of owners that are named by a login alone.

The effective policy follows, with every rule and parameter, and with each override whether it
replaces the policy or is judged beside it: what audit asks by the file, --set and --fail-on. What
is said of the file are comments, so that all that is printed is a policy file itself. "guide"
stands for the built-in policy.`,
		Example: `  pataudit policy check policy.yaml
  pataudit policy check policy.yaml --from evidence.json --decisions decisions.yaml
  pataudit policy check guide --set unused.days=30 > policy.yaml`,
		Args: ui.Exactly("FILE"),
		RunE: func(command *cobra.Command, args []string) error {
			if args[0] != builtIn {
				f.Path = args[0]
			}
			p, err := f.Load(u.Now())
			if err != nil {
				return offerIDs(command.Context(), u, &evidence, allowPublic, err)
			}
			for _, warning := range policy.Warnings(p) {
				u.Warnf("%s: %s", args[0], warning)
			}
			unmatched, err := unmatchedIn(command.Context(), u, p, &evidence, allowPublic)
			if err != nil {
				return err
			}
			text, err := policy.Format(p)
			if err != nil {
				return ui.Failed(err)
			}
			return u.Print(func(w io.Writer) error {
				for _, line := range checked(args[0], p, unmatched) {
					if _, err := fmt.Fprintln(w, "#", safe.Terminal(line)); err != nil {
						return err
					}
				}
				_, err := w.Write(text)
				return err
			})
		},
	}
	set := command.Flags()
	f.RegisterSet(set)
	set.StringVar(&f.FailOn, "fail-on", "", "mildest `severity` that is a violation")
	ui.Offer(set, "fail-on", audit.SeverityNames())
	set.StringVar(&f.Decisions, "decisions", "", "`file` with what people decided of tokens")
	evidence.Register(set)
	ui.RegisterAllowPublic(set, &allowPublic)
	return command
}

// unmatchedIn returns what a policy names that is not in the evidence of the flags, in lines; nil
// if they name none.
func unmatchedIn(
	ctx context.Context, u *ui.UI, p *audit.Policy, f *flags.Evidence, allowPublic bool,
) ([]string, error) {
	if f.From == "" && f.Organization == "" {
		return nil, nil
	}
	if err := ui.PlaceOf(allowPublic).Refuse("policy check with evidence"); err != nil {
		return nil, err
	}
	evidence, asOf, err := f.Collect(ctx, u, p.Needs(0))
	if err != nil {
		return nil, err
	}
	lines := policy.Unmatched(p, evidence, asOf)
	if len(lines) == 0 {
		lines = []string{"everything that it names is there, or may be"}
	}
	return lines, nil
}

// checked returns in lines how much a policy asks, and what of it matches nothing.
func checked(path string, p *audit.Policy, unmatched []string) []string {
	n := 0
	for _, rule := range p.Rules {
		if rule.Asked {
			n++
		}
	}
	lines := []string{fmt.Sprintf("%s: %s: %d of %d rules asked, %s, %s", path, p.Name, n,
		len(p.Rules), safe.Plural(len(p.Overrides), "override"), p.Digest)}
	for _, line := range unmatched {
		lines = append(lines, path+": "+line)
	}
	return lines
}
