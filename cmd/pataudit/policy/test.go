// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

func policyTest(u *ui.UI) *cobra.Command {
	return &cobra.Command{
		Use:   "test FILE",
		Short: "Run the examples that a policy file carries",
		Args:  ui.Exactly("FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := flags.ReadText(args[0], "the policy")
			if err != nil {
				return ui.Usage(err)
			}
			outcomes, err := policy.Test(args[0], text, rules.All)
			switch {
			case err != nil:
				return ui.Usage(err)
			case len(outcomes) == 0:
				return ui.Usagef("%s carries no tests: add some under the key tests", args[0])
			}
			bad := 0
			var lines []string
			for _, outcome := range outcomes {
				if len(outcome.Problems) == 0 {
					lines = append(lines, "ok    "+outcome.Name)
					continue
				}
				bad++
				lines = append(lines, fmt.Sprintf("FAIL  %s (%s:%d)", outcome.Name, args[0], outcome.Line))
				for _, problem := range outcome.Problems {
					lines = append(lines, "      "+problem)
				}
			}
			if err := u.PrintLines(lines...); err != nil {
				return err
			}
			if bad > 0 {
				return ui.Usagef("%d of %d examples fail", bad, len(outcomes))
			}
			return nil
		},
	}
}
