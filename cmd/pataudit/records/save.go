// SPDX-License-Identifier: Apache-2.0

package records

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/view"
)

// Judging is what is judged, and by what.
type Judging struct {
	Evidence *audit.Evidence
	Policy   *audit.Policy
	Options  audit.Options // with what is remembered
	Tool     audit.Tool
	Snapshot *history.Document // the evidence, as the history has it; nil without a history
	Lost     error             // why what is remembered was not to be had; nil: it was
}

// Judged is a run, and what becomes of it in the history.
type Judged struct {
	Run    *audit.Run
	Number int64 // in the history; 0: it is not there
	Lost   error // why it is not, and should be

	ready *history.Prepared // to be saved; nil: nothing is
}

// Remember returns the options with the memory of an organization's earlier runs. If the database
// does not answer, evidence that took long to collect is judged without, for that is more than
// nothing: such a run is incomplete, and is not saved. lost is why. Fresh evidence was just
// collected: see [Keeper.RecallFresh].
func (k *Keeper) Remember(
	ctx context.Context, p *audit.Policy, e *audit.Evidence, o audit.Options, fresh bool,
) (with audit.Options, lost, err error) {
	recall := k.Recall
	if fresh {
		recall = k.RecallFresh
	}
	if with, err = recall(ctx, p, e, o); err == nil {
		return with, nil, nil
	}
	if ctx.Err() != nil || !history.Unavailable(err) {
		return o, nil, err
	}
	return withoutMemory(o), err, nil
}

// withoutMemory returns the options of a run of which nothing is remembered, and should be.
func withoutMemory(o audit.Options) audit.Options {
	o.Memory, o.HistoryRequired = nil, true
	return o
}

// Judge judges, and makes the run ready to be saved. One of a batch is saved at once: who works on
// the batch, too, has to know of it.
func (k *Keeper) Judge(ctx context.Context, u *ui.UI, of *Judging) (*Judged, error) {
	j := &Judged{Run: audit.Evaluate(of.Evidence, of.Policy, of.Options), Lost: of.Lost}
	if k.Store == nil || of.Lost != nil {
		return j, nil
	}
	if memory := of.Options.Memory; memory != nil && memory.LastError != nil {
		return nil, memory.LastError
	}
	if j.Run.Since != nil && j.Run.Since.Outcome != j.Run.Outcome() {
		last, err := k.Last(ctx, of.Options.Memory)
		if err != nil && ctx.Err() == nil && history.Unavailable(err) {
			without := *of
			without.Options, without.Lost = withoutMemory(of.Options), err
			return k.Judge(ctx, u, &without)
		}
		if err != nil {
			return nil, err
		}
		SetChangedBy(j.Run, last, &audit.Judged{
			Evidence: of.Evidence, Policy: of.Policy, Options: of.Options, Tool: of.Tool,
		})
	}
	if memory := of.Options.Memory; memory != nil {
		memory.Last = nil // it was compared: saving needs room
	}
	if err := k.prepare(u, of, j); err != nil {
		return nil, err
	}
	if k.Batch == "" {
		return j, nil
	}
	return j, k.Save(ctx, u, j)
}

// prepare makes a run ready to be saved.
func (k *Keeper) prepare(u *ui.UI, of *Judging, j *Judged) (err error) {
	text, err := history.NewDocument(func(w io.Writer) error {
		return json.Format.Write(w, &view.Document{Runs: []*audit.Run{j.Run}, Tool: of.Tool})
	})
	if err != nil {
		return err
	}
	j.ready, err = history.Prepare(u.Now().UTC(), &history.Entry{
		Run: j.Run, Criteria: k.criteria, Memory: of.Options.Memory,
		Tool: of.Tool.Name + " " + of.Tool.Version, Batch: k.Batch,
		Report: text, Snapshot: of.Snapshot,
	})
	return err
}

// Save saves the runs that are ready: all of them, or none. Each knows its number then, or why it
// has none. It is an error if they were not tried.
func (k *Keeper) Save(ctx context.Context, u *ui.UI, runs ...*Judged) error {
	var waiting []*Judged
	var ready []*history.Prepared
	for _, j := range runs {
		if j.ready != nil {
			waiting, ready = append(waiting, j), append(ready, j.ready)
		}
	}
	if len(ready) == 0 {
		return nil
	}
	if !u.Ending.Begin() {
		return ui.ErrInterrupted
	}
	defer u.Ending.End()
	saved, err := k.Store.SaveAll(ctx, ready...)
	if err != nil && ctx.Err() != nil && !errors.Is(err, history.ErrUnfinished) {
		return ctx.Err()
	}
	for i, j := range waiting {
		j.ready = nil
		if j.Lost = err; err != nil {
			continue
		}
		j.Number = saved[i].Number
		if saved[i].Again && k.Batch != "" {
			if err := k.usable(ctx, u.Now(), j.Number); err != nil { // another worker was faster
				return err
			}
		}
		k.NoteSaved(u, j, saved[i].Again)
	}
	return nil
}

// NoteSaved prints under which number a run is saved.
func (k *Keeper) NoteSaved(u *ui.UI, j *Judged, again bool) {
	login := j.Run.Organization.Login
	if again {
		u.Notef("%s: in %s already, as run %d", login, k.At, j.Number)
		return
	}
	u.Ending.AddSaved(j.Number, k.At)
	u.Notef("%s: saved as run %d in %s", login, j.Number, k.At)
}

// Present returns the run that the history has of some evidence as of an instant, judged by the
// same; nil if it has none.
func (k *Keeper) Present(
	ctx context.Context, e *audit.Evidence, asOf time.Time,
) (*Judged, error) {
	runs, err := k.Store.Judged(ctx, e.Digest, asOf)
	if err != nil {
		return nil, err
	}
	for i := range runs {
		if runs[i].Criteria == k.criteria.Digest() {
			return &Judged{
				Run: &audit.Run{Organization: e.Organization}, Number: runs[i].Number,
			}, nil
		}
	}
	return nil, nil //nolint:nilnil // no run is no error
}
