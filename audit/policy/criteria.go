// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"github.com/complytime/pataudit/audit"
)

// Criteria returns what a policy judges by, as texts that can be kept. The policy must be sealed.
// The error is of what no file can say.
func Criteria(p *audit.Policy) (*audit.Criteria, error) {
	c := &audit.Criteria{
		PolicyDigest: p.Digest, FailOnRequests: p.FailOnRequests, FailOnOverdue: p.FailOnOverdue,
		AllowEmpty: p.AllowEmpty, HistoryRequired: p.HistoryRequired, Skip: p.Skip,
		Shared: p.Shared,
	}
	var err error
	if c.Asks, err = Asks(p); err != nil {
		return nil, err
	}
	if c.Policy, err = Format(p); err != nil {
		return nil, err
	}
	if len(p.Decisions) > 0 {
		if c.Decisions, err = FormatDecisions(p.Decisions, p); err != nil {
			return nil, err
		}
	}
	if p.Baseline != nil {
		c.Baseline = FormatBaseline(p.Baseline)
	}
	return c, nil
}

// OfCriteria returns the policy that judges by them; it is the inverse of [Criteria]. Its digest
// is another one than theirs if a person was taken out of the text, or if this version has rules
// that the text does not name.
func OfCriteria(c *audit.Criteria, rules []*audit.Rule) (*audit.Policy, error) {
	p, err := Parse("the policy of the run", c.Policy, rules)
	if err != nil {
		return nil, err
	}
	if c.Decisions != nil {
		if p.Decisions, err = ParseDecisions("the decisions of the run", c.Decisions, p); err != nil {
			return nil, err
		}
	}
	if c.Baseline != nil {
		if p.Baseline, err = ParseBaseline("the baseline of the run", c.Baseline, p); err != nil {
			return nil, err
		}
	}
	p.FailOnRequests, p.FailOnOverdue = c.FailOnRequests, c.FailOnOverdue
	p.AllowEmpty, p.HistoryRequired, p.Skip = c.AllowEmpty, c.HistoryRequired, c.Skip
	p.Shared = c.Shared
	return p, nil
}
