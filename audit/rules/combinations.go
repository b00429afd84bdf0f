// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// Combination is a set of permissions that together give control: an entry of the parameter
// combinations of toxic-permissions.
type Combination struct {
	// ID stands for it in a finding's basis. Several entries may share one, if the same danger is
	// worse in company; the worst that holds counts.
	ID string `yaml:"id"`

	// Needs lists what a token must hold, all of it. An entry is "name:level" or, where one of
	// several will do, "name:level|name:level". Level is read, write or admin, and a stronger one
	// will do. A group may stand in front ("other:keys:write"), and a name may begin with * for
	// any beginning.
	Needs []string `yaml:"needs"`

	// Severity where the permissions are live and reach some repositories only.
	Severity string `yaml:"severity"`

	// Reason is why it is control, in plain words.
	Reason string `yaml:"reason"`
}

// combination is a Combination as checkers read it.
type combination struct {
	id, reason string
	severity   audit.Severity
	needs      [][]audit.Right // all of them, each by any of its rights
}

// compile reads a table of combinations.
func compile(table []Combination) (compiled []combination, err error) {
	for i := range table {
		c, err := table[i].compile()
		if err != nil {
			return nil, err
		}
		compiled = append(compiled, c)
	}
	return compiled, nil
}

func (c *Combination) compile() (combination, error) {
	severity, err := audit.ParseSeverity(c.Severity)
	if err != nil {
		return combination{}, fmt.Errorf("combination %q: %w", c.ID, err)
	}
	if c.ID == "" || c.Reason == "" || len(c.Needs) == 0 {
		return combination{}, fmt.Errorf("combination %q: give it an id, needs and a reason", c.ID)
	}
	compiled := combination{id: c.ID, reason: c.Reason, severity: severity}
	for _, need := range c.Needs {
		rights, err := parseNeed(need)
		if err != nil {
			return combination{}, fmt.Errorf("combination %q needs %w", c.ID, err)
		}
		compiled.needs = append(compiled.needs, rights)
	}
	return compiled, nil
}

// parseNeed reads the alternatives of a need.
func parseNeed(need string) (rights []audit.Right, err error) {
	for alternative := range strings.SplitSeq(need, "|") {
		right, err := audit.ParseRight(strings.TrimSpace(alternative))
		if err != nil {
			return nil, err
		}
		rights = append(rights, right)
	}
	return rights, nil
}

// heldBy reports whether the permissions make up the combination.
func (c *combination) heldBy(held []audit.Permission) bool { return c.heldWithin(held, nil) }

// heldWithin does so looking only at the permissions that count; nil counts all.
func (c *combination) heldWithin(
	held []audit.Permission, counts func(audit.Permission) bool,
) bool {
needs:
	for _, need := range c.needs {
		for i := range held {
			if gives(held[i], need) && (counts == nil || counts(held[i])) {
				continue needs
			}
		}
		return false
	}
	return true
}

// involved lists the permissions that play a part in the combination.
func (c *combination) involved(held []audit.Permission) []audit.Permission {
	return slices.DeleteFunc(slices.Clone(held), func(p audit.Permission) bool {
		return !slices.ContainsFunc(c.needs, func(need []audit.Right) bool { return gives(p, need) })
	})
}

func gives(p audit.Permission, alternatives []audit.Right) bool {
	return slices.ContainsFunc(alternatives, func(r audit.Right) bool { return r.GivenBy(p) })
}

// severityFor weighs a combination that the token holds. Where repositories play a part in it, it
// is one step graver across the whole organization, and on a protected repository. Rights over the
// organization are latent while the owner is no organization owner, for the token can do no more
// than its owner: critical is high then. What is unknown counts as the strongest.
func (c *combination) severityFor(s *audit.Subject) audit.Severity {
	severity := c.severity
	if reachesFar(s) && slices.ContainsFunc(c.involved(held(s)), onRepositories) {
		severity = min(severity+1, audit.Critical)
	}
	if c.latentFor(s) {
		severity = min(severity, audit.High)
	}
	return severity
}

// latentFor reports whether the combination takes an organization owner, and this is none.
func (c *combination) latentFor(s *audit.Subject) bool {
	role, known := roleOf(s)
	return known && role != audit.RoleAdmin &&
		!c.heldWithin(held(s), func(p audit.Permission) bool {
			return p.Group != audit.GroupOrganization
		})
}

// message returns what the token holds and what that gives.
func (c *combination) message(s *audit.Subject) string {
	var names []string
	for _, p := range c.involved(held(s)) {
		names = append(names, nameAndLevel(p))
	}
	message := strings.Join(names, " + ") + ": " + c.reason
	if c.latentFor(s) {
		message += " (latent: once its owner is an organization owner)"
	}
	return message
}

// reachesFar reports whether the token reaches all repositories, a protected one, or nobody knows
// how many.
func reachesFar(s *audit.Subject) bool {
	return !s.Known().Has(audit.FactSelection) || s.Token.Selection == audit.SelectAll ||
		s.Failed(protectedRepository.ID) != nil
}
