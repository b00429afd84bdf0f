// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Commit puts all files in their places, unless ctx has ended. Of two runs at once, one comes
// after the other: the files of both are never mixed.
func (o *Files) Commit(ctx context.Context) error {
	if err := o.sign(); err != nil {
		return err
	}
	folders := o.folders()
	defer lock(ctx, folders)()
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, out := range o.Files { // before the first is replaced: an audit takes its time
		if err := errors.Join(o.spare(out.path), replaceable(out.path)); err != nil {
			return err
		}
	}
	if o.Unchanged != nil {
		if err := o.Unchanged(); err != nil {
			return err
		}
	}
	outdated, err := o.outdated()
	if err != nil {
		return err
	}
	o.Committed = true
	if err := o.removeSignatures(); err != nil {
		return err
	}
	for _, out := range o.Files {
		if err := os.Rename(out.temp.Name(), out.path); err != nil {
			return fmt.Errorf("writing %s: %w", out.path, err)
		}
	}
	o.clear()
	for _, path := range outdated {
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("removing %s, which an earlier run wrote: %w", path, err)
		}
		o.Removed++
	}
	for _, folder := range folders {
		if err := syncDir(folder); err != nil {
			return fmt.Errorf("writing files in %s: %w", folder, err)
		}
	}
	o.whole = true
	return nil
}

// outdated returns the files to be removed: never one that is being written.
func (o *Files) outdated() ([]string, error) {
	if o.Earlier == nil {
		return nil, nil
	}
	written := map[string]bool{}
	for _, out := range o.Files {
		written[resolved(out.path)] = true
	}
	paths, err := o.Earlier()
	return slices.DeleteFunc(paths, func(path string) bool { return written[resolved(path)] }), err
}

// folders returns each folder that is written to once, in the same order in every run: of two
// runs, none waits for one that waits for it.
func (o *Files) folders() []string {
	var folders []string
	for _, out := range o.Files {
		folders = append(folders, filepath.Dir(resolved(out.path)))
	}
	slices.Sort(folders)
	return slices.Compact(folders)
}

// lock keeps other runs out of the folders until unlock is called.
func lock(ctx context.Context, folders []string) (unlock func()) {
	var locked []*os.File
	for _, folder := range folders {
		if file := lockFolder(ctx, folder); file != nil {
			locked = append(locked, file)
		}
	}
	return func() {
		for _, file := range locked {
			_ = file.Close() // only read
		}
	}
}

// syncDir makes a rename last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, os.ErrInvalid) {
		err = nil // not every file system syncs folders
	}
	return errors.Join(err, d.Close())
}
