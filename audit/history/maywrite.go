// SPDX-License-Identifier: Apache-2.0

//go:build darwin || freebsd || linux || netbsd || openbsd

package history

import "syscall"

// mayWrite returns an error unless we may write a file or a folder. It opens neither: closing a
// file gives up the locks that SQLite has on it.
func mayWrite(path string) error {
	const write = 2
	return syscall.Access(path, write)
}
