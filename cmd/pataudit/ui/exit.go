// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"errors"
	"fmt"
)

// The exit codes, a promise: see the package comment.
const (
	ExitClean                = 0
	ExitFailed               = 1
	ExitUsage                = 2
	ExitViolations           = 3
	ExitIncomplete           = 4
	ExitViolationsIncomplete = 5
	ExitSignal               = 128 // plus the signal's number
)

// ExitError ends the program with a code, and a message unless err is nil.
type ExitError struct {
	Code int
	Err  error // nil: there is nothing to say
}

func (e *ExitError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit %d", e.Code)
	}
	return e.Err.Error()
}

func (e *ExitError) Unwrap() error { return e.Err }

// Exit returns what ends the program with a code, without a message.
func Exit(code int) error { return &ExitError{Code: code} }

// Usage marks an error as the user's to mend, before anything was contacted.
func Usage(err error) error { return &ExitError{ExitUsage, err} }

// Usagef returns usage with a message of its own.
func Usagef(format string, args ...any) error { return Usage(fmt.Errorf(format, args...)) }

// Failed marks an error as the job's that could not be done, unless it is marked already.
func Failed(err error) error {
	if marked := new(ExitError); errors.As(err, &marked) {
		return err
	}
	return &ExitError{ExitFailed, err}
}
