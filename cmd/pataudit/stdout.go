// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"syscall"
)

// errStdout says that standard output was not completely written.
var errStdout = errors.New("writing standard output")

func stdoutError(err error) error { return fmt.Errorf("%w: %w", errStdout, err) }

// printed turns an error of standard output into the exit code for it.
func printed(err error) error {
	if err != nil {
		return failed(stdoutError(err))
	}
	return nil
}

// writeStdout fills standard output through a buffer.
func writeStdout(out io.Writer, write func(io.Writer) error) error {
	buffered := bufio.NewWriterSize(out, 1<<16)
	if err := write(buffered); err != nil {
		return err
	}
	return buffered.Flush()
}

// closedEarly reports whether standard output was closed before its end. The network has broken
// pipes, too.
func closedEarly(err error) bool {
	return errors.Is(err, errStdout) && errors.Is(err, syscall.EPIPE)
}

// writing keeps the first error of what cobra writes by itself, as it does not: helps and scripts
// of shells.
type writing struct {
	io.Writer
	err error
}

func (w *writing) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if w.err == nil {
		w.err = err
	}
	return n, err
}
