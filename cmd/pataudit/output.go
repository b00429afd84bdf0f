// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// outputs are files that come into being together: all of them are written beside their targets
// first, and renamed only when all are whole. Readable by the owner alone: they name people.
type outputs struct {
	mu        sync.Mutex // an interruption discards from another goroutine
	files     []*output
	committed bool
	discarded bool // no more can be opened

	run   string              // names what this run writes
	locks map[string]*os.File // by folder
	read  []string            // files that the command reads or keeps: none is replaced

	signer *signer // of the files that are opened at first; nil: none is signed

	// earlier names files that go when these come: what an earlier run wrote, and this one has no
	// more of. It is asked when no other run writes. nil: none.
	earlier func() (paths []string, err error)
	removed int // of those
}

type output struct {
	path   string
	temp   *os.File
	signed bool // a signature comes beside it
}

// open makes the temporary files, so that an unwritable place shows before any request is sent.
func (o *outputs) open(paths []string) error {
	if err := o.signable(paths); err != nil {
		return usage(err)
	}
	if err := o.begin(paths); err != nil {
		return err
	}
	for _, out := range o.files[len(o.files)-len(paths):] {
		out.signed = o.signer != nil
	}
	return nil
}

// begin makes temporary files of which none is signed.
func (o *outputs) begin(paths []string) error {
	for _, path := range paths {
		if err := o.spare(path); err != nil {
			return usage(err)
		}
		if err := replaceable(path); err != nil {
			return err
		}
		if err := o.create(path); err != nil {
			var of *fs.PathError // the temporary file, of which nobody knows
			if errors.As(err, &of) {
				err = of.Err
			}
			return fmt.Errorf("writing %s: %w", path, err)
		}
	}
	return nil
}

// streams are paths of the program's own standard output and error: nothing can be put in their
// place, and what they lead to is not ours to replace.
var streams = []string{
	"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2",
}

// isStream reports whether a path is one of those.
func isStream(path string) bool { return slices.Contains(streams, filepath.Clean(path)) }

// replaceable refuses a target that is no file. A link is replaced, unless it leads to a device, a
// pipe, a stream or a folder.
func replaceable(path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() || isStream(path) {
		return fmt.Errorf("writing %s: not a regular file", path)
	}
	return nil
}

// write fills the i-th file.
func (o *outputs) write(i int, write func(io.Writer) error) error {
	out := o.files[i]
	buffered := bufio.NewWriterSize(out.temp, 1<<16)
	err := write(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if err == nil {
		err = out.temp.Sync()
	}
	if closeErr := out.temp.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", out.path, err)
	}
	return nil
}

// add opens and fills one more file, which is not signed.
func (o *outputs) add(path string, write func(io.Writer) error) error {
	if err := o.begin([]string{path}); err != nil {
		return err
	}
	return o.write(len(o.files)-1, write)
}

// commit puts all files in their places, unless ctx has ended. Of two runs at once, one comes
// after the other: the files of both are never mixed.
func (o *outputs) commit(ctx context.Context) error {
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
	for _, out := range o.files { // before the first is replaced: an audit takes its time
		if err := errors.Join(o.spare(out.path), replaceable(out.path)); err != nil {
			return err
		}
	}
	outdated, err := o.outdated()
	if err != nil {
		return err
	}
	o.committed = true
	if err := o.removeSignatures(); err != nil {
		return err
	}
	for _, out := range o.files {
		if err := os.Rename(out.temp.Name(), out.path); err != nil {
			return fmt.Errorf("writing %s: %w", out.path, err)
		}
	}
	o.clear()
	for _, path := range outdated {
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("removing %s, which an earlier run wrote: %w", path, err)
		}
		o.removed++
	}
	for _, folder := range folders {
		if err := syncDir(folder); err != nil {
			return fmt.Errorf("writing files in %s: %w", folder, err)
		}
	}
	return nil
}

// outdated gives the files to be removed: never one that is being written.
func (o *outputs) outdated() ([]string, error) {
	if o.earlier == nil {
		return nil, nil
	}
	written := map[string]bool{}
	for _, out := range o.files {
		written[resolved(out.path)] = true
	}
	paths, err := o.earlier()
	return slices.DeleteFunc(paths, func(path string) bool { return written[resolved(path)] }), err
}

// folders gives each folder that is written to once, in the same order in every run: of two runs,
// none waits for one that waits for it.
func (o *outputs) folders() []string {
	var folders []string
	for _, out := range o.files {
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

// discard removes what was not committed, and lets nothing more be opened.
func (o *outputs) discard() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.discarded = true
	for _, out := range o.files {
		_ = out.temp.Close()           // again, if it was written
		_ = os.Remove(out.temp.Name()) // gone, if it was renamed
	}
	for _, locked := range o.locks {
		_ = locked.Close() // only locked
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
