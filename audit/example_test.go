// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"fmt"
	"time"

	"github.com/complytime/pataudit/audit"
)

// botsOnly asks that organization-level rights are held by bots. Its exported field is its
// parameter in a policy.
type botsOnly struct {
	Bots []string `yaml:"bots"`
}

func (c *botsOnly) Check(s *audit.Subject) audit.Verdict {
	switch {
	case !s.Token.Known.Has(audit.FactPermissions):
		return audit.Verdict{} // unknown: never a pass
	case !s.Token.Writes(audit.GroupOrganization):
		return audit.Verdict{Status: audit.NotApplicable}
	}
	for _, bot := range c.Bots {
		if s.Token.Owner != nil && s.Token.Owner.Login == bot {
			return audit.Verdict{Status: audit.Pass}
		}
	}
	return audit.Verdict{
		Status: audit.Fail, Message: "a person holds organization-level rights",
		Basis: []string{"organization write"},
	}
}

// A rule of one's own is a value, and a checker that does no I/O.
func ExampleEvaluate() {
	rule := &audit.Rule{
		ID: "bots-only", Title: "Organization-level rights are for bots", Severity: audit.High,
		Needs: audit.FactPermissions | audit.FactOwner,
		New:   func() audit.Checker { return &botsOnly{Bots: []string{"release-bot"}} },
	}
	policy := &audit.Policy{
		Name: "ours", FailOn: audit.Medium,
		Rules: []audit.PolicyRule{{
			Rule: rule, Checker: rule.New(), Severity: rule.Severity, Asked: true, Required: true,
		}},
	}
	evidence := &audit.Evidence{
		Organization: &audit.Organization{Login: "acme"},
		Coverage: []audit.Coverage{
			{Source: audit.SourceTokens, Status: audit.Complete},
			{Source: audit.SourceOrganization, Status: audit.Complete},
		},
		Tokens: []*audit.Token{{
			ID: 1, Name: "laptop", Owner: &audit.Member{ID: 7, Login: "octocat"},
			Permissions: []audit.Permission{{Group: "organization", Name: "members", Level: "write"}},
			Known:       audit.FactPermissions | audit.FactOwner,
		}},
	}
	run := audit.Evaluate(evidence, policy, audit.Options{
		AsOf: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
	})
	fmt.Println(run.Outcome())
	for result := range run.Results() {
		for _, finding := range result.Findings {
			fmt.Println(result.Token.Name, finding.Status, finding.Severity, finding.Message)
		}
	}
	// Output:
	// violations
	// laptop fail high a person holds organization-level rights
}
