// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"context"
	"io"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/snapshot"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/view"
)

// run collects, judges and reports. It ends with a [ui.ExitError] unless the run is clean.
func (j *job) run(ctx context.Context, u *ui.UI) error {
	code, err := j.report(ctx, u)
	switch {
	case err != nil:
		return err
	case code != ui.ExitClean:
		return ui.Exit(code)
	}
	return nil
}

// report does the job and returns the exit code of its verdict.
func (j *job) report(ctx context.Context, u *ui.UI) (code int, err error) {
	files := &u.Files
	defer files.Discard()
	if err := files.Open(j.Paths()); err != nil {
		return 0, ui.Failed(err)
	}
	defer func() {
		if closed := j.keeper.Close(); err == nil && closed != nil {
			err = ui.Failed(closed)
		}
	}()
	if err := j.keeper.Open(ctx, u); err != nil {
		return 0, ui.Failed(err)
	}
	document, runs, err := j.document(ctx, u)
	if err != nil {
		return 0, err
	}
	if j.several && len(document.Runs)+len(document.Failed) == 0 {
		u.Notef("no organization is of part %s: nothing to do, and nothing is written", j.shard.text)
		if len(j.Paths()) > 0 {
			return ui.ExitIncomplete, nil // what stands there is of another day
		}
		return ui.ExitClean, nil
	}
	code = j.exitCode(document.Outcome())
	document.View.Exit, document.View.Deciding = &code, j.again.Deciding(document)
	if j.keeper.Store != nil {
		return j.finish(ctx, u, document, runs)
	}
	document.View.Hints = j.again.Hints(document, nil)
	if err := j.Write(ctx, u, document); err != nil {
		return 0, ui.Failed(err)
	}
	return code, nil
}

// document audits what the job is about.
func (j *job) document(
	ctx context.Context, u *ui.UI,
) (*view.Document, []*records.Judged, error) {
	document := &view.Document{
		Several: j.several, View: j.view,
		Tool: u.Tool,
	}
	if j.several {
		runs, err := j.auditSeveral(ctx, u, document)
		return document, runs, err
	}
	run, err := j.audit(ctx, u, j.subjects[0])
	if err != nil {
		return nil, nil, err
	}
	document.Runs = []*audit.Run{run.Run}
	return document, []*records.Judged{run}, nil
}

// audit collects the evidence of one organization, saves it, and judges it; unless its batch has
// done so before.
func (j *job) audit(ctx context.Context, u *ui.UI, s subject) (*records.Judged, error) {
	if run, number, err := j.keeper.Done(ctx, u.Now(), s.login); err != nil {
		return nil, ui.Failed(err)
	} else if run != nil {
		u.Notef("%s: audited before, as part of %s", s.login, j.keeper.Batch)
		return &records.Judged{Run: run, Number: number}, nil
	}
	evidence, err := s.source.Collect(ctx, j.policy.Needs(j.options.Skip)|j.extras.Facts())
	if err != nil {
		return nil, ui.Failed(err)
	}
	if !j.several {
		err := flags.CheckBaseline(j.judged.Baseline, j.policy.Baseline, evidence.Organization)
		if err != nil {
			return nil, ui.Usage(err)
		}
		if evidence.Digest == "" {
			j.evidence = "" // a list; of several, which are audited at once, there is none
		}
	}
	j.extras.Warn(u, evidence)
	options := j.options
	if options.AsOf.IsZero() && evidence.CollectedAt.IsZero() {
		options.AsOf = u.Now().UTC().Truncate(time.Second)
		u.Warnf("the evidence has no date: judged as of now; --as-of TIME says when it was made")
	}
	options, lost, err := j.keeper.Remember(ctx, j.policy, evidence, options, j.from == "")
	if err != nil {
		return nil, ui.Failed(err)
	}
	if err := j.repositories.Learn(ctx, s.source, evidence, j.policy, options); err != nil {
		return nil, ui.Failed(err)
	}
	stored, err := j.saveEvidence(&u.Files, evidence)
	if err != nil {
		return nil, ui.Failed(err)
	}
	run, err := j.keeper.Judge(ctx, u, &records.Judging{
		Evidence: evidence, Policy: j.policy, Options: options, Tool: u.Tool, Lost: lost,
		Snapshot: stored,
	})
	if err != nil {
		return nil, ui.Failed(err)
	}
	j.warnNotUsed(u, run.Run)
	return run, nil
}

// saveEvidence saves the snapshot, if one is asked for, and for a history, and gives the evidence
// its digest. Evidence from a snapshot has that of the file it was read from. It returns what is
// for the history; nil without one.
func (j *job) saveEvidence(
	files *ui.Files, evidence *audit.Evidence,
) (stored *history.Document, err error) {
	saved := ""
	save := func(w io.Writer) (err error) {
		saved, err = snapshot.Save(w, evidence)
		return err
	}
	for i, t := range j.Targets {
		if t.Format.Write == nil {
			if err := files.Write(i, save); err != nil {
				return nil, err
			}
		}
	}
	switch {
	case j.keeper.Store != nil:
		if stored, err = history.NewDocument(save); err != nil {
			return nil, err
		}
	case evidence.Digest == "" && saved == "":
		if err := save(io.Discard); err != nil {
			return nil, err
		}
	}
	evidence.Digest = cmp.Or(evidence.Digest, saved)
	evidence.Manifest = nil // nothing but what was saved has it
	return stored, nil
}

// exitCode returns the code of a verdict.
func (j *job) exitCode(outcome audit.Outcome) int {
	switch {
	case outcome == audit.Clean:
		return ui.ExitClean
	case outcome == audit.Violations && j.exitZero:
		return ui.ExitClean
	case outcome == audit.Violations:
		return ui.ExitViolations
	case outcome == audit.Incomplete && j.allowIncomplete:
		return ui.ExitClean
	case outcome == audit.Incomplete:
		return ui.ExitIncomplete
	case j.allowIncomplete:
		return ui.ExitViolations
	}
	return ui.ExitViolationsIncomplete
}
