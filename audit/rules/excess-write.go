// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
)

var excessWrite = &audit.Rule{
	ID:       "excess-write",
	Title:    "Write access beyond the guide's common permissions",
	Doc:      page("excess-write"),
	Remedy:   "Set the permission to read-only or to no access, or allow it in the policy.",
	ToOwner:  "Set the permission to read-only, or leave it out.",
	Severity: audit.High,
	Guide:    "7",
	References: []audit.Reference{
		nist(implements, "AC-6"), nist(supports, "CM-5"), owasp("NHI5"), iso("A.5.15"),
		soc2("CC6.3"),
	},
	Needs:   audit.FactPermissions,
	LooksAt: []*audit.Rule{toxicPermissions},
	New:     func() audit.Checker { return &excessWriteChecker{Allow: commonWrites()} },
}

// commonWrites returns the guide's common permissions that write.
func commonWrites() []string { return []string{"contents", "pull_requests"} }

type excessWriteChecker struct {
	// Allow lists the permissions that may be held at write, no stronger: "name" of a repository
	// permission, or "group:name".
	Allow []string `yaml:"allow"`
}

// CheckNames refuses what names no permission that can be written.
func (c *excessWriteChecker) CheckNames(
	known *audit.PermissionTable, refuse func(value string, err error),
) {
	for _, allowed := range c.Allow {
		group, name := allowedName(allowed)
		err := known.CheckWritable(group, name)
		if strings.ContainsAny(name, ":*") {
			err = fmt.Errorf("%q: write name, or group:name without a level", allowed)
		}
		if err != nil {
			refuse(allowed, fmt.Errorf("allow: %w", err))
		}
	}
}

// Unmatched returns which allowed names, beside the guide's, no token holds at write.
func (c *excessWriteChecker) Unmatched(e *audit.Evidence) (lines []string) {
	for _, allowed := range c.Allow {
		group, name := allowedName(allowed)
		if !slices.Contains(commonWrites(), allowed) && !anyActive(e, func(t *audit.Token) bool {
			return !t.Known.Has(audit.FactPermissions) || slices.Contains(t.Permissions,
				audit.Permission{Group: group, Name: name, Level: audit.LevelWrite})
		}) {
			lines = append(lines, "allow: no active token holds "+allowed+" at write")
		}
	}
	return lines
}

// allowedName splits an entry of allow, which is of repositories if it names no group.
func allowedName(allowed string) (group, name string) {
	group, name, found := strings.Cut(allowed, ":")
	if !found {
		return audit.GroupRepository, allowed
	}
	return group, name
}

func (c *excessWriteChecker) Check(s *audit.Subject) audit.Verdict {
	if !s.Known().Has(audit.FactPermissions) {
		return undecided("")
	}
	var worst audit.Severity
	var names, basis []string
	covered := false
	for _, p := range s.Held() {
		class := s.Permissions().WriteClass(p)
		switch {
		case !p.Writes() || c.allows(p):
		case foundBy(s.Failed(toxicPermissions.ID), p) && s.LeavesTo(toxicPermissions.ID, class):
			covered = true
		default:
			worst = max(worst, class)
			names, basis = append(names, nameAndLevel(p)), append(basis, p.String())
		}
	}
	switch {
	case len(basis) > 0:
		return failAt(worst, "may change more than code: "+firstThree(names), basis...)
	case covered:
		return notApplicable("toxic-permissions says it")
	}
	return nothingFound(s)
}

// allows reports whether the policy allows the permission at this level.
func (c *excessWriteChecker) allows(p audit.Permission) bool {
	return p.Level == audit.LevelWrite && slices.ContainsFunc(c.Allow, func(allowed string) bool {
		group, name := allowedName(allowed)
		return p.Group == group && p.Name == name
	})
}
