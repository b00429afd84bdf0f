// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
)

// mostBatch is how long the name of a batch may be; and freshBatch how old what a batch has
// already. A worker that is started again goes on; a name that is used again is a mistake.
const (
	mostBatch  = 200
	freshBatch = 24 * time.Hour
)

// done gives the run of an organization that the batch has already; nil if there is none.
// It is an error if that run cannot stand for one of today: it was judged by another policy, or is
// old.
func (k *keeper) done(ctx context.Context, login string, p *audit.Policy) (*audit.Run, error) {
	if k.store == nil || k.batch == "" {
		return nil, nil //nolint:nilnil // no run is no error
	}
	runs, err := k.store.Runs(ctx,
		history.Query{Organization: login, Host: k.host, Batch: k.batch})
	if err != nil || len(runs) == 0 {
		return nil, err
	}
	run := &runs[len(runs)-1]
	if why := stale(run, p, time.Now()); why != "" {
		return nil, fmt.Errorf("--batch %s has run %d of %s already, %s: name another batch", k.batch,
			run.Number, login, why)
	}
	done, err := storedRun(ctx, k.store, run.Number)
	if err == nil && milder(done, p) {
		return nil, fmt.Errorf("--batch %s has run %d of %s already, by decisions, a baseline or flags "+
			"that this one lacks: name another batch", k.batch, run.Number, login)
	}
	return done, err
}

// milder reports whether a run was judged more mildly than the policy does, by what no digest
// covers.
func milder(run *audit.Run, p *audit.Policy) bool {
	return run.Debt != nil && p.Baseline == nil || len(run.Decisions) > 0 && len(p.Decisions) == 0 ||
		p.FailOnRequests && !run.Policy.FailOnRequests ||
		p.FailOnOverdue && !run.Policy.FailOnOverdue
}

// stale says why a run of the batch cannot stand for one of today; "" if it can.
func stale(run *history.Run, p *audit.Policy, now time.Time) string {
	switch {
	case now.Sub(run.SavedAt) > freshBatch:
		return "of " + run.SavedAt.Format(time.DateOnly)
	case run.Policy.Digest != p.Digest:
		return "by another policy"
	case run.Skipped != p.Skip:
		return "by other --repositories"
	}
	return ""
}
