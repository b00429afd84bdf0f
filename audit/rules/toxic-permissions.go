// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"slices"
	"sync"

	"github.com/complytime/pataudit/audit"
)

var toxicPermissions = &audit.Rule{
	ID:       "toxic-permissions",
	Title:    "Permissions that together give control",
	Doc:      page("toxic-permissions"),
	Remedy:   "Take away what gives control, and keep what the policy allows.",
	Severity: audit.Critical,
	Guide:    "7",
	References: []audit.Reference{
		nist(implements, "AC-6(1)"), nist(implements, "AC-6(5)"), nist(supports, "AC-5"),
		nist(supports, "CM-5"), owasp("NHI5"), iso("A.8.2"), soc2("CC6.3"),
	},
	Needs: audit.FactPermissions,
	New:   func() audit.Checker { return &toxicChecker{Combinations: defaultCombinations()} },
}

type toxicChecker struct {
	// Combinations are the sets of permissions that a token should not hold together.
	Combinations []Combination `yaml:"combinations"`

	once     sync.Once
	compiled []combination
	err      error
}

// Validate refuses a combination that says nothing.
func (c *toxicChecker) Validate() error {
	c.once.Do(func() { c.compiled, c.err = compile(c.Combinations) })
	return c.err
}

func (c *toxicChecker) Check(s *audit.Subject) audit.Verdict {
	if !s.Known().Has(audit.FactPermissions) {
		return undecided("")
	}
	if err := c.Validate(); err != nil {
		return undecided(err.Error())
	}
	all := held(s)
	var worst *combination
	var severity audit.Severity
	var ids, basis []string
	for i := range c.compiled {
		candidate := &c.compiled[i]
		if !candidate.heldBy(all) {
			continue
		}
		if found := candidate.severityFor(s); found > severity {
			worst, severity = candidate, found
		}
		if !slices.Contains(ids, candidate.id) {
			ids = append(ids, candidate.id)
		}
		for _, p := range candidate.involved(all) {
			basis = append(basis, p.String())
		}
	}
	if worst == nil {
		return harmless(s)
	}
	message := worst.message(s)
	if more := len(ids) - 1; more > 0 {
		message += fmt.Sprintf("; and %d more: %s", more, few(slices.DeleteFunc(slices.Clone(ids),
			func(id string) bool { return id == worst.id })))
	}
	if severity == audit.Critical {
		severity = audit.NoSeverity // the strongest that the policy has
	}
	return failAt(severity, message, append(basis, ids...)...)
}
