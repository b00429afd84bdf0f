// SPDX-License-Identifier: Apache-2.0

// Package records is the history as commands use it: which one is meant, which of its runs, and
// what an audit takes from it and puts into it.
package records

import (
	"context"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/view"
)

// mostTrend is how many earlier runs a report's trend shows: a year of weeks.
const mostTrend = 52

// Keeper remembers runs. The zero value has no history.
type Keeper struct {
	At    *history.Location
	Batch string
	Host  string    // whose organizations are audited
	Tool  view.Tool // that judges

	criteria *audit.Criteria // what they are judged by; nil without a history
	Store    *history.Store  // nil until opened, and without a history
}

// Judges notes what the runs are judged by, and what is asked for beyond the policy's needs.
func (k *Keeper) Judges(p *audit.Policy, o audit.Options, added audit.Facts) (err error) {
	if k.At == nil {
		return nil
	}
	if k.criteria, err = policy.Criteria(p, o); err == nil {
		k.criteria.Added = added
	}
	return err
}

// Open opens the history, before anything is asked of GitHub. What it remembers decides of this
// run, too: nothing is judged with one of which a run is no longer as it was saved.
func (k *Keeper) Open(ctx context.Context, u *ui.UI) (err error) {
	if k.At == nil {
		return nil
	}
	if k.Store, err = history.Open(ctx, k.At); err != nil {
		return err
	}
	return CheckSound(ctx, u, k.Store)
}

// Close closes the history, if one was opened.
func (k *Keeper) Close() error {
	if k.Store == nil {
		return nil
	}
	return k.Store.Close()
}

// Recall returns the options with the memory of an organization's earlier runs.
func (k *Keeper) Recall(
	ctx context.Context, p *audit.Policy, e *audit.Evidence, o audit.Options,
) (audit.Options, error) {
	if k.Store == nil {
		return o, nil
	}
	asks, err := policy.Asks(p)
	if err != nil {
		return o, err
	}
	o.Memory, err = k.Store.Recall(ctx, e.Organization, asks, o.Skip, e.Collected(o.AsOf))
	if err != nil {
		return o, err
	}
	o.Memory.Trend = o.Memory.Trend[max(0, len(o.Memory.Trend)-mostTrend):]
	return o, k.Restore(ctx, o.Memory)
}

// RecallFresh is [Keeper.Recall] for evidence that was just collected, which it dates after the
// runs that are stored.
func (k *Keeper) RecallFresh(
	ctx context.Context, p *audit.Policy, e *audit.Evidence, o audit.Options,
) (audit.Options, error) {
	if k.Store != nil && !e.CollectedAt.IsZero() {
		at, err := k.Store.After(ctx, e.Organization, e.CollectedAt)
		if err != nil {
			return o, err
		}
		e.CollectedAt = at
	}
	return k.Recall(ctx, p, e, o)
}

// Restore puts into a memory the run with which it compares: token by token, as that is read.
func (k *Keeper) Restore(ctx context.Context, memory *audit.Memory) error {
	if memory.LastRun == 0 {
		return nil
	}
	last, err := openLast(ctx, k.Store, memory.LastRun)
	if err != nil {
		return err
	}
	if memory.LastUsed, err = k.Store.Used(ctx, memory.LastRun); err != nil {
		return err
	}
	memory.LastTool, memory.LastError = audit.Tool(last.report.Tool), nil
	memory.Last = audit.Streamed(last.report.Run, func(yield func(*audit.Result) bool) {
		for result, err := range last.results() {
			if err != nil {
				memory.LastError = err
				return
			}
			if !yield(result) {
				return
			}
		}
	})
	return nil
}
