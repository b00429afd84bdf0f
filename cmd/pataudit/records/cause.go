// SPDX-License-Identifier: Apache-2.0

package records

import (
	"context"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
)

// Last returns the run with which a memory compares as it can be judged again, to find out why a
// verdict is another one; nil without one, and if this version cannot judge by its policy.
func (k *Keeper) Last(ctx context.Context, memory *audit.Memory) (*audit.Judged, error) {
	if k.Store == nil || memory == nil || memory.Last == nil {
		return nil, nil //nolint:nilnil // no run is no error
	}
	criteria, err := k.Store.Criteria(ctx, memory.LastRun)
	if err != nil {
		return nil, err
	}
	last := &audit.Judged{
		Options: criteria.Options(), Outcome: memory.Last.Outcome(), Tool: memory.LastTool,
	}
	last.Options.AsOf = memory.Last.AsOf
	if last.Policy, err = policy.OfCriteria(criteria, rules.All); err != nil {
		return nil, nil //nolint:nilerr,nilnil // it cannot be told
	}
	if last.Options.Memory, err = k.Store.Memory(ctx, memory.LastRun); err != nil {
		return nil, err
	}
	last.Evidence, err = Evidence(ctx, k.Store, memory.LastRun)
	return last, err
}

// SetChangedBy writes into a run why its verdict is not that of the last complete run.
func SetChangedBy(run *audit.Run, last, now *audit.Judged) {
	if run.Since != nil && last != nil {
		now.Options.AsOf, now.Outcome = run.AsOf, run.Outcome()
		run.Since.ChangedBy = audit.ChangedBy(last, now)
	}
}
