// SPDX-License-Identifier: Apache-2.0

//go:build !(darwin || freebsd || linux || netbsd || openbsd)

package ui

import (
	"context"
	"os"
)

// lockFolder does nothing where a folder cannot be locked.
func lockFolder(context.Context, string) *os.File { return nil }

// canLock reports whether files can be locked here.
const canLock = false

// lockFile does nothing where a file cannot be locked.
func lockFile(string) *os.File { return nil }
