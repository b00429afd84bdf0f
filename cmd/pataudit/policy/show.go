// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

func policyShow(u *ui.UI) *cobra.Command {
	var f flags.Policy
	command := &cobra.Command{
		Use:   "show [FILE]",
		Short: "Print the effective policy, with every parameter",
		Args:  ui.NoMoreThan(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 && args[0] != builtIn {
				f.Path = args[0]
			}
			p, err := f.Load(u.Now())
			if err != nil {
				return ui.Usage(err)
			}
			text, err := policy.Format(p)
			if err != nil {
				return ui.Failed(err)
			}
			return u.Print(bytesWriter(text))
		},
	}
	command.Flags().StringArrayVar(&f.Set, "set", nil, "`rule.parameter=value`; repeatable")
	command.Flags().StringVar(&f.FailOn, "fail-on", "", "mildest `severity` that is a violation")
	return command
}
