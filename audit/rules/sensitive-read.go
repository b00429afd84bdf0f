// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/complytime/pataudit/audit"

var sensitiveRead = &audit.Rule{
	ID:       "sensitive-read",
	Title:    "The token reads what is secret by nature",
	Doc:      page("sensitive-read"),
	Remedy:   "Set the permission to no access, unless reading just this is the token's task.",
	ToOwner:  "Leave the permission out, unless reading just this is the token's task.",
	Severity: audit.High,
	References: []audit.Reference{
		nist(implements, "AC-6"), nist(supports, "AC-4"), owasp("NHI5"), iso("A.5.15"),
		soc2("CC6.1"),
	},
	Needs: audit.FactPermissions,
	New:   func() audit.Checker { return sensitiveReadChecker{} },
}

type sensitiveReadChecker struct{}

func (sensitiveReadChecker) Check(s *audit.Subject) audit.Verdict {
	if !s.Known().Has(audit.FactPermissions) {
		return undecided("")
	}
	var worst audit.Severity
	var does string
	var basis []string
	role, roleKnown := roleOf(s)
	for _, p := range s.Held() {
		info, _ := s.Permissions().Find(p.Group, p.Name)
		severity, what := info.Read, secretOf(p)
		if severity == audit.NoSeverity {
			continue
		}
		if p.Group == audit.GroupOrganization && roleKnown && role != audit.RoleAdmin {
			severity = max(severity-1, audit.Info)
			what += " (latent: once its owner is an organization owner)"
		}
		if severity > worst {
			worst, does = severity, "reads "+what
		}
		basis = append(basis, p.String())
	}
	switch {
	case worst >= audit.High:
		return fail(does, basis...)
	case worst != audit.NoSeverity:
		return failAt(worst, does, basis...)
	}
	return nothingFound(s)
}

// secretOf returns in words what the holder of a permission, at any level, gets to read.
func secretOf(p audit.Permission) string {
	switch p.Name {
	case "secret_scanning_alerts":
		return "leaked secrets in alerts"
	case "repository_advisories":
		return "undisclosed vulnerabilities"
	case "organization_administration":
		return "the audit log and single sign-on credentials"
	case "organization_credentials":
		return "the credentials of members"
	case "repository_hooks", "organization_hooks":
		return "deliveries of webhooks"
	case "actions":
		return "logs and artifacts of workflows"
	case "security_events":
		return "unfixed vulnerabilities, with file and line"
	}
	return "what is secret by " + p.Name
}
