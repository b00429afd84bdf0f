// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/comparison"
	"github.com/complytime/pataudit/report/view"
)

func policyCompare(u *ui.UI) *cobra.Command {
	var f flags.Evidence
	var format string
	var allowPublic bool
	command := &cobra.Command{
		Use:   "compare OLD NEW --from FILE",
		Short: "List the tokens whose findings change from one policy to another",
		Long: `Compare judges the same evidence by two policies. It first says whether the newer one is
stricter or milder for these tokens, or both, and in how many findings; then, as pataudit diff
does, the verdicts and the tokens whose findings change, the worst first. "guide" stands for the
built-in policy.`,
		Example: `  pataudit policy compare guide policy.yaml --from evidence.json`,
		Args:    ui.Exactly("OLD", "NEW"),
		RunE: func(command *cobra.Command, args []string) error {
			writer, err := comparison.Formats.Lookup(format)
			if err != nil {
				return ui.Usagef("--format: %w", err)
			}
			if err := ui.PlaceOf(allowPublic).Refuse("policy compare"); err != nil {
				return err
			}
			c, err := comparePolicies(command.Context(), u, &f, args)
			if err != nil {
				return err
			}
			return u.Print(func(w io.Writer) error { return writer.Write(w, c) })
		},
	}
	set := command.Flags()
	set.StringVar(&format, "format", comparison.Formats[0].Name, "table, json or markdown")
	ui.Offer(set, "format", comparison.Formats.Names())
	f.Register(set)
	ui.RegisterAllowPublic(set, &allowPublic)
	return command
}

// comparePolicies judges the same evidence by two policies.
func comparePolicies(
	ctx context.Context, u *ui.UI, f *flags.Evidence, paths []string,
) (*comparison.Comparison, error) {
	var policies [2]*audit.Policy
	for i, path := range paths {
		if path == builtIn {
			path = ""
		}
		p, err := flags.LoadPolicy(path)
		if err != nil {
			return nil, ui.Usage(err)
		}
		policies[i] = p
	}
	evidence, asOf, err := f.Collect(ctx, u, policies[0].Needs(0)|policies[1].Needs(0))
	if err != nil {
		return nil, err
	}
	before := audit.Evaluate(evidence, policies[0], audit.Options{AsOf: asOf})
	after := audit.Evaluate(evidence, policies[1], audit.Options{AsOf: asOf})
	return &comparison.Comparison{
		Old: before, New: after, OldName: paths[0], NewName: paths[1], Policies: true,
		Deltas: audit.DiffPolicies(before, after),
		View:   view.View{Width: u.Width(), Verbose: true},
	}, nil
}
