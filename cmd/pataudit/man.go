// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// manCommand returns the command that writes the manual for the archives of a release. It is of no
// use to anybody who has one, so that help leaves it out.
func manCommand(u *ui.UI) *cobra.Command {
	return &cobra.Command{
		Use:     "man DIR DAY",
		Short:   "Write a page of the manual for each command into a folder, of the day of a release",
		Example: "  pataudit man man/man1 2026-11-30",
		Args:    ui.Exactly("DIR", "DAY"),
		Hidden:  true,
		RunE: func(command *cobra.Command, args []string) error {
			day, err := ui.ParseTime(args[1])
			if err != nil {
				return ui.Usage(err)
			}
			if err := os.MkdirAll(args[0], 0o755); err != nil { //nolint:gosec // it is published
				return ui.Failed(err)
			}
			for _, c := range everyCommand(command.Root()) {
				if c.HasParent() && !c.IsAvailableCommand() {
					continue
				}
				path := filepath.Join(args[0], manName(c)+".1")
				page := manPage(c, u.Tool.Version, day)
				if err := os.WriteFile(path, page, 0o644); err != nil { //nolint:gosec // likewise
					return ui.Failed(err)
				}
			}
			return nil
		},
	}
}
