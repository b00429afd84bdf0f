// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report"
)

func versionCommand(u *ui.UI) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, and the date of the table of permissions",
		Args:  ui.NoMoreThan(0),
		RunE: func(*cobra.Command, []string) error {
			return ui.Printed(ui.WriteStdout(u.Out, func(w io.Writer) error {
				_, err := io.WriteString(w, versionText())
				return err
			}))
		},
	}
}

// versionText is what version and --version print.
func versionText() string {
	return fmt.Sprintf("pataudit %s\n%s %s/%s\npermissions known as of %s\n", toolVersion(),
		runtime.Version(), runtime.GOOS, runtime.GOARCH, audit.GitHubPermissions().AsOf)
}

// toolVersion is the release's version, or the module's, or "dev".
func toolVersion() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}

// thisTool names this program in a report.
func thisTool() report.Tool {
	return report.Tool{
		Name: "pataudit", Version: toolVersion(), Permissions: audit.GitHubPermissions().AsOf,
	}
}
