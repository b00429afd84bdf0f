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

// Document is a document of a run as it is stored, compressed: what may be large when it is read
// is never held whole.
type Document struct {
	pieces [][]byte // of at most pieceSize bytes
	digest string   // of what it holds
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
	var stored pieces
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
	last := len(stored) - 1
	stored[last] = bytes.Clone(stored[last]) // in no more room than it takes
	return &Document{stored, digestText(sum)}, nil
}

// pieceSize is how much of a document a row holds at most: both databases hold a row several times
// while they write it.
const pieceSize = 1 << 20

// pieces hold what is written, all but the last full.
type pieces [][]byte

// Write adds to them; it never fails.
func (p *pieces) Write(text []byte) (int, error) {
	for rest := text; len(rest) > 0; {
		if n := len(*p); n == 0 || len((*p)[n-1]) == pieceSize {
			*p = append(*p, make([]byte, 0, pieceSize))
		}
		last := &(*p)[len(*p)-1]
		n := min(len(rest), pieceSize-len(*last))
		*last, rest = append(*last, rest[:n]...), rest[n:]
	}
	return len(text), nil
}

// first returns the first piece; nil if nothing was ever written, which no database takes.
func (d *Document) first() []byte {
	if len(d.pieces) == 0 {
		return nil
	}
	return d.pieces[0]
}

// Reader returns a reader of what the document holds.
func (d *Document) Reader() (io.Reader, error) { return gzip.NewReader(d.compressed()) }

func (d *Document) compressed() io.Reader {
	readers := make([]io.Reader, len(d.pieces))
	for i, piece := range d.pieces {
		readers[i] = bytes.NewReader(piece)
	}
	return io.MultiReader(readers...)
}

// Digest returns the digest of what the document holds.
func (d *Document) Digest() string { return d.digest }

// setDigest reads all of a document that was stored, and notes its digest.
func (d *Document) setDigest() error {
	r, err := d.Reader()
	if err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		return err
	}
	d.digest = digestText(sum)
	return nil
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

// readReport reads the report of a run and checks it against the judgement in the run's columns,
// unless a person was taken out of it.
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
	document, err := storedDocument(ctx, q, run.Number, column)
	if err != nil {
		return nil, err
	}
	if err := document.setDigest(); err != nil {
		return nil, fmt.Errorf("%w: its %s cannot be read: %w", ErrChanged, column, err)
	}
	if document.digest != digest {
		return nil, fmt.Errorf("%w: its %s is not that of its digest", ErrChanged, column)
	}
	return document, nil
}

// storedDocument reads a document as it is stored, without a look at what it holds. Its first
// piece stands beside those of the run's other documents.
func storedDocument(
	ctx context.Context, q querier, number int64, column string,
) (*Document, error) {
	d := &Document{pieces: make([][]byte, 1)}
	if err := q.QueryRowContext(ctx, `SELECT `+column+` FROM pataudit_documents WHERE run = $1`,
		number).Scan(&d.pieces[0]); err != nil {
		return nil, found(err)
	}
	return d, each(ctx, q, func(rows *sql.Rows) error {
		var piece []byte
		err := rows.Scan(&piece)
		d.pieces = append(d.pieces, piece)
		return err
	}, `SELECT data FROM pataudit_pieces WHERE run = $1 AND document = $2 ORDER BY piece`,
		number, column)
}

// putPieces writes all but the first piece of a document, by the name of its column.
func putPieces(
	ctx context.Context, tx *sql.Tx, number int64, column string, d *Document,
) error {
	for i, piece := range d.pieces[1:] {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO pataudit_pieces (run, document, piece, data) VALUES ($1, $2, $3, $4)`,
			number, column, i+1, piece); err != nil {
			return err
		}
	}
	return nil
}

// found returns [ErrNotFound] for an empty answer.
func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}
