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
	covered := false
	for _, p := range s.Token.Permissions {
		severity, what := secretOf(p.Name)
		switch {
		case severity == audit.NoSeverity:
		case saysMore(s, toxicPermissions.ID, p, severity),
			saysMore(s, excessWrite.ID, p, severity):
			covered = true
		default:
			if severity > worst {
				worst, does = severity, "reads "+what
			}
			basis = append(basis, p.String())
		}
	}
	switch {
	case worst == audit.High:
		return fail(does, basis...)
	case worst != audit.NoSeverity:
		return failAt(worst, does, basis...)
	case covered:
		return notApplicable("a stronger rule says it")
	}
	return pass()
}

// saysMore reports whether an earlier rule found at least as much fault with the permission. A
// milder finding is about something else, as dismissing alerts is beside reading secrets.
func saysMore(s *audit.Subject, rule string, p audit.Permission, severity audit.Severity) bool {
	f := s.Failed(rule)
	return saidBy(f, p) && f.Severity >= severity
}

// secretOf says what the holder of a permission, at any level, gets to read.
func secretOf(name string) (severity audit.Severity, what string) {
	switch name {
	case "secret_scanning_alerts":
		return audit.High, "leaked secrets in alerts"
	case "repository_advisories":
		return audit.High, "undisclosed vulnerabilities"
	case "organization_administration":
		return audit.High, "the audit log and single sign-on credentials"
	case "repository_hooks", "organization_hooks":
		return audit.Medium, "deliveries of webhooks"
	}
	return audit.NoSeverity, ""
}
