// SPDX-License-Identifier: Apache-2.0

package records

import (
	"bytes"
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

// Done returns the run of an organization that the batch has already, and its number; nil if there
// is none. It is an error if that run cannot stand for one of today: it was judged otherwise, or
// is old.
func (k *Keeper) Done(
	ctx context.Context, now time.Time, login string,
) (*audit.Run, int64, error) {
	if k.Store == nil || k.Batch == "" {
		return nil, 0, nil
	}
	runs, err := k.Store.Runs(ctx,
		history.Query{Organization: login, Host: k.Host, Batch: k.Batch})
	if err != nil || len(runs) == 0 {
		return nil, 0, err
	}
	number := runs[len(runs)-1].Number
	if err := k.usable(ctx, now, number); err != nil {
		return nil, 0, err
	}
	run, err := Run(ctx, k.Store, number)
	return run, number, err
}

// usable returns an error unless a run of the batch can stand for one of today.
func (k *Keeper) usable(ctx context.Context, now time.Time, number int64) error {
	run, err := k.Store.Run(ctx, number)
	if err != nil {
		return err
	}
	why, err := k.stale(ctx, run, now)
	if err == nil && why != "" {
		err = fmt.Errorf("--batch %s has run %d of %s already, %s: name another batch", k.Batch,
			number, run.Organization.Login, why)
	}
	return err
}

// stale returns why a run of the batch cannot stand for one of today; "" if it can.
func (k *Keeper) stale(ctx context.Context, run *history.Run, now time.Time) (string, error) {
	switch {
	case now.Sub(run.SavedAt) > freshBatch:
		return "of " + run.SavedAt.Format(time.DateOnly), nil
	case run.Tool != k.Tool.Name+" "+k.Tool.Version:
		return "judged by " + run.Tool, nil
	case run.Criteria == k.criteria.Digest():
		return "", nil
	}
	theirs, err := k.Store.Criteria(ctx, run.Number)
	switch ours := k.criteria; {
	case err != nil:
		return "", err
	case theirs.PolicyDigest != ours.PolicyDigest:
		return "judged by another policy", nil
	case !bytes.Equal(theirs.Decisions, ours.Decisions):
		return "judged with other decisions", nil
	case !bytes.Equal(theirs.Baseline, ours.Baseline):
		return "judged with another baseline", nil
	case !bytes.Equal(theirs.Registry, ours.Registry):
		return "judged with another registry", nil
	}
	return "judged with other flags (--fail-on-requests, --fail-on-overdue, --allow-empty, " +
		"--history-required, --repositories, --audit-log, --as-of)", nil
}
