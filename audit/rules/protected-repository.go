// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
)

var protectedRepository = &audit.Rule{
	ID:       "protected-repository",
	Title:    "The token writes to a protected repository",
	Doc:      page("protected-repository"),
	Remedy:   "Take the repository off the token's list, or set its permissions to read-only.",
	Severity: audit.High,
	References: []audit.Reference{
		nist(implements, "AC-6"), nist(supports, "CM-5"), owasp("NHI5"), iso("A.8.2"),
		soc2("CC6.3"),
	},
	Needs: audit.FactSelection | audit.FactPermissions | audit.FactRepositories |
		audit.FactOrganizationRepositories,
	New: func() audit.Checker { return &protectedRepositoryChecker{} },
}

type protectedRepositoryChecker struct {
	// Repositories are globs of names, "name" or "owner/name", in upper or lower case alike.
	Repositories []string `yaml:"repositories"`
}

// CheckNames refuses a glob that can match no repository.
func (c *protectedRepositoryChecker) CheckNames(
	_ *audit.PermissionTable, refuse func(value string, err error),
) {
	for _, glob := range c.Repositories {
		if err := audit.CheckRepositoryGlob(glob); err != nil {
			refuse(glob, fmt.Errorf("repositories: %w", err))
		}
	}
}

// Unmatched returns which globs match no repository, as far as those of the organization are
// known.
func (c *protectedRepositoryChecker) Unmatched(e *audit.Evidence) (lines []string) {
	if !e.Organization.Known.Has(audit.FactOrganizationRepositories) {
		return nil
	}
	for _, glob := range c.Repositories {
		if !slices.ContainsFunc(e.Organization.Repositories, func(r *audit.Repository) bool {
			return audit.MatchRepository(glob, r.Name)
		}) {
			lines = append(lines, "repositories: "+glob+" matches no repository")
		}
	}
	return lines
}

func (c *protectedRepositoryChecker) Check(s *audit.Subject) audit.Verdict {
	known, t := s.Known(), s.Token
	switch {
	case len(c.Repositories) == 0:
		return notApplicable("the policy protects no repository")
	case s.SelectsNone():
		return notApplicable(publicOnly)
	case known.Has(audit.FactPermissions) && !repositoryWrites(s):
		return notApplicable("it writes to no repository")
	}
	repositories, ok := reached(s)
	if !ok || !known.Has(audit.FactPermissions) {
		return undecided("")
	}
	var names, basis []string
	for _, repository := range repositories {
		protected, err := c.protects(repository.Name)
		if err != nil {
			return undecided("the policy's repositories cannot be read: " + err.Error())
		}
		if protected {
			names = append(names, repository.Name)
			basis = append(basis, audit.OnRepository("writes to", repository))
		}
	}
	if len(names) == 0 {
		return pass()
	}
	return fail("writes to "+firstThree(names), append(basis, writesOf(t)...)...)
}

// protects reports whether the policy names a repository, by "owner/name".
func (c *protectedRepositoryChecker) protects(full string) (bool, error) {
	full = strings.ToLower(full)
	for _, glob := range c.Repositories {
		name := full
		if !strings.Contains(glob, "/") {
			name = path.Base(full)
		}
		if ok, err := path.Match(strings.ToLower(glob), name); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}
