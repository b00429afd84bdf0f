// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"context"
	"io"
	"time"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/snapshot"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/json"
)

// Adding saves the runs of a report that is verified.
type Adding struct {
	Verification
	history records.ReadFlags
}

// Register registers the flags.
func (a *Adding) Register(set *pflag.FlagSet) {
	a.history.Register(set)
	a.registerJudging(set)
	a.memory.registerLast(set)
}

// Run verifies all of the report before it saves any of it.
func (a *Adding) Run(ctx context.Context, u *ui.UI) error {
	return a.history.With(ctx, u, func(store *history.Store) error {
		return a.add(ctx, u, &records.Keeper{At: store.Location(), Store: store, Tool: u.Tool})
	})
}

// add verifies the report, and saves its runs.
func (a *Adding) add(ctx context.Context, u *ui.UI, k *records.Keeper) error {
	if err := records.CheckSound(ctx, u, k.Store); err != nil {
		return ui.Failed(err)
	}
	saved, err := a.read(u)
	if err != nil {
		return err
	}
	var runs []*records.Judged
	added := map[*json.Part]bool{}
	for _, path := range a.Snapshots {
		part, run, err := a.part(ctx, u, k, saved, path)
		if err != nil {
			return err
		}
		if added[part] {
			return ui.Usagef("%s is the snapshot of %s, as another one is", path, part.Organization)
		}
		added[part] = true
		runs = append(runs, run)
	}
	if err := a.all(saved, added); err != nil {
		return err
	}
	if !u.Ending.Begin() {
		return ui.Failed(ui.ErrInterrupted)
	}
	defer u.Ending.End()
	if err := k.Save(ctx, u, runs...); err != nil {
		return ui.Failed(err)
	}
	for _, run := range runs {
		if run.Lost != nil {
			return ui.Failed(run.Lost)
		}
	}
	u.Ending.Passed()
	return nil
}

// part verifies a part of the report, and judges it with what the history remembers.
func (a *Adding) part(
	ctx context.Context, u *ui.UI, k *records.Keeper, saved *json.Saved, path string,
) (*json.Part, *records.Judged, error) {
	part, evidence, err := a.find(u, saved, path)
	if err != nil {
		return nil, nil, err
	}
	j, err := a.verified(ctx, u, k, saved, part, evidence, path)
	if err != nil {
		return nil, nil, err
	}
	of, options := *k, j.options
	options.AsOf = givenAsOf(part, evidence)
	if err := of.Judges(j.policy, options, j.extras(evidence)); err != nil {
		return nil, nil, ui.Failed(err)
	}
	if run, err := of.Present(ctx, evidence, part.AsOf); err != nil || run != nil {
		if err != nil {
			return nil, nil, ui.Failed(err)
		}
		of.NoteSaved(u, run, true)
		return part, run, nil
	}
	with, err := of.Recall(ctx, j.policy, evidence, j.options)
	if err != nil {
		return nil, nil, ui.Failed(err)
	}
	document, err := history.NewDocument(func(w io.Writer) error {
		_, err := snapshot.Save(w, evidence)
		return err
	})
	if err != nil {
		return nil, nil, ui.Failed(err)
	}
	run, err := of.Judge(ctx, u, &records.Judging{
		Evidence: evidence, Policy: j.policy, Options: with, Tool: part.Tool(),
		Snapshot: document,
	})
	if err != nil {
		return nil, nil, ui.Failed(err)
	}
	return part, run, nil
}

// verified returns by what a part was judged, but for what is remembered, if the part is what its
// evidence says. What it remembers is what this history does, unless it remembers nothing, or is
// taken at its word.
func (a *Adding) verified(
	ctx context.Context, u *ui.UI, k *records.Keeper, saved *json.Saved, part *json.Part,
	e *audit.Evidence, path string,
) (*judging, error) {
	store := k.Store
	if !part.Remembered() || a.memory.last != "" {
		store = nil
	}
	j, err := a.given(ctx, u, saved, part, e, store)
	if err != nil {
		return nil, err
	}
	_, differences, err := j.differences(saved, part, e)
	if err != nil {
		return nil, ui.Failed(err)
	}
	if len(differences) > 0 {
		if store != nil {
			u.Notef("the report was judged with what a history remembered: if that was another one, " +
				"or it has changed since, --last takes its word for that")
		}
		return nil, a.differs(u, differences, path)
	}
	j.options.Memory = nil
	return j, nil
}

// extras returns what was options for beyond the policy's needs, as the evidence tells.
func (j *judging) extras(e *audit.Evidence) (facts audit.Facts) {
	needs := j.policy.Needs(j.options.Skip)
	for source, fact := range map[string]audit.Facts{
		audit.SourceAuditLog: audit.FactCreated, audit.SourceAuthorizations: audit.FactClassic,
	} {
		if e.CoverageOf(source).Status != audit.NotAsked && !needs.Has(fact) {
			facts |= fact
		}
	}
	return facts
}

// givenAsOf returns the instant that was options for; zero: the evidence's own.
func givenAsOf(part *json.Part, e *audit.Evidence) time.Time {
	if part.AsOf.Equal(e.CollectedAt) {
		return time.Time{}
	}
	return part.AsOf
}
