// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"cmp"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/show"
	"github.com/complytime/pataudit/report/view"
)

// Rules returns the command that lists and explains rules.
func Rules(u *ui.UI) *cobra.Command {
	var judged flags.Policy
	var format string
	command := &cobra.Command{
		Use:   "rules [RULE]",
		Short: "List the rules; explain one",
		Long: `Rules lists what is asked of every token. Of one rule it tells what it looks for, what the
guide says, why it matters, what to do, and its parameters: their defaults, and their values under
--policy and --set.`,
		Example: `  pataudit rules
  pataudit rules long-expiration
  pataudit rules excess-write --policy policy.yaml --format json`,
		Args: ui.NoMoreThan(1),
		ValidArgsFunction: cobra.FixedCompletions(
			flags.BuiltIn(), cobra.ShellCompDirectiveNoFileComp),
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := judged.Load(u.Now())
			if err != nil {
				return ui.Usage(err)
			}
			switch {
			case len(args) == 0 && format == "json":
				return ui.Usagef("--format json explains one rule: name it")
			case len(args) == 0:
				return u.PrintLines(append(ruleList(p), "",
					"Explain one: "+flags.Typed(u, "rules", p.Rules[0].Rule.ID))...)
			}
			for i := range p.Rules {
				if rule := &p.Rules[i]; rule.Rule.ID == args[0] {
					return u.Print(func(w io.Writer) error {
						return explain(u, w, rule, format)
					})
				}
			}
			return ui.Usage(flags.NoRule(args[0], flags.RuleIDs(p)))
		},
	}
	set := command.Flags()
	judged.RegisterPolicy(set)
	ui.Choice(set, &format, "format", "text", []string{"text", "json"}, "text or json")
	return command
}

// explain writes about one rule.
func explain(u *ui.UI, w io.Writer, rule *audit.PolicyRule, format string) error {
	var parameters []show.Parameter
	for _, p := range policy.Parameters(rule) {
		parameters = append(parameters, show.Parameter{
			Name: p.Name, Type: p.Type, Default: p.Default, Value: p.Value,
		})
	}
	if format == "json" {
		return show.RuleJSON(w, rule, parameters)
	}
	return show.Rule(w, rule, parameters, view.View{Width: u.Width()})
}

// ruleList has a line for each rule, under one that names the columns.
func ruleList(p *audit.Policy) []string {
	const line = "%-22s %-9s %-5s %s"
	lines := []string{fmt.Sprintf(line, "RULE", "AT MOST", "GUIDE", "TITLE")}
	for _, rule := range p.Rules {
		severity := rule.Severity.String()
		if !rule.Asked {
			severity = "off"
		}
		lines = append(lines, fmt.Sprintf(line, rule.Rule.ID, severity, cmp.Or(rule.Rule.Guide, "–"),
			rule.Rule.Title))
	}
	return lines
}
