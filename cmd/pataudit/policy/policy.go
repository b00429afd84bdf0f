// SPDX-License-Identifier: Apache-2.0

// Package policy has the commands about what is asked of tokens, and what people decided of them:
// policy, rules, decide, baseline.
package policy

import (
	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// builtIn names the policy that is asked where there is no file.
const builtIn = "guide"

// Command returns the group of commands on policies.
func Command(u *ui.UI) *cobra.Command {
	command := &cobra.Command{
		Use:   "policy",
		Short: "Write, check, test and compare policies",
		Example: `  pataudit policy init > policy.yaml
  pataudit policy check policy.yaml
  pataudit policy test policy.yaml
  pataudit policy compare guide policy.yaml --from evidence.json`,
	}
	command.AddCommand(
		policyInit(u), policyCheck(u), policySchema(u), policyTest(u), policyCompare(u),
	)
	return command
}
