// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

func policyInit(u *ui.UI) *cobra.Command {
	return &cobra.Command{
		Use:   "init",
		Short: "Print a commented starting file: all rules with their defaults",
		Args:  ui.NoMoreThan(0),
		RunE: func(*cobra.Command, []string) error {
			return u.Print(ui.Bytes(policy.Template(rules.All)))
		},
	}
}
