// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
)

// The exit codes, a promise: see the package comment.
const (
	exitClean                = 0
	exitFailed               = 1
	exitUsage                = 2
	exitViolations           = 3
	exitIncomplete           = 4
	exitViolationsIncomplete = 5
	exitSignal               = 128 // plus the signal's number
)

// exitError ends the program with a code, and a message unless err is nil.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usage marks an error as the user's to mend, before anything was contacted.
func usage(err error) error { return &exitError{exitUsage, err} }

// usagef is usage with a message of its own.
func usagef(format string, args ...any) error { return usage(fmt.Errorf(format, args...)) }

// failed marks an error as the job's that could not be done, unless it is marked already.
func failed(err error) error {
	if marked := new(exitError); errors.As(err, &marked) {
		return err
	}
	return &exitError{exitFailed, err}
}
