// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"slices"
	"testing"

	"github.com/complytime/pataudit/audit"
)

// TestExtras: what only some organizations have makes no run incomplete; what was not seen of it
// is said, and claimed no further than it was seen.
func TestExtras(t *testing.T) {
	const approvals = "who approved tokens, and when they were made (no permission)"
	for _, test := range []struct {
		source string
		status audit.CoverageStatus
		first  string
		tells  bool
	}{
		{"", "", "classic tokens", false},
		{audit.SourceAuthorizations, audit.NotAsked, "classic tokens", false},
		{audit.SourceAuthorizations, audit.Refused, "classic tokens (no permission)", false},
		{audit.SourceAuthorizations, audit.Partial, "classic tokens (no permission)", false},
		{
			audit.SourceAuthorizations, audit.Complete, "classic tokens without SAML authorization",
			false,
		},
		{audit.SourceAuditLog, audit.NotAsked, "classic tokens", false},
		{audit.SourceAuditLog, audit.Complete, "classic tokens", false},
		{audit.SourceAuditLog, audit.Refused, "classic tokens", true},
		{audit.SourceAuditLog, audit.Partial, "classic tokens", true},
	} {
		e := &audit.Evidence{
			Organization: &audit.Organization{Login: "complytime"},
			Coverage: []audit.Coverage{
				{Source: audit.SourceTokens, Status: audit.Complete},
				{Source: audit.SourceOrganization, Status: audit.Complete},
				{Source: audit.SourceRequests, Status: audit.Complete},
			},
		}
		if test.source != "" {
			e.Coverage = append(e.Coverage, audit.Coverage{
				Source: test.source, Status: test.status, Reason: audit.Because("no permission"),
			})
		}
		run := audit.Evaluate(e, &audit.Policy{}, audit.Options{AsOf: thatDay, AllowEmpty: true})
		if !run.Complete || run.NotSeen[0].String() != test.first ||
			slices.Contains(run.NotSeen.Texts(), approvals) != test.tells {
			t.Errorf("%s %s: incomplete %q, not seen %q", test.source, test.status, run.Incomplete,
				run.NotSeen)
		}
	}
}
