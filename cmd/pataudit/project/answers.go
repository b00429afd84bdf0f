// SPDX-License-Identifier: Apache-2.0

package project

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// answers are what init asks for.
type answers struct {
	organization string
	maxDays      int
	failOn       string
	history      string
	outputs      []string
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
