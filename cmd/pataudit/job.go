// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
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

// report does the job and gives the exit code of the run's verdict.
func (j *job) report(ctx context.Context, ui *ui) (int, error) {
	files := &ui.files
	defer files.discard()
	paths := make([]string, len(j.targets))
	for i, t := range j.targets {
		paths[i] = t.path
	}
	if err := files.open(paths); err != nil {
		return 0, failed(err)
	}
	evidence, err := j.source.Collect(ctx, j.policy.Needs())
	if err != nil {
		return 0, j.collectFailed(ctx, err)
	}
	ui.clear()
	if err := j.keep(files, evidence); err != nil {
		return 0, failed(err)
	}
	asOf := j.asOf
	if asOf.IsZero() && evidence.CollectedAt.IsZero() {
		asOf = time.Now().UTC().Truncate(time.Second)
		ui.warnf("the evidence has no date: judged as of now; --as-of TIME says when it was made")
	}
	run := audit.Evaluate(evidence, j.policy, asOf)
	code := j.exitCode(run)
	view := j.view
	view.Exit = &code
	document := &report.Document{
		Runs: []*audit.Run{run}, View: view,
		Tool: report.Tool{Name: "pataudit", Version: toolVersion()},
	}
	for i, t := range j.targets {
		if t.format.Write == nil {
			continue // the snapshot: kept already
		}
		if err := files.write(i, func(w io.Writer) error {
			return t.format.Write(w, document)
		}); err != nil {
			return 0, failed(err)
		}
	}
	if j.stdout != nil && ctx.Err() == nil {
		if err := writeStdout(ui.out, func(w io.Writer) error {
			return j.stdout.Write(w, document)
		}); err != nil {
			return 0, failed(fmt.Errorf("writing standard output: %w", err))
		}
	}
	if err := files.commit(ctx); err != nil {
		return 0, failed(err)
	}
	return code, nil
}

// keep saves the snapshot, if one is asked for, and gives the evidence its digest. Evidence from a
// snapshot has that of the file it was read from.
func (j *job) keep(files *outputs, evidence *audit.Evidence) error {
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
	if evidence.Digest == "" && saved == "" {
		if err := save(io.Discard); err != nil {
			return err
		}
	}
	evidence.Digest = cmp.Or(evidence.Digest, saved)
	return nil
}

// writeStdout fills standard output through a buffer.
func writeStdout(out io.Writer, write func(io.Writer) error) error {
	buffered := bufio.NewWriterSize(out, 1<<16)
	if err := write(buffered); err != nil {
		return err
	}
	return buffered.Flush()
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

// exitCode gives the code of a run's verdict.
func (j *job) exitCode(run *audit.Run) int {
	switch outcome := run.Outcome(); {
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
