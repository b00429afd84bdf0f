// SPDX-License-Identifier: Apache-2.0

//go:build !(darwin || freebsd || linux || netbsd || openbsd)

package main

import (
	"context"
	"os"
)

// lockFolder does nothing where a folder cannot be locked.
func lockFolder(context.Context, string) *os.File { return nil }
