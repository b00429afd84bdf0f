// SPDX-License-Identifier: Apache-2.0

//go:build !(darwin || freebsd || linux || netbsd || openbsd)

package history

import (
	"io/fs"
	"os"
)

// mayWrite returns an error for what is marked as read-only.
func mayWrite(path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() && info.Mode().Perm()&0o200 == 0 {
		err = fs.ErrPermission
	}
	return err
}
