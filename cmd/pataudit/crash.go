// SPDX-License-Identifier: Apache-2.0

//go:build darwin || freebsd || linux || netbsd || openbsd

package main

import (
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// abort makes what Go's runtime gives up on, and SIGQUIT, end the program by SIGABRT (134 in a
// shell): its own exit code is 2, which says that the command line is wrong. No core file is left:
// it would hold credentials.
func abort() {
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) // may always be lowered
	debug.SetTraceback("crash")
}

// ends returns the signals that end a run in good order. nohup has SIGHUP ignored, and it stays
// so.
func ends() []os.Signal {
	signals := []os.Signal{syscall.SIGINT, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}
