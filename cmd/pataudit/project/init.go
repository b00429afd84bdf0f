// SPDX-License-Identifier: Apache-2.0

package project

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// The files that init writes.
const (
	projectPath   = "pataudit.yaml"
	policyPath    = "policy.yaml"
	decisionsPath = "decisions.yaml"
)

// answers are what init asks for.
type answers struct {
	organization string
	maxDays      int
	failOn       string
	history      string
	outputs      []string
}

// initCommand returns the command that writes a project's first files.
func initCommand(u *ui.UI) *cobra.Command {
	a := new(answers)
	command := &cobra.Command{
		Use:   "init [ORG]",
		Short: "Write a project file and a policy to start with",
		Long: `Init writes pataudit.yaml, policy.yaml and decisions.yaml into the working folder. On a
terminal it asks for what no flag says; elsewhere the defaults hold, and ORG has to be named. No
file is replaced: all are written, or none.`,
		Example: `  pataudit init
  pataudit init complytime --max-days 90 --fail-on high`,
		Args: ui.NoMoreThan(1),
		RunE: func(command *cobra.Command, args []string) error {
			if len(args) > 0 {
				a.organization = args[0]
			}
			if ui.IsTerminal(u.In) {
				if err := a.ask(u, command.Flags().Changed); err != nil {
					return ui.Usage(err)
				}
			}
			if err := a.check(); err != nil {
				return ui.Usage(err)
			}
			return a.write(command.Context(), u)
		},
	}
	set := command.Flags()
	set.IntVar(&a.maxDays, "max-days", 90, "longest life of a token, in `days`")
	set.StringVar(&a.failOn, "fail-on", audit.Medium.String(), "mildest `severity` that is a "+
		"violation: "+strings.Join(audit.SeverityNames(), ", "))
	set.StringVar(&a.history, "history", "pataudit.db", "`file` that remembers runs")
	set.StringArrayVarP(&a.outputs, "output", "o", []string{"audit.json", "audit.xlsx"},
		"report that each audit writes: `[format=]path`; repeatable")
	return command
}

// ask asks for what no flag says. An empty answer is the default.
func (a *answers) ask(u *ui.UI, said func(flag string) bool) error {
	lines := bufio.NewScanner(u.In)
	for _, q := range a.questions(said) {
		for !q.said {
			prompt := q.text + " "
			if q.standard != "" {
				prompt += "[" + q.standard + "] "
			}
			u.Promptf("%s", prompt)
			if !lines.Scan() {
				return errors.Join(errors.New("no answer: nothing is written"), lines.Err())
			}
			err := q.take(cmp.Or(strings.TrimSpace(lines.Text()), q.standard))
			if q.said = err == nil; err != nil {
				u.Errorf("%v", err)
			}
		}
	}
	return nil
}

// question is one that init asks.
type question struct {
	said           bool // a flag has the answer
	text, standard string
	take           func(answer string) error
}

// questions lists what init asks, in its order.
func (a *answers) questions(said func(flag string) bool) []question {
	return []question{
		{a.organization != "", "Organization", "", func(answer string) error {
			a.organization = answer
			return flags.CheckLogin(answer)
		}},
		{
			said("max-days"), "Longest life of a token, in days", strconv.Itoa(a.maxDays),
			func(answer string) (err error) {
				if a.maxDays, err = strconv.Atoi(answer); err != nil {
					return fmt.Errorf("%q is not a whole number", answer)
				}
				return a.checkDays()
			},
		},
		{
			said("fail-on"), "Mildest severity that is a violation", a.failOn,
			func(answer string) error {
				a.failOn = answer
				_, err := audit.ParseSeverity(answer)
				return err
			},
		},
		{said("history"), "File that remembers runs", a.history, func(answer string) error {
			a.history = answer
			return nil
		}},
		{
			said("output"), "Reports that each audit writes", strings.Join(a.outputs, ", "),
			func(answer string) error {
				a.outputs = strings.FieldsFunc(answer, func(r rune) bool { return r == ',' || r == ' ' })
				return a.checkProject()
			},
		},
	}
}

func (a *answers) checkDays() error {
	if a.maxDays < 1 || a.maxDays > 366 {
		return errors.New("a token lives for 1 to 366 days")
	}
	return nil
}

// check refuses answers that make no files.
func (a *answers) check() error {
	if a.organization == "" {
		return errors.New("ORG is missing, and this is no terminal to ask on: init ORG")
	}
	if err := flags.CheckLogin(a.organization); err != nil {
		return err
	}
	if err := a.checkDays(); err != nil {
		return fmt.Errorf("--max-days: %w", err)
	}
	if _, err := audit.ParseSeverity(a.failOn); err != nil {
		return fmt.Errorf("--fail-on: %w", err)
	}
	if _, err := policy.Parse(policyPath, a.policy(), rules.All); err != nil {
		return err
	}
	return a.checkProject()
}

// checkProject refuses what the project file could not say.
func (a *answers) checkProject() error {
	if err := flags.CheckOutputs(a.outputs); err != nil {
		return err
	}
	_, err := policy.ParseProject(projectPath, a.project(), false)
	return err
}

// write writes the files, and prints what comes next.
func (a *answers) write(ctx context.Context, u *ui.UI) error {
	files := []struct {
		path string
		text []byte
	}{
		{projectPath, a.project()}, {policyPath, a.policy()}, {decisionsPath, decisions()},
	}
	var paths []string
	for _, f := range files {
		if _, err := os.Lstat(f.path); err == nil {
			return ui.Failed(fmt.Errorf("%s is there already: nothing is written", f.path))
		}
		paths = append(paths, f.path)
	}
	defer u.Files.Discard()
	if err := u.Files.Open(paths); err != nil {
		return ui.Failed(err)
	}
	for i, f := range files {
		if err := u.Files.Write(i, ui.Bytes(f.text)); err != nil {
			return ui.Failed(err)
		}
	}
	if err := u.Files.Commit(ctx); err != nil {
		return ui.Failed(err)
	}
	u.Notef("%s written; next: %s, %s, %s", strings.Join(paths, ", "),
		flags.Typed(u, "setup", a.organization), flags.Typed(u, "doctor"), flags.Typed(u, "audit"))
	return nil
}
