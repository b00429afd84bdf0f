// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"slices"
	"strings"
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
	Needs:   audit.FactPermissions,
	LooksAt: []*audit.Rule{protectedRepository},
	New:     func() audit.Checker { return &toxicChecker{Combinations: defaultCombinations()} },
}

type toxicChecker struct {
	// Combinations are the sets of permissions that a token should not hold together.
	Combinations []Combination `yaml:"combinations"`
	// AddCombinations are asked, too.
	AddCombinations []Combination `yaml:"add_combinations"`

	once     sync.Once
	compiled *combinations
	err      error
}

// Validate refuses a combination that says nothing.
func (c *toxicChecker) Validate() error {
	c.once.Do(func() { c.compiled, c.err = compile(c.all()) })
	return c.err
}

// CheckNames refuses a need that no permission can meet.
func (c *toxicChecker) CheckNames(
	known *audit.PermissionTable, refuse func(value string, err error),
) {
	for _, combination := range c.all() {
		for _, need := range combination.Needs {
			rights, err := parseNeed(need)
			for _, right := range rights {
				if err == nil {
					err = known.CheckRight(right)
				}
			}
			if err != nil {
				refuse(need, fmt.Errorf("combination %q: %w", combination.ID, err))
			}
		}
	}
}

func (c *toxicChecker) all() []Combination {
	return slices.Concat(c.Combinations, c.AddCombinations)
}

// Warnings returns which combinations of the default table are asked no more, or more mildly: a
// table in place of it is easily meant as one beside it.
func (c *toxicChecker) Warnings() []string {
	var dropped []string
	for _, standard := range defaultCombinations() {
		least, err := audit.ParseSeverity(standard.Severity)
		kept := slices.ContainsFunc(c.all(), func(own Combination) bool {
			severity, _ := audit.ParseSeverity(own.Severity)
			return err == nil && severity >= least && slices.Equal(own.Needs, standard.Needs)
		})
		if !kept && !slices.Contains(dropped, standard.ID) {
			dropped = append(dropped, standard.ID)
		}
	}
	if len(dropped) == 0 {
		return nil
	}
	return []string{"combinations replaces the default table, and asks no longer, or more mildly: " +
		strings.Join(dropped, ", ") + " (add_combinations adds to the table)"}
}

func (c *toxicChecker) Check(s *audit.Subject) audit.Verdict {
	if !s.Known().Has(audit.FactPermissions) {
		return undecided("")
	}
	if err := c.Validate(); err != nil {
		return undecided(err.Error())
	}
	all := s.Held()
	var buf [128]bool // as many as the default table needs, and more
	met := c.compiled.met(all, buf[:])
	var worst *combination
	var severity audit.Severity
	var ids, basis []string
	for i := range c.compiled.all {
		candidate := &c.compiled.all[i]
		if !candidate.held(met) {
			continue
		}
		if found := candidate.severityFor(s); found > severity {
			worst, severity = candidate, found
		}
		if !slices.Contains(ids, candidate.id) {
			ids = append(ids, candidate.id)
		}
		for p := range candidate.involved(all) {
			basis = append(basis, p.String())
		}
	}
	if worst == nil {
		return nothingFound(s)
	}
	message := worst.message(s)
	if more := len(ids) - 1; more > 0 {
		message += fmt.Sprintf("; and %d more: %s", more, firstThree(slices.DeleteFunc(slices.Clone(ids),
			func(id string) bool { return id == worst.id })))
	}
	if severity == audit.Critical {
		severity = audit.NoSeverity // the strongest that the policy has
	}
	return failAt(severity, message, append(basis, ids...)...)
}
