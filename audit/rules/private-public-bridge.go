// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"

	"github.com/complytime/pataudit/audit"
)

var privatePublicBridge = &audit.Rule{
	ID:       "private-public-bridge",
	Title:    "The token reads private code and writes in public",
	Doc:      page("private-public-bridge"),
	Remedy:   "Use one token for the private repositories and another for the public ones.",
	Severity: audit.Low,
	References: []audit.Reference{
		nist(supports, "AC-4"), nist(implements, "AC-6"), owasp("NHI5"), soc2("CC6.1"),
	},
	Needs: audit.FactSelection | audit.FactPermissions | audit.FactRepositories |
		audit.FactOrganizationRepositories,
	New: func() audit.Checker { return privatePublicBridgeChecker{} },
}

type privatePublicBridgeChecker struct{}

func (privatePublicBridgeChecker) Check(s *audit.Subject) audit.Verdict {
	known, t := s.Known(), s.Token
	switch {
	case s.SelectsNone():
		return notApplicable(publicOnly)
	case known.Has(audit.FactPermissions) && !(slices.ContainsFunc(t.Permissions, readsCode) &&
		slices.ContainsFunc(t.Permissions, publishes)):
		return notApplicable("it does not both read code and write")
	}
	repositories, ok := reached(s)
	if !ok || !known.Has(audit.FactPermissions) {
		return undecided("")
	}
	private, public, unknown := false, false, ""
	for _, repository := range repositories {
		private = private || isPrivate(repository)
		public = public || repository.Visibility == "public"
		if repository.Visibility == "" {
			unknown = repository.Name
		}
	}
	switch {
	case private && public:
		return fail("reads the code of private repositories and writes to public ones",
			bridgeBasis(t, repositories)...)
	case unknown != "" && (private || public || len(repositories) > 1):
		return undecided("GitHub did not tell whether " + unknown + " is public")
	}
	return pass()
}

// isPrivate reports whether not everybody can read a repository. A visibility that GitHub does not
// document may be one of those.
func isPrivate(r *audit.Repository) bool { return r.Visibility != "public" && r.Visibility != "" }

// readsCode reports whether a permission lets its holder read contents.
func readsCode(p audit.Permission) bool { return onRepositories(p) && p.Name == "contents" }

// publishes reports whether a permission lets its holder write where everybody can read.
func publishes(p audit.Permission) bool {
	switch p.Name {
	case "contents", "discussions", "issues", "pull_requests":
		return writesRepositories(p)
	}
	return false
}

func bridgeBasis(t *audit.Token, repositories []*audit.Repository) (basis []string) {
	for _, p := range t.Permissions {
		if readsCode(p) || publishes(p) {
			basis = append(basis, p.String())
		}
	}
	for _, repository := range repositories {
		if isPrivate(repository) {
			basis = append(basis, audit.OnRepository("reads", repository))
		}
	}
	return basis
}
