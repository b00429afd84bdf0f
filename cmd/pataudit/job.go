// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
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
	var files outputs
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
	if evidence.Digest == "" {
		if evidence.Digest, err = snapshot.Save(io.Discard, evidence); err != nil {
			return 0, failed(err)
		}
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
		write := func(w io.Writer) error { return t.format.Write(w, document) }
		if t.format.Write == nil {
			write = func(w io.Writer) error {
				_, err := snapshot.Save(w, evidence)
				return err
			}
		}
		if err := files.write(i, write); err != nil {
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

// writeStdout fills standard output through a buffer.
func writeStdout(out io.Writer, write func(io.Writer) error) error {
	buffered := bufio.NewWriterSize(out, 1<<16)
	if err := write(buffered); err != nil {
		return err
	}
	return buffered.Flush()
}
