// SPDX-License-Identifier: Apache-2.0

package records

import (
	"context"
	"fmt"
	"iter"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/snapshot"
	"github.com/complytime/pataudit/report/json"
)

// lastRun is a stored run with which another one is compared. Its documents are read token by
// token, side by side: neither is held whole.
type lastRun struct {
	name     string
	report   *json.Compared
	evidence *history.Document
}

func openLast(ctx context.Context, store *history.Store, number int64) (*lastRun, error) {
	l := &lastRun{name: fmt.Sprintf("run %d", number)}
	text, err := store.Report(ctx, number)
	if err != nil {
		return nil, err
	}
	if l.report, err = json.ReadCompared(text.Reader, l.name); err != nil {
		return nil, err
	}
	l.evidence, err = store.Snapshot(ctx, number)
	return l, err
}

// results ranges over the tokens by id, as the evidence has them: a report knows repositories by
// name only, and names change. An error comes last.
func (l *lastRun) results() iter.Seq2[*audit.Result, error] {
	return func(yield func(*audit.Result, error) bool) {
		text, err := l.evidence.Reader()
		if err != nil {
			yield(nil, err)
			return
		}
		next, stop := iter.Pull2(snapshot.Tokens(text, "evidence of "+l.name))
		defer stop()
		for result, err := range l.report.Results() {
			if err == nil {
				result.Token, err = tokenOf(result.Token.ID, next)
			}
			if err != nil {
				err = fmt.Errorf("%s, with which this one is compared: %w", l.name, err)
			}
			if !yield(result, err) || err != nil {
				return
			}
		}
		if token, err, more := next(); err != nil || more {
			if err == nil {
				err = fmt.Errorf("its report lacks %s of its evidence", token.Noun())
			}
			yield(nil, fmt.Errorf("%s, with which this one is compared: %w", l.name, err))
		}
	}
}

// tokenOf returns the next token, which has to have an id.
func tokenOf(id int64, next func() (*audit.Token, error, bool)) (*audit.Token, error) {
	token, err, more := next()
	switch {
	case err != nil:
		return nil, err
	case !more || token.ID > id:
		return nil, fmt.Errorf("its evidence lacks grant %d of its report", id)
	case token.ID < id:
		return nil, fmt.Errorf("its report lacks %s of its evidence", token.Noun())
	}
	return token, nil
}
