// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"syscall"
)

// ErrStdout says that standard output was not completely written.
var ErrStdout = errors.New("writing standard output")

// StdoutError says that an error is of standard output.
func StdoutError(err error) error { return fmt.Errorf("%w: %w", ErrStdout, err) }

// Printed turns an error of standard output into the exit code for it.
func Printed(err error) error {
	if err != nil {
		return Failed(StdoutError(err))
	}
	return nil
}

// WriteStdout fills standard output through a buffer.
func WriteStdout(out io.Writer, write func(io.Writer) error) error {
	buffered := bufio.NewWriterSize(out, 1<<16)
	if err := write(buffered); err != nil {
		return err
	}
	return buffered.Flush()
}

// ClosedEarly reports whether standard output was closed before its end. The network has broken
// pipes, too.
func ClosedEarly(err error) bool {
	return errors.Is(err, ErrStdout) && errors.Is(err, syscall.EPIPE)
}

// writing keeps the first error of what cobra writes by itself, as it does not: helps and scripts
// of shells.
type writing struct {
	io.Writer
	Err error
}

func (w *writing) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if w.Err == nil {
		w.Err = err
	}
	return n, err
}
