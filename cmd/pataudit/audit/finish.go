// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/view"
)

// finish saves the runs and writes the outputs: both, or neither. Where the history does not save
// them, the outputs are written, and say so, and the exit code is 1: who looks at the code alone
// must not take the run for one that is remembered.
func (j *job) finish(
	ctx context.Context, u *ui.UI, document *view.Document, runs []*records.Judged,
) (code int, err error) {
	j.WarnUnmatched(u, document)
	if err := j.Fill(document, u.Files.Write); err != nil {
		return 0, ui.Failed(err)
	}
	if !u.Ending.Begin() {
		return 0, ui.Failed(ui.ErrInterrupted)
	}
	err = j.saveAndCommit(ctx, u, document, runs)
	u.Ending.End()
	if err != nil {
		return 0, ui.Failed(err)
	}
	numbers := map[*audit.Run]int64{}
	for _, r := range runs {
		numbers[r.Run] = r.Number
	}
	document.View.Hints = j.again.Hints(document, numbers)
	if err := j.Print(u, document); err != nil {
		return 0, ui.Failed(err)
	}
	return *document.View.Exit, nil
}

// saveAndCommit saves the runs, and puts the files into their places: once runs are saved, nothing
// but a second interruption ends that.
func (j *job) saveAndCommit(
	ctx context.Context, u *ui.UI, document *view.Document, runs []*records.Judged,
) error {
	if err := j.keeper.Save(ctx, u, runs...); err != nil {
		return err
	}
	saved, lost := false, false
	for _, r := range runs {
		saved = saved || r.Number != 0 || errors.Is(r.Lost, history.ErrUnfinished)
		if r.Lost != nil {
			lost, r.Run.Unsaved = true, true
			u.Errorf("%s: not saved: %v", r.Run.Organization.Login, r.Lost)
		}
	}
	if saved {
		u.Ending.Passed()
		ctx = context.WithoutCancel(ctx)
	}
	if lost {
		j.noteHowToAdd(u)
		failed := ui.ExitFailed
		document.View.Exit = &failed
		if err := j.Fill(document, u.Files.Rewrite); err != nil {
			u.Errorf("%v: that the history lacks the run is not said there", err)
		}
	}
	err := u.Files.Commit(ctx)
	if err != nil && saved {
		err = fmt.Errorf("%w; the run is saved: `pataudit history show RUN -o FILE` writes its report",
			err)
	}
	return err
}

// noteHowToAdd prints how the history gets a run that it did not save.
func (j *job) noteHowToAdd(u *ui.UI) {
	saved, evidence := j.Verifiable()
	evidence = cmp.Or(evidence, j.evidence)
	switch {
	case j.several:
		u.Errorf("the history lacks what is not saved, and it cannot be added later: that takes the " +
			"snapshot of each organization (pataudit collect ORG); audit again")
	case saved == "" || evidence == "":
		u.Errorf("the history lacks this run, and it cannot be added later: that takes a JSON report " +
			"(-o FILE.json) and the snapshot (--snapshot FILE); audit again")
	default:
		words := j.again.Line([]string{"history", "add", ui.Operand(saved), ui.Operand(evidence)})
		u.Errorf("the history lacks this run: `%s` adds it", view.Hint{Words: words})
	}
}
