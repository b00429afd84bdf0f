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

// maxDocument is what either database takes in one piece.
const maxDocument = 1<<30 - 1<<20

// compressed gives a document as it is stored.
func compressed(document []byte) ([]byte, error) {
	var zipped bytes.Buffer
	zip, err := gzip.NewWriterLevel(&zipped, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
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
	return zipped.Bytes(), nil
}

// expanded is the inverse.
func expanded(stored []byte) ([]byte, error) {
	zip, err := gzip.NewReader(bytes.NewReader(stored))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(zip)
}

// Report gives a run's report: JSON, version 1, as it was saved.
func (s *Store) Report(ctx context.Context, number int64) ([]byte, error) {
	return s.document(ctx, `SELECT report FROM pataudit_documents WHERE run = $1`, number)
}

// Snapshot gives the evidence of a run, as it was saved.
func (s *Store) Snapshot(ctx context.Context, number int64) ([]byte, error) {
	return s.document(ctx, `SELECT snapshot FROM pataudit_documents WHERE run = $1`, number)
}

func (s *Store) document(ctx context.Context, query string, number int64) ([]byte, error) {
	var stored, document []byte
	err := single{s}.QueryRowContext(ctx, query, number).Scan(&stored)
	if err == nil {
		document, err = expanded(stored)
	}
	return document, s.failed(fmt.Sprintf("run %d", number), found(err))
}

// found says of an empty answer that there is no such thing.
func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}
