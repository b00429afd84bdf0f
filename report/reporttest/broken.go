// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"fmt"

	"github.com/complytime/pataudit/audit"
)

// Broken returns a request's result in which n rules fail with one message. What is proposed
// instead holds what is left of the token's permissions.
func Broken(n int, message string) *audit.Result {
	r := &audit.Result{Token: Token(1, "agent", nil), Request: &audit.Request{}}
	for i := range n {
		r.Findings = append(r.Findings, &audit.Finding{
			Rule: &audit.PolicyRule{Rule: &audit.Rule{
				ID: fmt.Sprintf("rule-%d", i), Remedy: "Ask for less of " + message,
			}},
			Status: audit.Fail, Severity: audit.Severity(1 + i%5), Message: message,
			Basis: []string{"repository:contents:write"},
		})
	}
	r.Propose = func(*audit.Result) []*audit.Successor {
		t := *r.Token
		t.Permissions = t.Permissions[1:]
		return []*audit.Successor{{Token: &t, MaxDays: 90}}
	}
	return r
}
