// SPDX-License-Identifier: Apache-2.0

package records

import (
	"context"
	"fmt"
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
)

// Criteria returns what a stored run was judged by, so far as it is about the run's organization.
func Criteria(
	ctx context.Context, store *history.Store, number int64, run *audit.Run,
) (*audit.Criteria, error) {
	criteria, err := store.Criteria(ctx, number)
	if err != nil {
		return nil, err
	}
	if err := narrow(criteria, run); err != nil {
		return nil, fmt.Errorf("run %d: %w", number, err)
	}
	return criteria, nil
}

// narrow leaves, of what several organizations were judged by, what is of this one: the decisions
// that its run has, and the baseline if it is its own. With these alone its report
// can be judged again, and nobody reads what was decided elsewhere.
func narrow(c *audit.Criteria, run *audit.Run) error {
	if !c.Shared {
		return nil
	}
	p, err := policy.OfCriteria(c, rules.All)
	if err != nil {
		return nil //nolint:nilerr // another version wrote it: it stays as it is
	}
	named := map[int64]bool{}
	for i := range run.Decisions {
		named[run.Decisions[i].Decision.TokenID] = true
	}
	p.Decisions = slices.DeleteFunc(p.Decisions, func(d *audit.Decision) bool {
		if d.Kind == audit.Attest {
			return !run.Organization.Called(d.Organization)
		}
		return !named[d.TokenID]
	})
	c.Decisions = nil
	if len(p.Decisions) > 0 {
		c.Decisions, err = policy.FormatDecisions(p.Decisions, p)
	}
	if !p.Baseline.Of(run.Organization) {
		c.Baseline = nil
	}
	return err
}
