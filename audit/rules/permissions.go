// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/complytime/pataudit/audit"

// knownLevel reports whether GitHub documents the level.
func knownLevel(level string) bool {
	switch level {
	case audit.LevelRead, audit.LevelWrite, audit.LevelAdmin:
		return true
	}
	return false
}

// knownGroup reports whether GitHub documents the group.
func knownGroup(group string) bool {
	switch group {
	case audit.GroupRepository, audit.GroupOrganization, audit.GroupOther:
		return true
	}
	return false
}
