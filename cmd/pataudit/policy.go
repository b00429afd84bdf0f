// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report"
	"github.com/complytime/pataudit/report/safe"
)

// builtIn names the policy that is asked where there is no file.
const builtIn = "guide"

func policyCommand(u *ui.UI) *cobra.Command {
	command := &cobra.Command{
		Use:   "policy",
		Short: "Write, check, show, test and compare policies",
		Example: `  pataudit policy init > policy.yaml
  pataudit policy check policy.yaml
  pataudit policy test policy.yaml
  pataudit policy compare guide policy.yaml --from evidence.json`,
	}
	command.AddCommand(
		policyInit(u), policyCheck(u), policyShow(u), policySchema(u), policyTest(u),
		policyCompare(u),
	)
	return command
}

func policyInit(u *ui.UI) *cobra.Command {
	return &cobra.Command{
		Use:   "init",
		Short: "Print a commented starting file: all rules with their defaults",
		Args:  ui.NoMoreThan(0),
		RunE: func(*cobra.Command, []string) error {
			return ui.Printed(ui.WriteStdout(u.Out, bytesWriter(policy.Template(rules.All))))
		},
	}
}

func policyCheck(u *ui.UI) *cobra.Command {
	var f flags.Policy
	var evidence flags.Evidence
	var allowPublic bool
	command := &cobra.Command{
		Use:   "check FILE",
		Short: "Check a policy file; all that is wrong is told at once",
		Long: `Check tells all that is wrong with a policy file, and of each override whether it replaces
the policy or is judged beside it. With evidence it also says which override, decision, allowed
name or glob matches nothing there, which login beside an owner's id has changed, and the ids of
owners that are named by a login alone.`,
		Example: `  pataudit policy check policy.yaml
  pataudit policy check policy.yaml --from evidence.json --decisions decisions.yaml`,
		Args: ui.Exactly("FILE"),
		RunE: func(command *cobra.Command, args []string) error {
			f.Path = args[0]
			p, err := f.Load(u.Now())
			if err != nil {
				return offerIDs(command.Context(), u, &evidence, allowPublic, err)
			}
			for _, warning := range policy.Warnings(p) {
				u.Warnf("%s: %s", f.Path, warning)
			}
			unmatched, err := unmatchedIn(command.Context(), u, p, &evidence, allowPublic)
			if err != nil {
				return err
			}
			return ui.Printed(ui.WriteStdout(u.Out, func(w io.Writer) error {
				return writeChecked(w, f.Path, p, unmatched)
			}))
		},
	}
	set := command.Flags()
	set.SortFlags = false
	set.StringVar(&f.Decisions, "decisions", "", "`file` with what people decided of tokens")
	evidence.Register(set)
	ui.RegisterAllowPublic(set, &allowPublic)
	return command
}

// unmatchedIn says what a policy names that is not in the evidence of the flags, in lines; nil if
// they name none.
func unmatchedIn(
	ctx context.Context, u *ui.UI, p *audit.Policy, f *flags.Evidence, allowPublic bool,
) ([]string, error) {
	if f.From == "" && f.Organization == "" {
		return nil, nil
	}
	if err := ui.PlaceOf(allowPublic, os.Getenv).Refuse("policy check with evidence"); err != nil {
		return nil, ui.Usage(err)
	}
	evidence, asOf, err := f.Collect(ctx, u, p.Needs())
	if err != nil {
		return nil, err
	}
	lines := policy.Unmatched(p, evidence, asOf)
	if len(lines) == 0 {
		lines = []string{"everything that it names is there, or may be"}
	}
	return lines, nil
}

// writeChecked says that a policy can be asked, what its overrides are to it, and what of it
// matches nothing.
func writeChecked(w io.Writer, path string, p *audit.Policy, unmatched []string) error {
	asked := 0
	for _, rule := range p.Rules {
		if rule.Asked {
			asked++
		}
	}
	_, err := fmt.Fprintf(w, "%s: %s: %d of %d rules asked, %s, %s\n", path,
		safe.Terminal(p.Name), asked, len(p.Rules), ui.Plural(len(p.Overrides), "override"), p.Digest)
	lines := make([]string, 0, len(p.Overrides)+len(unmatched))
	for i := range p.Overrides {
		o := &p.Overrides[i]
		lines = append(lines, "override "+o.Name+": "+policy.Effect(o))
	}
	for _, line := range append(lines, unmatched...) {
		if err == nil {
			_, err = fmt.Fprintf(w, "%s: %s\n", path, safe.Terminal(line))
		}
	}
	return err
}

func policyShow(u *ui.UI) *cobra.Command {
	var f flags.Policy
	command := &cobra.Command{
		Use:   "show [FILE]",
		Short: "Print the effective policy, with every parameter",
		Args:  ui.NoMoreThan(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 && args[0] != builtIn {
				f.Path = args[0]
			}
			p, err := f.Load(u.Now())
			if err != nil {
				return ui.Usage(err)
			}
			text, err := policy.Format(p)
			if err != nil {
				return ui.Failed(err)
			}
			return ui.Printed(ui.WriteStdout(u.Out, bytesWriter(text)))
		},
	}
	command.Flags().StringArrayVar(&f.Set, "set", nil, "`rule.parameter=value`; repeatable")
	command.Flags().StringVar(&f.FailOn, "fail-on", "", "mildest `severity` that is a violation")
	return command
}

func policySchema(u *ui.UI) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of policy files, for editors",
		Args:  ui.NoMoreThan(0),
		RunE: func(*cobra.Command, []string) error {
			text, err := policy.Schema(rules.All)
			if err != nil {
				return ui.Failed(err)
			}
			return ui.Printed(ui.WriteStdout(u.Out, bytesWriter(text)))
		},
	}
}

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
			if err := ui.WriteStdout(u.Out, func(w io.Writer) error {
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
				return ui.Printed(err)
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

func policyCompare(u *ui.UI) *cobra.Command {
	var f flags.Evidence
	var format string
	var allowPublic bool
	command := &cobra.Command{
		Use:   "compare OLD NEW --from FILE",
		Short: "List the tokens whose findings change from one policy to another",
		Long: `Compare judges the same evidence by two policies and tells, as pataudit diff does, the
verdicts and the tokens whose findings change, the worst first. "guide" stands for the built-in
policy.`,
		Example: `  pataudit policy compare guide policy.yaml --from evidence.json`,
		Args:    ui.Exactly("OLD", "NEW"),
		RunE: func(command *cobra.Command, args []string) error {
			writer, err := report.LookupComparison(format)
			if err != nil {
				return ui.Usagef("--format: %w", err)
			}
			if err := ui.PlaceOf(allowPublic, os.Getenv).Refuse("policy compare"); err != nil {
				return ui.Usage(err)
			}
			c, err := comparePolicies(command.Context(), u, &f, args)
			if err != nil {
				return err
			}
			return ui.Printed(ui.WriteStdout(u.Out, func(w io.Writer) error { return writer.Write(w, c) }))
		},
	}
	set := command.Flags()
	set.SortFlags = false
	set.StringVar(&format, "format", report.ComparisonFormats[0].Name, "table, json or markdown")
	f.Register(set)
	ui.RegisterAllowPublic(set, &allowPublic)
	return command
}

// comparePolicies judges the same evidence by two policies.
func comparePolicies(
	ctx context.Context, u *ui.UI, f *flags.Evidence, paths []string,
) (*report.Comparison, error) {
	var policies [2]*audit.Policy
	for i, path := range paths {
		if path == builtIn {
			path = ""
		}
		p, err := flags.LoadPolicy(path)
		if err != nil {
			return nil, ui.Usage(err)
		}
		policies[i] = p
	}
	evidence, asOf, err := f.Collect(ctx, u, policies[0].Needs()|policies[1].Needs())
	if err != nil {
		return nil, err
	}
	before := audit.Evaluate(evidence, policies[0], asOf)
	after := audit.Evaluate(evidence, policies[1], asOf)
	return &report.Comparison{
		Old: before, New: after, OldName: paths[0], NewName: paths[1], Policies: true,
		Deltas: audit.DiffPolicies(before, after),
		View:   report.View{Width: u.Width(), Verbose: true},
	}, nil
}

// bytesWriter writes a text.
func bytesWriter(text []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	}
}
