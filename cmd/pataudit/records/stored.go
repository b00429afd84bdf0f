// SPDX-License-Identifier: Apache-2.0

package records

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/audit/snapshot"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/view"
)

// Run returns a run of the history as it was judged, on what was seen of its tokens then: a
// report knows repositories by name only, and names change.
func Run(ctx context.Context, store *history.Store, number int64) (*audit.Run, error) {
	document, err := Document(ctx, store, number)
	if err != nil {
		return nil, err
	}
	evidence, err := Evidence(ctx, store, number)
	if err != nil {
		return nil, err
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
	return run, nil
}

// Evidence reads the evidence of a run.
func Evidence(
	ctx context.Context, store *history.Store, number int64,
) (*audit.Evidence, error) {
	document, err := store.Snapshot(ctx, number)
	if err != nil {
		return nil, err
	}
	return Open(document, fmt.Sprintf("evidence of run %d", number), snapshot.Open)
}

// Document reads the report of a run, as it can be written.
func Document(
	ctx context.Context, store *history.Store, number int64,
) (*view.Document, error) {
	saved, err := Report(ctx, store, number)
	if err != nil {
		return nil, err
	}
	document, err := saved.Take(rules.All)
	if err == nil && len(document.Runs) != 1 {
		err = errors.New("it is not of one organization")
	}
	if err != nil {
		return nil, fmt.Errorf("run %d: %w", number, err)
	}
	return document, nil
}

// Report reads the report of a run.
func Report(ctx context.Context, store *history.Store, number int64) (*json.Saved, error) {
	document, err := store.Report(ctx, number)
	if errors.Is(err, history.ErrNotFound) {
		err = fmt.Errorf("%w; `pataudit history list` shows the runs", err)
	}
	if err != nil {
		return nil, err
	}
	return Open(document, fmt.Sprintf("run %d", number), json.Read)
}

// Open reads a document by a function that wants its name for errors.
func Open[T any](
	d *history.Document, name string, read func(io.Reader, string) (T, error),
) (got T, err error) {
	text, err := d.Reader()
	if err != nil {
		return got, err
	}
	return read(text, name)
}
