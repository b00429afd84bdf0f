// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A file that is being written is called ".NAME.RUN-*.tmp", where RUN is the same for all of a
// run. A run that is killed leaves such files behind. The next one that writes the same file
// removes them, and has to tell them from those of a run that works at the same time: that one
// holds a lock on the first file that it made in a folder.
const (
	temporaryMark = "."
	temporaryRun  = "-"
	temporaryEnd  = ".tmp"
)

// create makes one temporary file. A command that was left behind may come too late for that.
func (o *Files) create(path string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.discarded {
		return os.ErrClosed
	}
	temp, err := o.temporary(path)
	if err != nil {
		return err
	}
	o.Files = append(o.Files, &output{path: path, temp: temp})
	return nil
}

// replace makes a temporary file that is written in place of another one, which stays for now.
func (o *Files) replace(out *output) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.discarded {
		return os.ErrClosed
	}
	temp, err := o.temporary(out.path)
	if err != nil {
		return err
	}
	out.temp, out.former = temp, out.temp
	folder := filepath.Dir(out.path)
	if locked := lockFile(temp.Name()); locked != nil { // the other one may be the one that is
		_ = o.locks[folder].Close()
		o.locks[folder] = locked
	}
	return nil
}

// temporary makes the file that becomes path, and locks it if it is the run's first in its folder.
func (o *Files) temporary(path string) (*os.File, error) {
	const attempts = 3 // a run that clears up may be faster than our lock
	if o.run == "" {
		o.run = rand.Text()[:10]
	}
	folder := filepath.Dir(path)
	pattern := temporaryMark + filepath.Base(path) + "." + o.run + temporaryRun + "*" + temporaryEnd
	for attempt := 1; ; attempt++ {
		temp, err := os.CreateTemp(folder, pattern)
		if err != nil || o.locks[folder] != nil {
			return temp, err
		}
		locked := lockFile(temp.Name())
		if locked == nil && attempt < attempts && canLock {
			_ = temp.Close()
			_ = os.Remove(temp.Name())
			continue
		}
		if o.locks == nil {
			o.locks = map[string]*os.File{}
		}
		o.locks[folder] = locked
		return temp, nil
	}
}

// clear removes what runs that were killed have left of the files. What cannot be looked at,
// locked or removed is left alone: it harms nobody. Other runs have to be locked out of the
// folders, for one that puts its files into their places has given up its first.
func (o *Files) clear() {
	folders := map[string][]string{} // names that are written
	for _, out := range o.Files {
		folder, name := filepath.Split(out.path)
		folders[folder] = append(folders[folder], name)
	}
	for folder, names := range folders {
		entries, err := os.ReadDir(filepath.Clean(folder))
		if err != nil {
			continue
		}
		for _, entry := range entries {
			name, run := temporaryOf(entry.Name())
			if len(run) == len(o.run) && run != o.run && slices.Contains(names, name) &&
				!works(folder, run, entries) {
				_ = os.Remove(filepath.Join(folder, entry.Name()))
			}
		}
	}
}

// temporaryOf returns which file a temporary one becomes, and in which run; "" of other files.
func temporaryOf(file string) (name, run string) {
	rest, marked := strings.CutPrefix(file, temporaryMark)
	rest, made := strings.CutSuffix(rest, temporaryEnd)
	end := strings.LastIndex(rest, temporaryRun)
	if !marked || !made || end < 0 {
		return "", ""
	}
	rest = rest[:end]
	dot := max(strings.LastIndex(rest, "."), 0)
	return rest[:dot], strings.TrimPrefix(rest[dot:], ".")
}

// works reports whether a run still holds one of its files in a folder.
func works(folder, run string, entries []os.DirEntry) bool {
	for _, entry := range entries {
		if _, of := temporaryOf(entry.Name()); of != run {
			continue
		}
		locked := lockFile(filepath.Join(folder, entry.Name()))
		if locked == nil {
			return true
		}
		_ = locked.Close() // only locked
	}
	return false
}
