// SPDX-License-Identifier: Apache-2.0

package json

import (
	"errors"
	"io"
)

// lineCounter finds in which line an offset of what it reads is.
type lineCounter struct {
	r      io.Reader
	read   int64   // bytes so far
	passed int     // lines that ended before what is kept
	ends   []int64 // offsets of the ends of lines that are kept
	err    error   // of reading
}

func (l *lineCounter) Read(buf []byte) (int, error) {
	n, err := l.r.Read(buf)
	for i, c := range buf[:n] {
		if c == '\n' {
			l.ends = append(l.ends, l.read+int64(i))
		}
	}
	l.read += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		l.err = err
	}
	return n, err
}

// pass forgets what is before an offset.
func (l *lineCounter) pass(offset int64) {
	n := l.before(offset)
	l.passed += n
	l.ends = append(l.ends[:0], l.ends[n:]...)
}

func (l *lineCounter) before(offset int64) (n int) {
	for n < len(l.ends) && l.ends[n] < offset {
		n++
	}
	return n
}

// at returns the line of an offset that was not passed.
func (l *lineCounter) at(offset int64) int { return 1 + l.passed + l.before(offset) }
