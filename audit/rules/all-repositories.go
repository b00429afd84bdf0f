// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/complytime/pataudit/audit"

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
	if t.Selection != audit.SelectAll {
		return pass()
	}
	const reach = "reaches every repository, present and future"
	if !known.Has(audit.FactPermissions) {
		return fail(reach+", with permissions that are not known",
			audit.EveryRepository, audit.EveryRepository+": unknown permissions")
	}
	severity, does := audit.Low, ""
	for _, p := range t.Permissions {
		switch {
		case writesRepositories(p):
			return fail(reach+", and writes to them",
				audit.EveryRepository, audit.EveryRepository+": read", audit.EveryRepository+": write")
		case ofRepositories(p) && p.Name != "metadata":
			severity, does = audit.Medium, "read"
		}
	}
	if does == "" {
		return failAt(severity, reach+", and reads their metadata", audit.EveryRepository)
	}
	return failAt(severity, reach+", and reads them",
		audit.EveryRepository, audit.EveryRepository+": read")
}
