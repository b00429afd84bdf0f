// SPDX-License-Identifier: Apache-2.0

package history

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"sync"
)

// ErrNotFound is wrapped by what says that a run is not in the history.
var ErrNotFound = errors.New("there is none")

// maxDocument is what either database takes in one piece: PostgreSQL has a gigabyte for its
// hexadecimal digits.
const maxDocument = 1<<29 - 1<<20

// Document is a document of a run as it is stored, compressed: what may be large when it is read
// is never held whole.
type Document struct {
	stored []byte
	digest string // of what it holds
}

// compressors are used again: each takes a megabyte to make, and most documents are small.
var compressors = sync.Pool{New: func() any {
	zip, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // there is such a level
	}
	return zip
}}

// NewDocument returns the document that write writes.
func NewDocument(write func(io.Writer) error) (*Document, error) {
	var stored blocks
	zip := compressors.Get().(*gzip.Writer) //nolint:forcetypeassert // by New
	zip.Reset(&stored)
	defer func() {
		zip.Reset(nil) // let go of what was written
		compressors.Put(zip)
	}()
	sum := sha256.New()
	if err := write(io.MultiWriter(zip, sum)); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	if stored.size > maxDocument {
		return nil, fmt.Errorf("a document has %d bytes when compressed: more than %d",
			stored.size, maxDocument)
	}
	return &Document{stored.whole(), digestText(sum)}, nil
}

// blockSize is how much room a document takes at a time while it is written: one that doubles its
// room would keep half of that for nothing, for as long as the run waits to be saved.
const blockSize = 1 << 18

// blocks hold what is written, in pieces.
type blocks struct {
	full [][]byte
	last []byte
	size int
}

// Write adds to them; it never fails.
func (b *blocks) Write(text []byte) (int, error) {
	b.size += len(text)
	for rest := text; len(rest) > 0; {
		if len(b.last) == cap(b.last) {
			b.full, b.last = append(b.full, b.last), make([]byte, 0, blockSize)
		}
		n := min(len(rest), cap(b.last)-len(b.last))
		b.last, rest = append(b.last, rest[:n]...), rest[n:]
	}
	return len(text), nil
}

// whole returns what they hold in one piece.
func (b *blocks) whole() []byte {
	return bytes.Join(append(b.full, b.last), nil)
}

// Reader returns a reader of what the document holds.
func (d *Document) Reader() (io.Reader, error) {
	return gzip.NewReader(bytes.NewReader(d.stored))
}

// Digest returns the digest of what the document holds.
func (d *Document) Digest() string { return d.digest }

// openDocument returns a stored document, all of which was read once.
func openDocument(stored []byte) (*Document, error) {
	d, sum := &Document{stored: stored}, sha256.New()
	r, err := d.Reader()
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(sum, r); err != nil {
		return nil, err
	}
	d.digest = digestText(sum)
	return d, nil
}

// Report returns a run's report: JSON, version 1, as it was saved. It is an error if the run is no
// longer as it was saved, for this and for all that follow.
func (s *Store) Report(ctx context.Context, number int64) (*Document, error) {
	return s.document(ctx, number, readReport)
}

// Snapshot returns the evidence of a run, as it was saved.
func (s *Store) Snapshot(ctx context.Context, number int64) (*Document, error) {
	return s.document(ctx, number, readSnapshot)
}

func (s *Store) document(
	ctx context.Context, number int64, read func(context.Context, querier, *Run) (*Document, error),
) (document *Document, err error) {
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
func readReport(ctx context.Context, q querier, run *Run) (*Document, error) {
	report, err := readDocument(ctx, q, run, "report", run.reportDigest)
	if err == nil && !run.Rewritten && run.judgement !=
		judgementOf(run.EvidenceDigest, run.Criteria, run.AsOf, report.digest) {
		err = fmt.Errorf("%w: its report is not that of its judgement", ErrChanged)
	}
	return report, err
}

func readSnapshot(ctx context.Context, q querier, run *Run) (*Document, error) {
	return readDocument(ctx, q, run, "snapshot", run.SnapshotDigest)
}

func readMemory(ctx context.Context, q querier, run *Run) (*Document, error) {
	return readDocument(ctx, q, run, "memory", run.memoryDigest)
}

// readDocument reads one document of a run, by the name of its column, and holds it against its
// digest.
func readDocument(
	ctx context.Context, q querier, run *Run, column, digest string,
) (*Document, error) {
	var stored []byte
	if err := q.QueryRowContext(ctx, `SELECT `+column+` FROM pataudit_documents WHERE run = $1`,
		run.Number).Scan(&stored); err != nil {
		return nil, found(err)
	}
	document, err := openDocument(stored)
	if err != nil {
		return nil, fmt.Errorf("%w: its %s cannot be read: %w", ErrChanged, column, err)
	}
	if document.digest != digest {
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
