// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
)

const (
	// maxValue bounds what one row may take: a list of repositories has room for a million. It
	// bounds what is kept in memory before a row is judged.
	maxValue = 16 << 20

	// maxFile bounds the whole: ten million tokens fit.
	maxFile = 16 << 30
)

// source hashes what is read, counts its lines, and cuts it off where no snapshot goes on.
type source struct {
	r    io.Reader
	sum  hash.Hash
	read int64 // bytes so far
	err  error // of r, or of a limit; never io.EOF

	// tail holds the bytes from tailAt on, as the end of kept; line and column are the place of
	// its first byte, counted from zero, columns in bytes.
	kept, tail   []byte
	tailAt       int64
	line, column int
}

func newSource(r io.Reader) *source { return &source{r: r, sum: sha256.New()} }

func (s *source) Read(p []byte) (int, error) {
	switch {
	case len(s.tail) > maxValue:
		s.err = fmt.Errorf("a single value goes on for more than %d MiB", maxValue>>20)
		return 0, s.err
	case s.read > maxFile:
		s.err = fmt.Errorf("it is larger than %d GiB", maxFile>>30)
		return 0, s.err
	}
	n, err := s.r.Read(p)
	s.read += int64(n)
	s.sum.Write(p[:n])
	if len(s.tail) < len(s.kept) {
		s.kept = append(s.kept[:0], s.tail...) // moves it to the front
	}
	s.kept = append(s.kept, p[:n]...)
	s.tail = s.kept[len(s.kept)-len(s.tail)-n:]
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// forget drops what stands before an offset.
func (s *source) forget(offset int64) {
	n := offset - s.tailAt
	s.line, s.column = advance(s.line, s.column, s.tail[:n])
	s.tail = s.tail[n:]
	s.tailAt = offset
}

// position returns the line and column of an offset that was not forgotten, counted from one.
func (s *source) position(offset int64) (line, column int) {
	n := min(max(offset-s.tailAt, 0), int64(len(s.tail)))
	line, column = advance(s.line, s.column, s.tail[:n])
	return line + 1, column + 1
}

// afterSpace returns the offset of the first byte from offset on that begins a value.
func (s *source) afterSpace(offset int64) int64 {
	rest := s.tail[offset-s.tailAt:]
	return offset + int64(len(rest)-len(bytes.TrimLeft(rest, " \t\r\n,:")))
}

func advance(line, column int, text []byte) (int, int) {
	if newlines := bytes.Count(text, []byte("\n")); newlines > 0 {
		return line + newlines, len(text) - bytes.LastIndexByte(text, '\n') - 1
	}
	return line, column + len(text)
}
