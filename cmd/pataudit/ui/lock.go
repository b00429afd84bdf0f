// SPDX-License-Identifier: Apache-2.0

//go:build darwin || freebsd || linux || netbsd || openbsd

package ui

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"
)

// Another run holds a folder for as long as a few renames take; anyone else is not waited for.
const (
	lockPatience = 5 * time.Second
	lockPause    = 5 * time.Millisecond
)

// lockFolder keeps other runs from putting their files into the folder, until the file is closed.
// It is a courtesy between runs: without it the files are whole, too, but may be of two sets. So
// where there are no locks, it is done without, and nil given.
func lockFolder(ctx context.Context, path string) *os.File {
	folder, err := os.Open(path)
	if err != nil {
		return nil
	}
	for range lockPatience / lockPause {
		err := flock(folder)
		if err == nil {
			return folder
		}
		wait := errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR)
		if !wait || ctx.Err() != nil {
			break
		}
		time.Sleep(lockPause)
	}
	_ = folder.Close() // only read
	return nil
}

func flock(file *os.File) error {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}

// canLock reports whether files can be locked here.
const canLock = true

// lockFile locks a file until it is closed; nil if another process has locked it, or it is gone.
func lockFile(path string) *os.File {
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	held, heldErr := file.Stat()
	if flock(file) == nil && heldErr == nil {
		if now, err := os.Stat(path); err == nil && os.SameFile(now, held) {
			return file
		}
	}
	_ = file.Close() // only read
	return nil
}
