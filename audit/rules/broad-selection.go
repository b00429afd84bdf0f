// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"errors"
	"fmt"

	"github.com/complytime/pataudit/audit"
)

var broadSelection = &audit.Rule{
	ID:       "broad-selection",
	Title:    "The token writes to many repositories",
	Doc:      page("broad-selection"),
	Remedy:   "Select fewer repositories, or split the token by task.",
	Severity: audit.Medium,
	References: []audit.Reference{
		nist(implements, "AC-6"), owasp("NHI5"), iso("A.5.15"), soc2("CC6.3"),
	},
	Needs: audit.FactSelection | audit.FactPermissions | audit.FactRepositories |
		audit.FactOrganizationRepositories,
	LooksAt: []*audit.Rule{allRepositories},
	New: func() audit.Checker {
		return &broadSelectionChecker{MaxRepositories: 25, Percent: 50, MinRepositories: 10}
	},
}

type broadSelectionChecker struct {
	// MaxRepositories is the most that a token may write to.
	MaxRepositories int `yaml:"max_repositories"`
	// Percent of the organization's repositories is the most that a token may write to.
	Percent int `yaml:"percent"`
	// MinRepositories is how many an organization must have for Percent to count.
	MinRepositories int `yaml:"min_repositories"`
}

// Validate refuses limits below zero, and a share of more than everything.
func (c *broadSelectionChecker) Validate() error {
	return errors.Join(checkRange(0, mostRepositories, "max_repositories", c.MaxRepositories),
		checkRange(0, 100, "percent", c.Percent),
		checkRange(0, mostRepositories, "min_repositories", c.MinRepositories))
}

// MaxReach makes the limit known to who proposes another token.
func (c *broadSelectionChecker) MaxReach(s *audit.Subject) (repositories int, limited bool) {
	known, most := s.Known(), c.MaxRepositories
	if known.Has(audit.FactPermissions) && !repositoryWrites(s) {
		return 0, false
	}
	of := len(s.Organization.Repositories)
	if known.Has(audit.FactOrganizationRepositories) && of >= c.MinRepositories {
		most = min(most, c.Percent*of/100)
	}
	return most, true
}

func (c *broadSelectionChecker) Check(s *audit.Subject) audit.Verdict {
	known, t := s.Known(), s.Token
	switch {
	case s.SelectsNone():
		return notApplicable(publicOnly)
	case known.Has(audit.FactPermissions) && !repositoryWrites(s):
		return notApplicable("it writes to no repository")
	case known.Has(audit.FactSelection) && t.Selection == audit.SelectAll:
		if s.LeavesTo(allRepositories.ID, audit.NoSeverity) {
			return notApplicable("all-repositories says it")
		}
		if !known.Has(audit.FactPermissions) {
			return undecided("")
		}
		return fail("writes to every repository, present and future", audit.EveryRepository)
	case !known.Has(audit.FactSelection | audit.FactPermissions | audit.FactRepositories):
		return undecided("")
	}
	count := len(t.Repositories)
	var basis []string
	for step := c.MaxRepositories; step < count; step = max(2*step, step+1) {
		basis = append(basis, fmt.Sprintf("over %d repositories", step))
	}
	of := len(s.Organization.Repositories)
	message := fmt.Sprintf("writes to %d repositories", count)
	switch {
	case known.Has(audit.FactOrganizationRepositories):
		if of >= c.MinRepositories && 100*count > c.Percent*of {
			message += fmt.Sprintf(" of %d", of)
			basis = append(basis, fmt.Sprintf("over %d percent", c.Percent))
		}
	case len(basis) == 0 && 100*count <= c.Percent*c.MinRepositories:
		return notApplicable("its repositories are few in any organization")
	}
	if len(basis) == 0 {
		return pass()
	}
	return fail(message, basis...)
}
