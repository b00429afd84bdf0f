// SPDX-License-Identifier: Apache-2.0

package project

import (
	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

func configSchema(u *ui.UI) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of project files, for editors",
		Args:  ui.NoMoreThan(0),
		RunE: func(*cobra.Command, []string) error {
			text, err := policy.ProjectSchema(rules.All)
			if err != nil {
				return ui.Failed(err)
			}
			return u.Print(ui.Bytes(text))
		},
	}
}
