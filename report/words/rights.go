// SPDX-License-Identifier: Apache-2.0

package words

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// Rights returns what a token may do, a text per group and level, the strongest first.
func Rights(t *audit.Token) (texts []string) {
	if !t.Known.Has(audit.FactPermissions) {
		return []string{"its permissions are not known"}
	}
	sorted := slices.Clone(t.Permissions)
	slices.SortStableFunc(sorted, func(a, b audit.Permission) int {
		return cmp.Or(
			CompareGroups(a.Group, b.Group), cmp.Compare(Strength(a.Level), Strength(b.Level)),
			cmp.Compare(a.Level, b.Level), CompareRights(a, b),
		)
	})
	for i := 0; i < len(sorted); {
		first := sorted[i]
		var names []string
		for ; i < len(sorted) && sorted[i].Group == first.Group &&
			sorted[i].Level == first.Level; i++ {
			names = append(names, sorted[i].Name)
		}
		texts = append(texts, safe.Terminal(fmt.Sprintf("%s, %s: %s", first.Group, first.Level,
			strings.Join(names, ", "))))
	}
	if len(texts) == 0 {
		return []string{"no permission"}
	}
	return texts
}

// Strength orders the levels of a permission. One that is not known may be anything, so it is the
// strongest.
func Strength(level string) int {
	return slices.Index([]string{audit.LevelAdmin, audit.LevelWrite, audit.LevelRead}, level)
}

// CompareGroups puts permissions of repositories before those of the organization and of the
// account, and groups that are new to us last.
func CompareGroups(a, b string) int {
	known := []string{audit.GroupOther, audit.GroupOrganization, audit.GroupRepository}
	return cmp.Or(slices.Index(known, b)-slices.Index(known, a), strings.Compare(a, b))
}

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
