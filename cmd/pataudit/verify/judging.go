// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"context"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/json"
)

// judging is by what a part of a report is judged again.
type judging struct {
	policy  *audit.Policy
	options audit.Options // with what is remembered
	last    *audit.Judged // the run that it is compared with; nil if that cannot be judged again
	since   *audit.Since  // by the report, which is taken at its word for it; nil: it is not

	run       *history.Run // that was judged by this; nil: the flags say so
	rewritten bool         // a person was taken out of it
}

// differences judges a part again, and compares.
func (j *judging) differences(
	saved *json.Saved, part *json.Part, e *audit.Evidence,
) (*audit.Run, []json.Difference, error) {
	run := audit.Evaluate(e, j.policy, j.options)
	if m := j.options.Memory; m != nil && m.LastError != nil {
		return nil, nil, m.LastError
	}
	records.SetChangedBy(run, j.last, &audit.Judged{
		Evidence: e, Policy: j.policy, Options: j.options, Tool: part.Tool(),
	})
	j.adoptSince(run)
	differences, err := part.Differences(run)
	if err != nil {
		return nil, nil, err
	}
	totals, err := saved.TotalDifferences()
	return run, append(differences, totals...), err
}

// adoptSince takes the report's word for how many findings changed, and why, where the earlier
// run's are not at hand.
func (j *judging) adoptSince(run *audit.Run) {
	if run.Since == nil || j.since == nil {
		return
	}
	s := run.Since
	s.AsOf, s.Outcome, s.PolicyDigest = j.since.AsOf, j.since.Outcome, j.since.PolicyDigest
	s.Tool, s.ChangedBy, s.NotUsed = j.since.Tool, j.since.ChangedBy, j.since.NotUsed
	s.Opened, s.Fixed = j.since.Opened, j.since.Fixed
	s.Waived, s.Indebted = j.since.Waived, j.since.Indebted
}

// explain prints what may be the reason for differences.
func (j *judging) explain(u *ui.UI, part *json.Part) {
	switch {
	case j.rewritten:
		u.Notef("a person was taken out of what run %d was judged by: name the files as they were, "+
			"with --policy, --decisions, --baseline and --registry", j.run.Number)
	case j.options.Memory != nil && !part.Remembered():
		u.Notef("the report tells nothing of earlier runs, and the history does: if it was made " +
			"without one, say so with --last " + noRun)
	}
}

// judgings returns by what a part may have been judged: what the history keeps of the runs of this
// evidence as of that instant; else what the flags name.
func (v *Verification) judgings(
	ctx context.Context, u *ui.UI, saved *json.Saved, part *json.Part, e *audit.Evidence,
) (all []*judging, err error) {
	var store *history.Store
	if v.memory.last == "" {
		if store, err = v.memory.history.OpenNamed(ctx, u); err != nil {
			return nil, err
		}
	}
	if store == nil {
		j, err := v.given(ctx, u, saved, part, e, nil)
		return []*judging{j}, err
	}
	defer func() {
		if closed := store.Close(); err == nil && closed != nil {
			err = ui.Failed(closed)
		}
	}()
	runs, err := store.Judged(ctx, e.Digest, part.AsOf)
	if err != nil {
		return nil, ui.Failed(err)
	}
	for i := range runs {
		j, err := v.storedJudging(ctx, store, &runs[i], part)
		if err != nil {
			return nil, ui.Failed(err)
		}
		if j != nil {
			j.options.Shared = j.options.Shared || saved.Several()
			all = append(all, j)
		}
	}
	if len(all) == 0 {
		j, err := v.given(ctx, u, saved, part, e, store)
		return []*judging{j}, err
	}
	if v.judgedBy.Named() {
		u.Notef("the history keeps what run %d was judged by: --policy, --set, --fail-on, "+
			"--decisions, --baseline and --registry are not read", all[0].run.Number)
	}
	return all, nil
}

// storedJudging returns what the history keeps of a run: by what it was judged, and what was
// remembered then. It is nil if that is another policy than the part's.
func (v *Verification) storedJudging(
	ctx context.Context, store *history.Store, run *history.Run, part *json.Part,
) (*judging, error) {
	criteria, err := store.Criteria(ctx, run.Number)
	if err != nil {
		return nil, err
	}
	p, err := policy.OfCriteria(criteria, rules.All)
	if err != nil {
		return nil, err
	}
	if part.Policy.Digest != run.Policy.Digest && part.Policy.Digest != p.Digest {
		return nil, nil //nolint:nilnil // it is not of this run
	}
	j := &judging{
		policy: p, options: criteria.Options(), run: run,
		rewritten: criteria.Digest() != run.Criteria,
	}
	j.options.AsOf = part.AsOf
	memory, err := store.Memory(ctx, run.Number)
	if err != nil || memory == nil {
		return j, err
	}
	j.options.Memory = memory
	k := &records.Keeper{Store: store}
	if err := k.Restore(ctx, memory); err != nil {
		return nil, err
	}
	j.last, err = k.Last(ctx, memory)
	return j, err
}
