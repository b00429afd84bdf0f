// SPDX-License-Identifier: Apache-2.0

package history

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
)

// ErrNotFound is wrapped by what says that a run is not in the history.
var ErrNotFound = errors.New("there is none")

// maxDocument is what either database takes in one piece: PostgreSQL has a gigabyte for its
// hexadecimal digits.
const maxDocument = 1<<29 - 1<<20

// compressed gives documents as they are stored. One writer, of over a megabyte, does for all.
func compressed(documents ...[]byte) (stored [][]byte, err error) {
	zip, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	for _, document := range documents {
		var zipped bytes.Buffer
		zip.Reset(&zipped)
		if _, err := zip.Write(document); err != nil {
			return nil, err
		}
		if err := zip.Close(); err != nil {
			return nil, err
		}
		if zipped.Len() > maxDocument {
			return nil, fmt.Errorf("a document of %d bytes has %d when compressed: more than %d",
				len(document), zipped.Len(), maxDocument)
		}
		stored = append(stored, zipped.Bytes())
	}
	return stored, nil
}

// expanded is the inverse.
func expanded(stored []byte) ([]byte, error) {
	zip, err := gzip.NewReader(bytes.NewReader(stored))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(zip)
}

// Report gives a run's report: JSON, version 1, as it was saved. It is an error if the run is no
// longer as it was saved, for this and for all that follow.
func (s *Store) Report(ctx context.Context, number int64) ([]byte, error) {
	return s.document(ctx, number, readReport)
}

// Snapshot gives the evidence of a run, as it was saved.
func (s *Store) Snapshot(ctx context.Context, number int64) ([]byte, error) {
	return s.document(ctx, number, readSnapshot)
}

func (s *Store) document(
	ctx context.Context, number int64, read func(context.Context, querier, *Run) ([]byte, error),
) (document []byte, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		run, err := readRun(ctx, tx, number)
		if err == nil {
			document, err = read(ctx, tx, run)
		}
		return err
	})
	return document, s.failed(fmt.Sprintf("run %d", number), err)
}

// readReport reads the report of a run. Until a person is taken out of it, what tells runs apart
// holds it against the columns, too.
func readReport(ctx context.Context, q querier, run *Run) ([]byte, error) {
	report, err := readDocument(ctx, q, run, "report", run.reportDigest)
	if err == nil && !run.Rewritten && run.judgement !=
		judgementOf(run.EvidenceDigest, run.Criteria, run.AsOf, report) {
		err = fmt.Errorf("%w: its report is not that of its judgement", ErrChanged)
	}
	return report, err
}

func readSnapshot(ctx context.Context, q querier, run *Run) ([]byte, error) {
	return readDocument(ctx, q, run, "snapshot", run.SnapshotDigest)
}

func readMemory(ctx context.Context, q querier, run *Run) ([]byte, error) {
	return readDocument(ctx, q, run, "memory", run.memoryDigest)
}

// readDocument reads one document of a run, by the name of its column, and holds it against its
// digest.
func readDocument(
	ctx context.Context, q querier, run *Run, column, digest string,
) ([]byte, error) {
	var stored []byte
	if err := q.QueryRowContext(ctx, `SELECT `+column+` FROM pataudit_documents WHERE run = $1`,
		run.Number).Scan(&stored); err != nil {
		return nil, found(err)
	}
	document, err := expanded(stored)
	if err != nil {
		return nil, fmt.Errorf("%w: its %s cannot be read: %w", ErrChanged, column, err)
	}
	if sumOf(document) != digest {
		return nil, fmt.Errorf("%w: its %s is not that of its digest", ErrChanged, column)
	}
	return document, nil
}

// found says of an empty answer that there is no such thing.
func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}
