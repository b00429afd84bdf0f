// SPDX-License-Identifier: Apache-2.0

package ui

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

// Files are files that come into being together: all of them are written beside their targets
// first, and renamed only when all are whole. Readable by the owner alone: they name people.
type Files struct {
	mu        sync.Mutex // an interruption discards from another goroutine
	Files     []*output
	Committed bool
	whole     bool // all stand in their places
	discarded bool // no more can be opened

	run   string              // names what this run writes
	locks map[string]*os.File // by folder
	Read  []string            // files that the command reads or keeps: none is replaced

	Signer *signer // of the files that are opened at first; nil: none is signed

	// Unchanged says why nothing may be put into its place: what was read to be written anew is
	// another's by now. It is asked when no other run writes. nil: nothing was.
	Unchanged func() error

	// earlier names files that go when these come: what an earlier run wrote, and this one has no
	// more of. It is asked when no other run writes. nil: none.
	Earlier func() (paths []string, err error)
	Removed int // of those
}

type output struct {
	path   string
	temp   *os.File
	former *os.File // what it is written in place of; nil: nothing
	signed bool     // a signature comes beside it
}

// Open makes the temporary files, so that an unwritable place shows before any request is sent.
func (o *Files) Open(paths []string) error {
	if err := o.signable(paths); err != nil {
		return Usage(err)
	}
	if err := o.begin(paths); err != nil {
		return err
	}
	for _, out := range o.Files[len(o.Files)-len(paths):] {
		out.signed = o.Signer != nil
	}
	return nil
}

// begin makes temporary files of which none is signed.
func (o *Files) begin(paths []string) error {
	for _, path := range paths {
		if err := o.spare(path); err != nil {
			return Usage(err)
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

// IsStream reports whether a path is one of those.
func IsStream(path string) bool { return slices.Contains(streams, filepath.Clean(path)) }

// replaceable refuses a target that is no file. A link is replaced, unless it leads to a device, a
// pipe, a stream or a folder.
func replaceable(path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() || IsStream(path) {
		return fmt.Errorf("writing %s: not a regular file", path)
	}
	return nil
}

// Write fills the i-th file.
func (o *Files) Write(i int, write func(io.Writer) error) error {
	out := o.Files[i]
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

// Rewrite fills the i-th file anew, and leaves it as it was where that cannot be done.
func (o *Files) Rewrite(i int, write func(io.Writer) error) error {
	out := o.Files[i]
	if err := o.replace(out); err != nil {
		return fmt.Errorf("writing %s: %w", out.path, err)
	}
	err := o.Write(i, write)
	o.mu.Lock()
	defer o.mu.Unlock()
	if err != nil {
		out.temp, out.former = out.former, out.temp
	}
	_ = os.Remove(out.former.Name()) // what is left of it harms nobody
	return err
}

// Add opens and fills one more file, which is not signed.
func (o *Files) Add(path string, write func(io.Writer) error) error {
	if err := o.begin([]string{path}); err != nil {
		return err
	}
	return o.Write(len(o.Files)-1, write)
}

// Save writes one file: whole, or not at all. Its error ends the program by the code for that.
func (o *Files) Save(ctx context.Context, path string, write func(io.Writer) error) error {
	defer o.Discard()
	err := o.Open([]string{path})
	if err == nil {
		err = o.Write(len(o.Files)-1, write)
	}
	if err == nil {
		err = o.Commit(ctx)
	}
	if err != nil {
		return Failed(err)
	}
	return nil
}

// Discard removes what was not committed, and lets nothing more be opened.
func (o *Files) Discard() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.discarded = true
	for _, out := range o.Files {
		_ = out.temp.Close()           // again, if it was written
		_ = os.Remove(out.temp.Name()) // gone, if it was renamed
		if out.former != nil {
			_ = os.Remove(out.former.Name())
		}
	}
	for _, locked := range o.locks {
		_ = locked.Close() // only locked
	}
}
