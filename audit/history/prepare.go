// SPDX-License-Identifier: Apache-2.0

package history

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"time"
)

// ahead is how far a run and its evidence may be of a time to come: clocks differ, and a day has
// many zones. Evidence of next year would be the newest for a year, and nothing would close.
const ahead = 24 * time.Hour

// Prepared is a run that is ready to be saved: all that takes long is done, and what is not stored
// is let go.
type Prepared struct {
	entry     *Entry // without its memory
	now       time.Time
	evidence  string // its digest
	judgement string // identifies a run: by its report, and by what that is of
	memory    *Document
	compares  int64 // with which run; 0: none
	seen      *observation
}

// Prepare makes a run ready to be saved. It is an error if it is of a day to come.
func Prepare(now time.Time, e *Entry) (*Prepared, error) {
	p, err := prepare(now, e)
	if err != nil {
		return nil, fmt.Errorf("preparing a run of %s: %w", e.Run.Organization.Login, err)
	}
	return p, nil
}

// toCome returns the error of a run that is of a day to come.
func toCome(what string, at, now time.Time) error {
	return fmt.Errorf("%s %s, a day to come: it is %s by this machine's clock, and nothing is "+
		"remembered of what is to come; set the clock that is wrong, or judge without the history",
		what, at.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))
}

func prepare(now time.Time, e *Entry) (*Prepared, error) {
	run := e.Run
	switch {
	case run.AsOf.After(now.Add(ahead)):
		return nil, toCome("it is as of", run.AsOf, now)
	case run.CollectedAt.After(now.Add(ahead)):
		return nil, toCome("its evidence is of", run.CollectedAt, now)
	case len(e.Batch) > maxFolded:
		return nil, errors.New("the batch's name has more than 200 bytes")
	}
	kept := *e
	kept.Memory = nil
	p := &Prepared{entry: &kept, now: now, evidence: cmp.Or(run.Digest, e.Snapshot.digest)}
	p.judgement = judgementOf(p.evidence, e.Criteria.Digest(), run.AsOf, e.Report.digest)
	if e.Memory != nil {
		p.compares = e.Memory.LastRun
	}
	var err error
	if p.memory, err = NewDocument(func(w io.Writer) error {
		return encodeMemory(w, e.Memory, run)
	}); err != nil {
		return nil, err
	}
	p.seen, err = observe(run, e.Criteria.Asks)
	return p, err
}
