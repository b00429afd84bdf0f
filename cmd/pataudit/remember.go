// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/audit/snapshot"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report"
)

// mostTrend is how many earlier runs a report's trend shows: a year of weeks.
const mostTrend = 52

// historyVariable names a history for every command.
const historyVariable = "PATAUDIT_HISTORY"

// historyFlags say where runs are remembered.
type historyFlags struct {
	url, batch string
	required   bool
}

func (f *historyFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.url, "history", "", "`url` of the history that remembers this run and tells "+
		"what changed: pataudit.db, postgres://… ("+historyVariable+")")
	flags.BoolVar(&f.required, "history-required", false, "a run without an earlier one in the "+
		"history is incomplete: what tokens gained cannot be told")
	flags.StringVar(&f.batch, "batch", "", "`name` of a job that several processes share: an "+
		"organization that has a run of it in the history is not audited again")
}

// location gives the history that is named; nil if there is none.
func (f *historyFlags) location(u *ui.UI) (*history.Location, error) {
	url, from := f.url, "--history"
	if url == "" {
		url, from = ui.Environment(historyVariable), historyVariable
	}
	if url == "" {
		switch {
		case f.batch != "":
			return nil, errors.New("--batch is told by a history: --history URL")
		case f.required:
			return nil, errors.New("--history-required: no history is named: --history URL")
		}
		return nil, nil //nolint:nilnil // no history is no error
	}
	if len(f.batch) > mostBatch {
		return nil, fmt.Errorf("--batch is longer than %d bytes", mostBatch)
	}
	at, err := history.Parse(url)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	if from == "--history" && at.String() != url {
		u.Warnf("the password in --history can be seen by others on this machine: "+
			"use PGPASSFILE, or %s", historyVariable)
	}
	keepsHistory(&u.Files, at)
	return at, nil
}

// keeper remembers runs. The zero value has no history.
type keeper struct {
	at    *history.Location
	batch string
	host  string // whose organizations are audited

	criteria *audit.Criteria // what they are judged by; nil without a history
	store    *history.Store  // nil until opened, and without a history
}

// judges notes what the runs are judged by.
func (k *keeper) judges(p *audit.Policy, added audit.Facts, asOf time.Time) (err error) {
	if k.at == nil {
		return nil
	}
	if k.criteria, err = policy.Criteria(p); err == nil {
		k.criteria.Added, k.criteria.AsOf = added, asOf
	}
	return err
}

// open opens the history, before anything is asked of GitHub. What it remembers decides of this
// run, too: nothing is judged with one of which a run is no longer as it was saved.
func (k *keeper) open(ctx context.Context, u *ui.UI) (err error) {
	if k.at == nil {
		return nil
	}
	if k.store, err = history.Open(ctx, k.at); err != nil {
		return err
	}
	return sound(ctx, u, k.store, k.at)
}

// sound refuses a history of which a run is no longer as it was saved, and tells of each that is
// missing.
func sound(
	ctx context.Context, u *ui.UI, store *history.Store, at *history.Location,
) error {
	problems, err := store.Check(ctx, false)
	if err != nil {
		return err
	}
	var changed []history.Problem
	for _, p := range problems {
		if p.Missing() {
			u.Errorf("history %s: %s", at, problemWords(p))
			continue
		}
		changed = append(changed, p)
	}
	if len(changed) > 0 {
		return fmt.Errorf("history %s: %s (%s): nothing is judged with it; "+
			"`pataudit history check` tells all, and `pataudit history prune --run %d` takes it out",
			at, problemWords(changed[0]), ui.Plural(len(changed), "problem"), changed[0].Run)
	}
	return nil
}

func (k *keeper) close() error {
	if k.store == nil {
		return nil
	}
	return k.store.Close()
}

// recall gives the policy the memory of an organization's earlier runs.
func (k *keeper) recall(
	ctx context.Context, p *audit.Policy, e *audit.Evidence, asOf time.Time,
) (*audit.Policy, error) {
	if k.store == nil {
		return p, nil
	}
	when := e.CollectedAt // whenever it is judged
	if when.IsZero() {
		when = asOf
	}
	asks, err := policy.Asks(p)
	if err != nil {
		return nil, err
	}
	memory, err := k.store.Recall(ctx, e.Organization, asks, p.Skip, when)
	if err != nil {
		return nil, err
	}
	memory.Trend = memory.Trend[max(0, len(memory.Trend)-mostTrend):]
	with := *p
	with.Memory = memory
	return &with, k.restore(ctx, memory)
}

// restore reads the run with which a memory compares.
func (k *keeper) restore(ctx context.Context, memory *audit.Memory) error {
	if memory.LastRun == 0 {
		return nil
	}
	document, _, err := storedJudgement(ctx, k.store, memory.LastRun)
	if err == nil {
		memory.Last, memory.LastTool = document.Runs[0], document.Tool
	}
	return err
}

// save keeps a run, and says under which number: 0 without a history.
func (k *keeper) save(
	ctx context.Context, u *ui.UI, run *audit.Run, memory *audit.Memory, evidence []byte,
) (number int64, err error) {
	if k.store == nil {
		return 0, nil
	}
	var text bytes.Buffer
	tool := thisTool()
	if err := report.JSON.Write(&text, &report.Document{
		Runs: []*audit.Run{run}, Tool: tool,
	}); err != nil {
		return 0, err
	}
	number, again, err := k.store.Save(ctx, u.Now().UTC(), &history.Entry{
		Run: run, Criteria: k.criteria, Memory: memory, Tool: tool.Name + " " + tool.Version,
		Batch:  k.batch,
		Report: text.Bytes(), Snapshot: evidence,
	})
	if err == nil && again && k.batch != "" {
		err = k.usable(ctx, u.Now(), number) // another worker was faster
	}
	switch {
	case err != nil:
		return 0, err
	case again:
		u.Notef("%s: in %s already, as run %d", run.Organization.Login, k.at, number)
	default:
		u.Notef("%s: saved as run %d in %s", run.Organization.Login, number, k.at)
	}
	return number, nil
}

// storedRun gives a run of the history as it was judged, on what was seen of its tokens then: a
// report knows repositories by name only, and names change.
func storedRun(ctx context.Context, store *history.Store, number int64) (*audit.Run, error) {
	document, _, err := storedJudgement(ctx, store, number)
	if err != nil {
		return nil, err
	}
	return document.Runs[0], nil
}

// storedJudgement gives such a run, alone in its document, and its evidence.
func storedJudgement(
	ctx context.Context, store *history.Store, number int64,
) (*report.Document, *audit.Evidence, error) {
	document, err := storedDocument(ctx, store, number)
	if err != nil {
		return nil, nil, err
	}
	text, err := store.Snapshot(ctx, number)
	if err != nil {
		return nil, nil, err
	}
	evidence, err := snapshot.Open(bytes.NewReader(text), fmt.Sprintf("evidence of run %d", number))
	if err != nil {
		return nil, nil, err
	}
	tokens := make(map[int64]*audit.Token, len(evidence.Tokens))
	for _, token := range evidence.Tokens {
		tokens[token.ID] = token
	}
	run := document.Runs[0]
	for result := range run.Results() {
		if token := tokens[result.Token.ID]; token != nil {
			result.Token = token
		}
	}
	return document, evidence, nil
}

// storedDocument reads the report of a run.
func storedDocument(
	ctx context.Context, store *history.Store, number int64,
) (*report.Document, error) {
	text, err := store.Report(ctx, number)
	if err != nil {
		return nil, err
	}
	saved, err := report.ReadJSON(bytes.NewReader(text), fmt.Sprintf("run %d", number))
	if err != nil {
		return nil, err
	}
	document, err := saved.Document(rules.All)
	if err == nil && len(document.Runs) != 1 {
		err = errors.New("it is not of one organization")
	}
	if err != nil {
		return nil, fmt.Errorf("run %d: %w", number, err)
	}
	return document, nil
}

// keepsHistory notes the files of a history.
func keepsHistory(o *ui.Files, at *history.Location) {
	for _, beside := range []string{"", "-wal", "-shm", "-journal"} { // SQLite's own
		if at.File() != "" {
			o.Reads(at.File() + beside)
		}
	}
}
