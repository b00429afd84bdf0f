// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/snapshot"
	"github.com/complytime/pataudit/report"
)

// run collects, judges and reports. It ends with an exitError unless the run is clean.
func (j *job) run(ctx context.Context, ui *ui) error {
	code, err := j.report(ctx, ui)
	switch {
	case err != nil:
		return err
	case code != exitClean:
		return &exitError{code, nil}
	}
	return nil
}

// report does the job and gives the exit code of its verdict.
func (j *job) report(ctx context.Context, ui *ui) (code int, err error) {
	files := &ui.files
	defer files.discard()
	if err := files.open(j.paths()); err != nil {
		return 0, failed(err)
	}
	defer func() {
		if closed := j.keeper.close(); err == nil && closed != nil {
			err = failed(closed)
		}
	}()
	if err := j.keeper.open(ctx, ui); err != nil {
		return 0, failed(err)
	}
	document, err := j.document(ctx, ui)
	if err != nil {
		return 0, err
	}
	if j.several && len(document.Runs)+len(document.Failed) == 0 {
		ui.notef("no organization is of part %s: nothing to do, and nothing is written", j.shard.text)
		if len(j.paths()) > 0 {
			return exitIncomplete, nil // what stands there is of another day
		}
		return exitClean, nil
	}
	code = j.exitCode(document.Outcome())
	document.View.Exit = &code
	if err := j.write(ctx, ui, document); err != nil {
		return 0, failed(err)
	}
	return code, nil
}

// document audits what the job is about.
func (j *job) document(ctx context.Context, ui *ui) (*report.Document, error) {
	document := &report.Document{
		Several: j.several, View: j.view,
		Tool: thisTool(),
	}
	if j.several {
		return document, j.auditSeveral(ctx, ui, document)
	}
	run, number, err := j.audit(ctx, ui, j.subjects[0])
	if err != nil {
		return nil, err
	}
	document.Runs = []*audit.Run{run}
	document.View.Hints = j.again.hints(document, map[*audit.Run]int64{run: number})
	return document, nil
}

// audit collects the evidence of one organization, keeps it, and judges it; unless its batch has
// done so before. It returns the run, and its number in the history: 0 if it is in none.
func (j *job) audit(ctx context.Context, ui *ui, s subject) (*audit.Run, int64, error) {
	if run, number, err := j.keeper.done(ctx, ui.now(), s.login); err != nil {
		return nil, 0, failed(err)
	} else if run != nil {
		ui.notef("%s: audited before, as part of %s", s.login, j.keeper.batch)
		return run, number, nil
	}
	evidence, err := s.source.Collect(ctx, j.policy.Needs()|j.extras.want())
	if err != nil {
		return nil, 0, j.collectFailed(ctx, err)
	}
	if !j.several {
		if err := foreign(j.baseline, j.policy.Baseline, evidence.Organization); err != nil {
			return nil, 0, usage(err)
		}
	}
	j.extras.tell(ui, evidence)
	asOf := j.asOf
	if asOf.IsZero() && evidence.CollectedAt.IsZero() {
		asOf = ui.now().UTC().Truncate(time.Second)
		ui.warnf("the evidence has no date: judged as of now; --as-of TIME says when it was made")
	}
	policy, err := j.keeper.recall(ctx, j.policy, evidence, asOf)
	if err != nil {
		return nil, 0, failed(err)
	}
	if err := j.repositories.settle(ctx, s.source, evidence, policy, asOf); err != nil {
		return nil, 0, failed(err)
	}
	var kept bytes.Buffer
	if err := j.keep(&ui.files, evidence, &kept); err != nil {
		return nil, 0, failed(err)
	}
	run := audit.Evaluate(evidence, policy, asOf)
	if run.Since != nil && run.Since.Outcome != run.Outcome() {
		last, err := j.keeper.last(ctx, policy.Memory)
		if err != nil {
			return nil, 0, failed(err)
		}
		changedBy(run, last, &audit.Judged{Evidence: evidence, Policy: policy, Tool: thisTool()})
	}
	number, err := j.keeper.save(ctx, ui, run, policy.Memory, kept.Bytes())
	if err != nil {
		return nil, 0, failed(err)
	}
	return run, number, nil
}

// keep saves the snapshot, if one is asked for, and for a history, and gives the evidence its
// digest. Evidence from a snapshot has that of the file it was read from.
func (j *job) keep(files *outputs, evidence *audit.Evidence, kept *bytes.Buffer) error {
	saved := ""
	save := func(w io.Writer) (err error) {
		saved, err = snapshot.Save(w, evidence)
		return err
	}
	for i, t := range j.targets {
		if t.format.Write == nil {
			if err := files.write(i, save); err != nil {
				return err
			}
		}
	}
	switch {
	case j.keeper.store != nil:
		if err := save(kept); err != nil {
			return err
		}
	case evidence.Digest == "" && saved == "":
		if err := save(io.Discard); err != nil {
			return err
		}
	}
	evidence.Digest = cmp.Or(evidence.Digest, saved)
	return nil
}

// parseTime reads a date, which begins at midnight UTC, or an instant. An empty text is zero.
func parseTime(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is neither a date (2026-11-22) nor RFC 3339", text)
}

// exitCode gives the code of a verdict.
func (j *job) exitCode(outcome audit.Outcome) int {
	switch {
	case outcome == audit.Clean:
		return exitClean
	case outcome == audit.Violations && j.exitZero:
		return exitClean
	case outcome == audit.Violations:
		return exitViolations
	case outcome == audit.Incomplete && j.allowIncomplete:
		return exitClean
	case outcome == audit.Incomplete:
		return exitIncomplete
	case j.allowIncomplete:
		return exitViolations
	}
	return exitViolationsIncomplete
}

// collectFailed sorts the error of a source: a file is the user's to mend.
func (j *job) collectFailed(ctx context.Context, err error) error {
	if j.fromFile && ctx.Err() == nil {
		return usage(err)
	}
	return failed(err)
}
