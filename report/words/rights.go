// SPDX-License-Identifier: Apache-2.0

package words

import (
	"cmp"
	"slices"

	"github.com/complytime/pataudit/audit"
)

// CompareRights puts the worse of two rights of one level first.
func CompareRights(a, b audit.Permission) int {
	return cmp.Or(cmp.Compare(Gravity(a.Name), Gravity(b.Name)), cmp.Compare(a.Name, b.Name))
}

// Gravity returns how grave it is to write a permission of a repository: the gravest is the least.
func Gravity(name string) int {
	if name == "administration" {
		return -2
	}
	return slices.Index(mild, name) // -1: any other
}

// mild are the permissions whose write access changes no code, no setting and no secret, the
// strongest first. Every other one, and so one that is new to us, stands before them.
var mild = []string{
	"contents", "pull_requests", "deployments", "statuses", "pages", "merge_queues", "codespaces",
	"security_events", "vulnerability_alerts", "secret_scanning_alerts", "actions_variables",
	"attestations", "issues", "discussions", "projects", "repository_projects",
	"artifact_metadata", "metadata",
}
