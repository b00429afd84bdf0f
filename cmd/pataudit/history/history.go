// SPDX-License-Identifier: Apache-2.0

// Package history has the commands on stored runs.
package history

import (
	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/cmd/pataudit/dossier"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// Command returns the group of commands on stored runs.
func Command(u *ui.UI) *cobra.Command {
	command := &cobra.Command{
		Use:   "history",
		Short: "List, show, add and prune stored runs; trends, evidence, a dead man's switch",
		Long: `History works on the runs that audit --history remembered: in an SQLite file, or in
PostgreSQL. It is named by --history, else by ` + records.Variable +
			`, else it is pataudit.db. None
of these commands makes one.`,
		Example: `  pataudit audit complytime --history pataudit.db
  pataudit history list complytime
  pataudit history show latest -o audit.html
  pataudit history trend complytime --from 2026-01-01
  pataudit history check --max-age 8d
  pataudit history evidence acme --from 2026-01-01 --to 2027-01-01 -o evidence.zip
  pataudit history add audit.json evidence.json`,
	}
	command.AddCommand(
		historyList(u), historyShow(u), historyTrend(u), historyCheck(u), dossier.Command(u),
		historyAdd(u), historyPrune(u), historyForget(u),
	)
	return command
}
