// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/complytime/pataudit/audit"
)

var unregisteredBot = &audit.Rule{
	ID:    "unregistered-bot",
	Title: "The owner looks like a machine, and the registry does not have it",
	Doc:   page("unregistered-bot"),
	Remedy: "Enter its owner into the registry: as a bot, with who answers for it, or as a person; " +
		"or revoke the token if nobody answers for it.",
	ToOwner:  "Tell the reviewers whose machine this account is and who answers for it.",
	Mending:  audit.MendElsewhere,
	Severity: audit.Medium,
	References: []audit.Reference{
		nist(supports, "AC-2"), nist(supports, "IA-4"), owasp("NHI1"), iso("A.5.9"), iso("A.5.16"),
		soc2("CC6.1"),
	},
	Needs: audit.FactOwner,
	New: func() audit.Checker {
		return &unregisteredBotChecker{Logins: strings.Fields(defaultBots)}
	},
}

type unregisteredBotChecker struct {
	// Logins are what the logins of machines look like, in any case, with * for any letters.
	Logins []string `yaml:"logins"`

	once  sync.Once
	forms []loginForm
	err   error
}

// loginForm is one of Logins in lower case. What it begins and ends with is compared first: each
// form matched in full against each login took half of the time in which tokens are judged.
type loginForm struct{ form, start, end string }

func (f loginForm) matches(login string) bool {
	if !strings.HasPrefix(login, f.start) || !strings.HasSuffix(login, f.end) {
		return false
	}
	matched, err := path.Match(f.form, login)
	return matched || err != nil
}

const defaultBots = "bot bot-* *-bot *-bot-* robot robot-* *-robot ci ci-* *-ci cd cd-* *-cd " +
	"automation automation-* *-automation svc-* *-svc service-* *-service machine-* *-machine"

// mostLogins is how many forms of logins a policy may list: each is asked of each token.
const mostLogins = 100

// Validate refuses a form that no login has, and a list that asks nothing.
func (c *unregisteredBotChecker) Validate() error {
	c.once.Do(func() {
		c.err = c.check()
		for _, form := range c.Logins {
			form = strings.ToLower(form)
			start, rest, _ := strings.Cut(form, "*")
			c.forms = append(c.forms, loginForm{form, start, rest[strings.LastIndexByte(rest, '*')+1:]})
		}
	})
	return c.err
}

func (c *unregisteredBotChecker) check() error {
	if err := checkRange(1, mostLogins, "the length of logins", len(c.Logins)); err != nil {
		return err
	}
	for _, form := range c.Logins {
		if strings.Trim(form, "*") == "" || strings.ContainsFunc(form, notInForm) {
			return fmt.Errorf("logins has %.40q: write a login, with * for any letters, as in *-bot",
				form)
		}
	}
	return nil
}

// notInForm reports whether a letter is in no login, and is no *.
func notInForm(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' &&
		r != '_' && r != '*'
}

func (c *unregisteredBotChecker) Check(s *audit.Subject) audit.Verdict {
	switch err := c.Validate(); {
	case err != nil:
		return undecided("the policy cannot be read: " + err.Error())
	case !s.Known().Has(audit.FactOwner) || s.Token.Owner == nil || s.Token.Owner.Login == "":
		return undecided("")
	case s.Registration != nil:
		return pass()
	case !c.looksLike(s.Token.Owner.Login):
		return pass()
	}
	return fail("its owner is called as machines are, and the registry does not have that account",
		"owner not in the registry")
}

// looksLike reports whether a login has one of the forms, with or without the end by which an
// enterprise marks the accounts that it manages: "release-bot_acme".
func (c *unregisteredBotChecker) looksLike(login string) bool {
	login = strings.TrimSuffix(strings.ToLower(login), "[bot]")
	logins := []string{login}
	if i := strings.LastIndexByte(login, '_'); i > 0 {
		logins = append(logins, login[:i])
	}
	return slices.ContainsFunc(c.forms, func(form loginForm) bool {
		return slices.ContainsFunc(logins, form.matches)
	})
}
