// SPDX-License-Identifier: Apache-2.0

package app

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/view"
)

// Version returns the command that prints the version.
func Version(u *ui.UI) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, and the date of the table of permissions",
		Args:  ui.NoMoreThan(0),
		RunE: func(*cobra.Command, []string) error {
			return u.Print(ui.Bytes([]byte(VersionText(u.Tool))))
		},
	}
}

// VersionText returns what version and --version print.
func VersionText(tool view.Tool) string {
	return fmt.Sprintf("pataudit %s\n%s %s/%s\npermissions known as of %s\n", tool.Version,
		runtime.Version(), runtime.GOOS, runtime.GOARCH, tool.Permissions)
}
