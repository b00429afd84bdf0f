// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/rules"
)

func rulesCommand(ui *ui) *cobra.Command {
	return &cobra.Command{
		Use:   "rules [RULE]",
		Short: "List the rules; explain one",
		Example: `  pataudit rules
  pataudit rules long-expiration`,
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) (
			[]string, cobra.ShellCompDirective,
		) {
			ids := make([]string, len(rules.All))
			for i, rule := range rules.All {
				ids[i] = rule.ID
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return printed(writeStdout(ui.out, listRules))
			}
			for _, rule := range rules.All {
				if rule.ID == args[0] {
					return printed(writeStdout(ui.out, func(w io.Writer) error {
						_, err := io.WriteString(w, rule.Doc)
						return err
					}))
				}
			}
			return usagef("no rule is named %q; `pataudit rules` lists them", args[0])
		},
	}
}

// listRules prints one line per rule, under a line that names the columns.
func listRules(w io.Writer) error {
	const line = "%-22s %-9s %-5s %s\n"
	if _, err := fmt.Fprintf(w, line, "RULE", "AT MOST", "GUIDE", "TITLE"); err != nil {
		return err
	}
	for _, rule := range rules.All {
		_, err := fmt.Fprintf(w, line, rule.ID, rule.Severity, guideStep(rule), rule.Title)
		if err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "\nExplain one: pataudit rules %s\n", rules.All[0].ID)
	return err
}

func guideStep(rule *audit.Rule) string {
	if rule.Guide == "" {
		return "–"
	}
	return strings.TrimSpace(rule.Guide)
}
