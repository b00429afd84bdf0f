// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
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
			if err := u.Print(func(w io.Writer) error {
				for _, outcome := range outcomes {
					if len(outcome.Problems) > 0 {
						bad++
					}
					if err := writeOutcome(w, args[0], outcome); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				return err
			}
			if bad > 0 {
				return ui.Usagef("%d of %d examples fail", bad, len(outcomes))
			}
			return nil
		},
	}
}

func writeOutcome(w io.Writer, file string, outcome policy.Outcome) error {
	if len(outcome.Problems) == 0 {
		_, err := fmt.Fprintf(w, "ok    %s\n", safe.Terminal(outcome.Name))
		return err
	}
	_, err := fmt.Fprintf(w, "FAIL  %s (%s:%d)\n", safe.Terminal(outcome.Name), file, outcome.Line)
	for _, problem := range outcome.Problems {
		if err == nil {
			_, err = fmt.Fprintf(w, "      %s\n", safe.Terminal(problem))
		}
	}
	return err
}
