// SPDX-License-Identifier: Apache-2.0

//go:build !(darwin || freebsd || linux || netbsd || openbsd)

package main

import (
	"os"
	"syscall"
)

// abort does nothing where there are neither SIGABRT nor core files.
func abort() {}

// ends returns the signals that end a run in good order.
func ends() []os.Signal { return []os.Signal{syscall.SIGINT, syscall.SIGTERM} }
