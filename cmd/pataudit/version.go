// SPDX-License-Identifier: Apache-2.0

package main

import (
	"runtime/debug"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// version is set by the linker at release.
var version string

// toolVersion returns the release's version, or the module's, or "dev".
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

// thisTool returns the name of this program in a report.
func thisTool() view.Tool {
	return view.Tool{
		Name: "pataudit", Version: toolVersion(), Permissions: audit.GitHubPermissions().AsOf,
	}
}
