// SPDX-License-Identifier: Apache-2.0

package project

import (
	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// configCommand returns the group of commands about the project file.
func configCommand(u *ui.UI, r *reader) *cobra.Command {
	command := &cobra.Command{
		Use:   "config",
		Short: "Show what the project file sets, or print its JSON Schema",
		Example: `  pataudit config show
  pataudit config schema > pataudit.schema.json`,
	}
	command.AddCommand(configShow(u, r), configSchema(u))
	return command
}
