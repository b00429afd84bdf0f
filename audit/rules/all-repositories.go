// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"

	"github.com/complytime/pataudit/audit"
)

var allRepositories = &audit.Rule{
	ID:       "all-repositories",
	Title:    "The token reaches every repository",
	Doc:      page("all-repositories"),
	Remedy:   "Choose \"Only select repositories\", and select those that the task needs.",
	Severity: audit.High,
	Guide:    "6",
	References: []audit.Reference{
		nist(implements, "AC-6"), nist(supports, "AC-3"), owasp("NHI5"), iso("A.5.15"),
		soc2("CC6.1"),
	},
	Needs: audit.FactSelection,
	New:   func() audit.Checker { return allRepositoriesChecker{} },
}

type allRepositoriesChecker struct{}

func (allRepositoriesChecker) Check(s *audit.Subject) audit.Verdict {
	known, t := s.Known(), s.Token
	if !known.Has(audit.FactSelection) {
		return undecided("")
	}
	switch t.Selection {
	case audit.SelectAll:
	case audit.SelectNone:
		return notApplicable(publicOnly)
	default:
		return pass()
	}
	const reach = "reaches every repository, present and future"
	if !known.Has(audit.FactPermissions) {
		return fail(reach+", with permissions that are not known",
			audit.EveryRepository, audit.EveryRepository+": unknown permissions")
	}
	basis := []string{audit.EveryRepository, audit.EveryRepository + ": read"}
	switch worst := worstRepositoryWrite(s); {
	case worst > audit.Low:
		return fail(reach+", and writes to them", append(basis, audit.EveryRepository+": write")...)
	case worst != audit.NoSeverity:
		return failAt(audit.Medium, reach+", and writes to them",
			append(basis, audit.EveryRepository+": write")...)
	case slices.ContainsFunc(t.Permissions, func(p audit.Permission) bool {
		return onRepositories(p) && p.Name != "metadata"
	}):
		return failAt(audit.Medium, reach+", and reads them", basis...)
	}
	return failAt(audit.Low, reach+", and reads their metadata", audit.EveryRepository)
}
