// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/complytime/pataudit/audit"
)

var undescriptiveName = &audit.Rule{
	ID:       "undescriptive-name",
	Title:    "The name does not say what the token is for",
	Doc:      page("undescriptive-name"),
	Remedy:   "Replace it by a token that is named after its task, as org-ai-access is.",
	Severity: audit.Info,
	Guide:    "4",
	References: []audit.Reference{
		nist(supports, "IA-4"), nist(supports, "CM-8"), iso("A.5.16"), soc2("CC6.1"),
	},
	New: func() audit.Checker {
		return &undescriptiveNameChecker{MinLength: 3, Deny: strings.Fields(defaultDeny)}
	},
}

type undescriptiveNameChecker struct {
	// MinLength is the fewest characters that a name may have.
	MinLength int `yaml:"min_length"`
	// Deny lists words, in upper or lower case alike, that say nothing: a name must have another.
	Deny []string `yaml:"deny"`
	// Require is a regular expression (RE2) that must match somewhere in the name; "" is none.
	Require string `yaml:"require"`

	once    sync.Once
	pattern *regexp.Regexp
	err     error
}

const defaultDeny = "abc access api asd asdf bar dev fine foo fpat gh ghp github grained home " +
	"key laptop my mykey mypat mytoken name new newtoken pat pc personal qwe qwerty secret server " +
	"temp test testing testtoken tmp token tokens untitled work xxx"

// Validate refuses a length that no name has, a word that none can be, and an expression that
// cannot be read, or is very long.
func (c *undescriptiveNameChecker) Validate() error {
	c.once.Do(func() { c.err = c.validate() }) // it is asked of each token
	return c.err
}

func (c *undescriptiveNameChecker) validate() (err error) {
	const longest = 500
	if len(c.Require) > longest {
		return fmt.Errorf("require is longer than %d characters: shorten it", longest)
	}
	if c.pattern, err = regexp.Compile(c.Require); err != nil {
		return fmt.Errorf("require: %w", err)
	}
	for _, word := range c.Deny {
		if utf8.RuneCountInString(word) < 2 || strings.ContainsFunc(word, notLetter) {
			return fmt.Errorf("deny has %.40q: a word of a name has two letters or more, and nothing else",
				word)
		}
	}
	return checkRange(0, mostLetters, "min_length", c.MinLength)
}

func (c *undescriptiveNameChecker) Check(s *audit.Subject) audit.Verdict {
	name := strings.TrimSpace(s.Token.Name)
	switch err := c.Validate(); {
	case err != nil:
		return undecided("the policy cannot be read: " + err.Error())
	case s.Token.Name == "":
		return undecided("GitHub did not tell the token's name")
	case utf8.RuneCountInString(name) < c.MinLength:
		return fail(fmt.Sprintf("its name has fewer than %d characters", c.MinLength), "too short")
	case !c.describes(name):
		return fail("its name has no word that says what it is for", "no telling word")
	case c.Require != "" && !c.pattern.MatchString(name):
		return fail("its name is not of the form that the policy requires", "not as required")
	}
	return pass()
}

// describes reports whether a name has a word, longer than a letter, that is not denied.
func (c *undescriptiveNameChecker) describes(name string) bool {
	for word := range strings.FieldsFuncSeq(name, notLetter) {
		if utf8.RuneCountInString(word) > 1 && !slices.ContainsFunc(c.Deny, func(d string) bool {
			return len(d) == len(word) && strings.EqualFold(d, word)
		}) {
			return true
		}
	}
	return false
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }
