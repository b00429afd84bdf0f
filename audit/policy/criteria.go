// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"github.com/complytime/pataudit/audit"
)

// Criteria returns what a run is judged by, as texts that can be kept. The policy must be sealed.
// The error is of what no file can say.
func Criteria(p *audit.Policy, o audit.Options) (*audit.Criteria, error) {
	c := &audit.Criteria{
		PolicyDigest: p.Digest, FailOnRequests: o.FailOnRequests, FailOnOverdue: o.FailOnOverdue,
		AllowEmpty: o.AllowEmpty, HistoryRequired: o.HistoryRequired, Skip: o.Skip,
		Shared: o.Shared, AsOf: o.AsOf,
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
	if p.Registry != nil {
		c.Registry = FormatRegistry(p.Registry)
	}
	return c, nil
}

// OfCriteria returns the policy that judges by them, as [audit.Criteria.Options] returns the
// options: they are the inverse of [Criteria]. The policy's digest is another one than theirs if a
// person was taken out of the text, or if this version has rules that the text does not name.
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
	if c.Registry != nil {
		if p.Registry, err = ParseRegistry("the registry of the run", c.Registry); err != nil {
			return nil, err
		}
	}
	return p, nil
}
