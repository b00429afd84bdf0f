// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"iter"
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
	first      int             // place of its first need, in the order of all combinations
}

// combinations are a table of them as checkers read it. Which needs a permission may meet is
// looked up by its name: to compare each with each took a seventh of the time in which tokens are
// judged.
type combinations struct {
	all      []combination
	needs    int               // how many all of them have
	byName   map[string][]need // by the names of their rights
	byEnding []need            // whose right is to any beginning
}

// need is one right that meets a need.
type need struct {
	right audit.Right
	at    int // of the need, in the order of all combinations
}

// compile reads a table of combinations.
func compile(table []Combination) (*combinations, error) {
	compiled := &combinations{byName: map[string][]need{}}
	for i := range table {
		c, err := table[i].compile()
		if err != nil {
			return nil, err
		}
		c.first = compiled.needs
		for _, rights := range c.needs {
			for _, right := range rights {
				n := need{right, compiled.needs}
				if strings.HasPrefix(right.Name, "*") {
					compiled.byEnding = append(compiled.byEnding, n)
				} else {
					compiled.byName[right.Name] = append(compiled.byName[right.Name], n)
				}
			}
			compiled.needs++
		}
		compiled.all = append(compiled.all, c)
	}
	return compiled, nil
}

// met reports for each need of all combinations whether one of the permissions meets it. It may
// use buf for that.
func (c *combinations) met(held []audit.Permission, buf []bool) []bool {
	met := slices.Grow(buf[:0], c.needs)[:c.needs]
	clear(met)
	for _, p := range held {
		for _, n := range c.byName[p.Name] {
			met[n.at] = met[n.at] || n.right.GivenBy(p)
		}
		for _, n := range c.byEnding {
			met[n.at] = met[n.at] || n.right.GivenBy(p)
		}
	}
	return met
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

// held reports whether each need of the combination is met.
func (c *combination) held(met []bool) bool {
	return !slices.Contains(met[c.first:c.first+len(c.needs)], false)
}

// heldWithin reports whether those of the permissions that count make up the combination.
func (c *combination) heldWithin(
	held []audit.Permission, counts func(audit.Permission) bool,
) bool {
needs:
	for _, need := range c.needs {
		for i := range held {
			if counts(held[i]) && gives(held[i], need) {
				continue needs
			}
		}
		return false
	}
	return true
}

// involved ranges over the permissions that play a part in the combination.
func (c *combination) involved(held []audit.Permission) iter.Seq[audit.Permission] {
	return func(yield func(audit.Permission) bool) {
		for _, p := range held {
			if slices.ContainsFunc(c.needs, func(need []audit.Right) bool { return gives(p, need) }) &&
				!yield(p) {
				return
			}
		}
	}
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
	if reachesFar(s) {
		for p := range c.involved(s.Held()) {
			if onRepositories(p) {
				severity = min(severity+1, audit.Critical)
				break
			}
		}
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
		!c.heldWithin(s.Held(), func(p audit.Permission) bool {
			return p.Group != audit.GroupOrganization
		})
}

// message returns what the token holds and what that gives.
func (c *combination) message(s *audit.Subject) string {
	var names []string
	for p := range c.involved(s.Held()) {
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
