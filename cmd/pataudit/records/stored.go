// SPDX-License-Identifier: Apache-2.0

package records

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/audit/snapshot"
	"github.com/complytime/pataudit/report"
)

// Run gives a run of the history as it was judged, on what was seen of its tokens then: a
// report knows repositories by name only, and names change.
func Run(ctx context.Context, store *history.Store, number int64) (*audit.Run, error) {
	document, _, err := Judgement(ctx, store, number)
	if err != nil {
		return nil, err
	}
	return document.Runs[0], nil
}

// Judgement gives such a run, alone in its document, and its evidence.
func Judgement(
	ctx context.Context, store *history.Store, number int64,
) (*report.Document, *audit.Evidence, error) {
	document, err := Document(ctx, store, number)
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

// Document reads the report of a run.
func Document(
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

// Report reads the report of a run.
func Report(
	ctx context.Context, store *history.Store, number int64,
) (*report.Saved, error) {
	text, err := store.Report(ctx, number)
	if errors.Is(err, history.ErrNotFound) {
		return nil, fmt.Errorf("%w; `pataudit history list` shows the runs", err)
	}
	if err != nil {
		return nil, err
	}
	return report.ReadJSON(bytes.NewReader(text), fmt.Sprintf("run %d", number))
}
