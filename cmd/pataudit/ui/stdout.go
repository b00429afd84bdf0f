// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/complytime/pataudit/report/safe"
)

// ErrStdout is the error of standard output that was not completely written.
var ErrStdout = errors.New("writing standard output")

// StdoutError returns an error as one of standard output.
func StdoutError(err error) error { return fmt.Errorf("%w: %w", ErrStdout, err) }

// Print fills standard output through a buffer. Its error ends the program by the code for that.
func (u *UI) Print(write func(io.Writer) error) error {
	buffered := bufio.NewWriterSize(u.Out, 1<<16)
	err := write(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if err != nil {
		return Failed(StdoutError(err))
	}
	return nil
}

// Bytes returns what writes a text.
func Bytes(text []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	}
}

// PrintLines writes lines to standard output. What others wrote may stand in them.
func (u *UI) PrintLines(lines ...string) error {
	return u.Print(func(w io.Writer) error {
		for _, line := range lines {
			if _, err := fmt.Fprintln(w, safe.Terminal(line)); err != nil {
				return err
			}
		}
		return nil
	})
}

// ClosedEarly reports whether standard output was closed before its end. The network has broken
// pipes, too.
func ClosedEarly(err error) bool {
	return errors.Is(err, ErrStdout) && errors.Is(err, syscall.EPIPE)
}

// writing remembers the first error of what cobra writes by itself, as it does not: helps and
// scripts of shells.
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
